import { type Outcome, reasonOf } from '../../upgrade/outcome.ts';
import type { Result } from '../../upgrade/result.ts';
import { SIDES, type Side } from '../../upgrade/side.ts';
import { nextStepLines } from '../ending-block.ts';
import { type Glyphs, glyphsOf } from '../glyphs.ts';
import { tableText } from '../list-text.ts';
import * as next from '../next-step.ts';
import { endingMessage, endingOf, OUTCOME_TITLES, outcomeTitle } from '../outcome-text.ts';
import { type Palette, paletteOf } from '../palette.ts';
import { printableJson, printableValue } from '../printable.ts';
import { fenced } from '../pipeline/summary.ts';
import type { ViewKind } from '../view.ts';
import { countText, durationText, listText, type Program, type UpgradeName } from '../wording.ts';
import type { ManyContext } from './view.ts';

export type SumUpFrame = {
  readonly program: Program;
  readonly labels: ReadonlyMap<UpgradeName, string>;
  readonly glyphs: Glyphs;
  readonly palette: Palette;
  readonly columns: number;
};

/** What is told when all that were begun have ended: as one object with `-o json`, else as a table. */
export const sumUpOf =
  (kind: ViewKind, context: ManyContext, labels: SumUpFrame['labels']) =>
  (results: readonly Result[], exitCode: number): void => {
    const { terminal, program, now } = context;
    if (kind === 'json') {
      const event = finishedJson(results, exitCode, { program, now: now() });
      terminal.out.write(`${printableJson(event)}\n`);
      return;
    }
    const glyphs = glyphsOf(terminal.unicode);
    const palette = paletteOf(terminal.color);
    const frame = { program, labels, glyphs, columns: terminal.columns() };
    terminal.out.write(renderSumUp(results, exitCode, { ...frame, palette }));
    const page = renderSumUp(results, exitCode, { ...frame, palette: paletteOf(false), columns: 120 });
    context.summarize?.(`## ${countText(results.length, 'upgrade')}\n\n${fenced(page.trimEnd().split('\n'))}\n`);
  };

/** A row for each upgrade, how many ended how, and for each that has not arrived what to do. */
export const renderSumUp = (given: readonly Result[], exitCode: number, frame: SumUpFrame): string => {
  const results = given.map(
    (result): Shown => ({
      ...printableValue(result),
      label: frame.labels.get(result.upgrade) ?? result.upgrade.name,
    }),
  );
  const rows = results.map((result) => cellsOf(result, frame.glyphs));
  const steps = results.flatMap((result) => nextOf(result, frame) ?? []);
  const counts = countsText(results);
  return [
    tableText([['UPGRADE', 'OUTCOME', 'EXIT', 'TOOK', 'MAIN', 'GREY'], ...rows]),
    `\n${counts}; exit code ${exitCode}\n`,
    ...(steps.length === 0 ? [] : ['Next:\n']),
    ...(steps.length === 0 ? [] : nextStepLines(steps, frame.palette, frame.columns - 2).map((line) => `  ${line}\n`)),
  ].join('');
};

type Shown = Result & { readonly label: string };

const cellsOf = (result: Shown, glyphs: Glyphs): readonly string[] => {
  if (result.kind === 'not-begun') return [result.label, titleOf(result), '-', '-', '-', '-'];
  return [
    result.label,
    titleOf(result),
    String(result.exitCode),
    durationText(result.durationMs),
    ...SIDES.map((side) => sideCell(result, side, glyphs)),
  ];
};

/** `27/27→0`: ready, asked, target. */
const sideCell = (result: Shown, side: Side, { arrow }: Glyphs): string => {
  const seen = result.kind === 'ran' ? result.standing?.sides[side] : undefined;
  return seen === undefined ? '-' : `${seen.ready}/${seen.asked}${arrow}${seen.target}`;
};

/** How it ended in a word or two. */
export const titleOf = (result: Result): string => {
  switch (result.kind) {
    case 'ran':
      return outcomeTitle(result.outcome.kind, reasonOf(result.outcome));
    case 'failed':
      return FAILED_TITLES[result.exitCode] ?? 'a fault of dupgrade';
    case 'not-begun':
      return 'not begun';
  }
};

const FAILED_TITLES: Readonly<Record<number, string>> = {
  2: 'refused',
  3: 'refused',
  7: OUTCOME_TITLES.unreachable,
  8: OUTCOME_TITLES.locked,
};

/** `6 done, 1 stuck and 1 not begun`. */
const countsText = (results: readonly Result[]): string => {
  const titles = results.map((result) =>
    result.kind === 'ran' ? OUTCOME_TITLES[result.outcome.kind] : titleOf(result),
  );
  return listText([...new Set(titles)].map((title) => `${titles.filter((each) => each === title).length} ${title}`));
};

/** The likeliest thing to do for an upgrade that has not arrived. */
const nextOf = (
  result: Shown,
  { program, glyphs }: Pick<SumUpFrame, 'program' | 'glyphs'>,
): next.NextStep | undefined => {
  const step = stepOf(result, { program, upgrade: result.upgrade, glyphs });
  return step && { ...step, why: `${result.label}: ${step.why}` };
};

const stepOf = (result: Result, to: next.Addressee & { readonly glyphs: Glyphs }): next.NextStep | undefined => {
  switch (result.kind) {
    case 'ran':
      return endingOf(result.outcome, result.summary, to).next[0];
    case 'failed':
      if (result.exitCode === 8) return next.look(to);
      return result.exitCode === 3 ? next.checkFile(result.file)(to) : next.startFile('try again', result.file)(to);
    case 'not-begun':
      return next.startFile('begin it', result.file)(to);
  }
};

/** The last object of `-o json`. The fields are described in docs/json-output.md. */
export const finishedJson = (
  results: readonly Result[],
  exitCode: number,
  { program, now }: { readonly program: Program; readonly now: number },
): object => ({
  type: 'finished',
  time: new Date(now).toISOString(),
  exitCode,
  upgrades: results.map((result) => {
    const { upgrade, file, kind } = result;
    const to = { program, upgrade, glyphs: glyphsOf(true) };
    const head = { upgrade: upgrade.name, namespace: upgrade.namespace, file, result: kind };
    const step = stepOf(result, to)?.command;
    return { ...head, ...fieldsOf(result, to), ...(step !== undefined && { next: step }) };
  }),
});

const fieldsOf = (result: Result, to: Parameters<typeof stepOf>[1]): object => {
  switch (result.kind) {
    case 'ran': {
      const { outcome, summary, exitCode, durationMs, standing } = result;
      const message = endingMessage(endingOf(outcome, summary, to));
      const reason = reasonOf(outcome);
      const how: { outcome: Outcome['kind'] } = { outcome: outcome.kind };
      return {
        ...how,
        ...(reason && { reason }),
        exitCode,
        message,
        durationMs,
        ...(standing && { sides: standing.sides }),
      };
    }
    case 'failed': {
      const { exitCode, message, reason, durationMs } = result;
      return { exitCode, message, ...(reason && { reason }), durationMs };
    }
    case 'not-begun':
      return {};
  }
};
