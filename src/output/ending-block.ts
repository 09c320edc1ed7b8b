import type { Outcome } from '../upgrade/outcome.ts';
import type { EventOf } from './event-text.ts';
import type { Glyphs } from './glyphs.ts';
import { type Ending, endingOf, type Told } from './outcome-text.ts';
import { paintLine, paragraph } from './line.ts';
import type { Palette, Style } from './palette.ts';
import type { NextStep } from './next-step.ts';
import { capitalized } from './wording.ts';

/** The end of a run as it stays behind in a terminal: whole, so that commands can be copied. */
export const endingBlock = (event: EventOf<'ended'>, to: Told, palette: Palette, columns: number): string => {
  const ending = endingOf(event.outcome, event.summary, { ...to, exitCode: event.exitCode });
  const { sign, style } = moodOf(event.outcome, to.glyphs);
  const [first, ...rest] = paragraph(`${sign} ${ending.title}: ${ending.what}`, columns, 'plain');
  const details = detailsOf(ending).flatMap((text) => paragraph(text, columns - 2, 'plain'));
  const lines = [
    ...rest.map((line) => paintLine(line, palette)),
    ...details.map((line) => `  ${paintLine(line, palette)}`),
    ...(ending.next.length === 0 ? [] : ['Next:']),
    ...nextStepLines(ending.next, palette, columns - 2).map((line) => `  ${line}`),
  ];
  return `${[paintLine(first ?? [], { ...palette, plain: palette[style] }), ...lines].join('\n')}\n`;
};

export const moodOf = ({ kind }: Outcome, glyphs: Glyphs): { readonly sign: string; readonly style: Style } => {
  if (kind === 'reached') return { sign: glyphs.good, style: 'good' };
  if (kind === 'held' || kind === 'aborted' || kind === 'rolled-back' || kind === 'interrupted')
    return { sign: glyphs.neutral, style: 'warn' };
  return { sign: glyphs.bad, style: 'bad' };
};

const detailsOf = ({ causes, soFar, left }: Ending): readonly string[] => [
  ...causes,
  ...(soFar === undefined ? [] : [`So far: ${soFar}`]),
  ...(left === undefined ? [] : [capitalized(`${left}.`)]),
];

/** `dupgrade resume web -n shop   # go on`: a shell takes the whole line. What it is for stands in a column if there is room. */
export const nextStepLines = (steps: readonly NextStep[], palette: Palette, columns: number): readonly string[] => {
  const commandWidth = Math.max(...steps.map(({ command }) => command.length));
  const whyWidth = Math.max(...steps.map(({ why }) => why.length));
  const padding = commandWidth + GAP.length + whyWidth <= columns ? commandWidth : 0;
  return steps.map(
    ({ why, command }) =>
      `${palette.accent(command)}${' '.repeat(Math.max(0, padding - command.length))}${palette.dim(`${GAP}${why}`)}`,
  );
};

const GAP = '  # ';
