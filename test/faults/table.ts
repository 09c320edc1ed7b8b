import type { Suffered } from './judged.ts';

/** What came of all upgrades to which one kind of thing was done. */
export interface Row {
  readonly fault: string;
  readonly ends: readonly Suffered[];
}

const HEAD = [
  'fault',
  'injected',
  'upgrades',
  'envelope broken',
  'lost or doubled writes',
  'wrong ends',
  'recovered: median',
  'worst',
];

/** A table in Markdown. */
export const tableOf = (rows: readonly Row[]): string =>
  [HEAD.join(' | '), HEAD.map((_, column) => (column === 0 ? '---' : '--:')).join(' | '), ...rows.map(lineOf)]
    .map((line) => `| ${line} |\n`)
    .join('');

/** A line of the table, without its edges. */
export const lineOf = ({ fault, ends }: Row): string => {
  const recoveriesMs = ends.flatMap((end) => end.recoveriesMs);
  const having = (wrong: (end: Suffered) => readonly string[]): number =>
    ends.filter((end) => wrong(end).length > 0).length;
  return [
    fault,
    ends.reduce((sum, { injected }) => sum + injected, 0),
    ends.length,
    having(({ violations }) => violations),
    having(({ wrongWrites }) => wrongWrites),
    having(({ wrongEnd }) => wrongEnd),
    seconds(quantile(recoveriesMs, 0.5)),
    seconds(quantile(recoveriesMs, 1)),
  ].join(' | ');
};

const quantile = (values: readonly number[], share: number): number | undefined => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
};

const seconds = (ms: number | undefined): string => (ms === undefined ? '' : `${(ms / 1000).toFixed(1)} s`);
