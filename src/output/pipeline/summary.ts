import type { CurvePoint } from '../../upgrade/curve.ts';
import { chartLines } from '../chart.ts';
import type { EventOf } from '../event-text.ts';
import { endingOf, type Told } from '../outcome-text.ts';
import { paletteOf } from '../palette.ts';
import { capitalized } from '../wording.ts';

const CHART_COLUMNS = 90;

/** The end of a run as a page of Markdown: how it went as a picture of the pods, what held it up, and what to do now. */
export const summaryPage = (
  { outcome, summary, exitCode }: EventOf<'ended'>,
  told: Told,
  curve: readonly CurvePoint[],
  floor: number,
): string => {
  const { name, namespace } = told.upgrade;
  const ending = endingOf(outcome, summary, { ...told, exitCode });
  const chart = chartLines(curve, { columns: CHART_COLUMNS, glyphs: told.glyphs, palette: paletteOf(false), floor });
  const soFar = ending.soFar === undefined ? [] : [`So far: ${ending.soFar}.`];
  return [
    `## ${escaped(name)} in ${escaped(namespace)}: ${escaped(ending.title)}`,
    escaped(capitalized(`${ending.what}.`)),
    ...ending.causes.map((cause) => `- ${escaped(cause)}`),
    ...soFar.map(escaped),
    ...(curve.length < 2 ? [] : [fenced(chart)]),
    ...(ending.next.length === 0
      ? []
      : [
          'Next:',
          fenced(
            ending.next.map(({ why, command }) => `${command}  # ${why}`),
            'sh',
          ),
        ]),
    '',
  ].join('\n\n');
};

export const fenced = (lines: readonly string[], language = 'text'): string =>
  ['```' + language, ...lines, '```'].join('\n');

/** What others wrote must not become markup. */
const escaped = (text: string): string => text.replaceAll(/[\\`*_{}[\]<>#|~&]/g, '\\$&');
