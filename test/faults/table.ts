/** What a kind of fault did to a number of upgrades. */
export interface Row {
  readonly fault: string;
  readonly injected: number;
  readonly upgrades: number;
  readonly violations: number;
  readonly wrongWrites: number;
  readonly wrongEnds: number;
  /** How long each recovery took. */
  readonly recoveriesMs: readonly number[];
}

const HEAD = [
  'fault',
  'injected',
  'upgrades',
  'violations',
  'lost or doubled writes',
  'wrong ends',
  'recovered: median',
  'worst',
];

/** A table in Markdown. */
export const tableOf = (rows: readonly Row[]): string => {
  const cells = rows.map(({ fault, recoveriesMs, ...counts }) => [
    fault,
    ...[counts.injected, counts.upgrades, counts.violations, counts.wrongWrites, counts.wrongEnds].map(String),
    seconds(quantile(recoveriesMs, 0.5)),
    seconds(quantile(recoveriesMs, 1)),
  ]);
  const lines = [HEAD, HEAD.map((_, column) => (column === 0 ? '---' : '--:')), ...cells];
  return lines.map((line) => `| ${line.join(' | ')} |\n`).join('');
};

const quantile = (values: readonly number[], share: number): number | undefined => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
};

const seconds = (ms: number | undefined): string => (ms === undefined ? '' : `${(ms / 1000).toFixed(1)} s`);
