import { writeFileSync } from 'node:fs';

/** Something that was measured; `goal` is the most that it may be. */
export type Figure = {
  readonly what: string;
  readonly measured: number;
  /** Left out of a ratio. */
  readonly unit?: string;
  readonly goal?: number | undefined;
};

/** What a benchmark found. The details are for who reads the file. */
export type Findings = {
  readonly title: string;
  readonly figures: readonly Figure[];
  readonly details: unknown;
};

/** An option of every benchmark: a file for the same as JSON. */
export const JSON_FILE = { json: { type: 'string' } } as const;

export const isMissed = ({ measured, goal }: Figure): boolean => goal !== undefined && measured > goal;

/**
 * Shows what was found, with the goal beside each figure, and writes it into the file that `--json` names. Throws then where
 * something was not measured, since what is no number is not above its goal.
 */
export const report = (findings: Findings, file: string | undefined): void => {
  process.stdout.write(`${[findings.title, ...rowsOf(findings.figures)].join('\n')}\n`);
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(findings, undefined, 2)}\n`);
  const unknown = findings.figures.filter(({ measured, goal = 0 }) => !Number.isFinite(measured + goal));
  if (unknown.length > 0) throw new Error(`not measured: ${unknown.map(({ what }) => what).join('; ')}`);
};

/** A line for each, in columns. */
export const rowsOf = (figures: readonly Figure[]): readonly string[] => {
  const width = Math.max(...figures.map(({ what }) => what.length));
  const measuredWidth = Math.max(...figures.map((figure) => measuredOf(figure).length));
  return figures.map((figure) =>
    `  ${figure.what.padEnd(width)}  ${measuredOf(figure).padStart(measuredWidth)}  ${goalOf(figure)}`.trimEnd(),
  );
};

const measuredOf = ({ measured, unit }: Figure): string => withUnit(measured, unit);

const goalOf = (figure: Figure): string => {
  const { goal, unit } = figure;
  if (goal === undefined) return '';
  return `goal: at most ${withUnit(goal, unit)}${isMissed(figure) ? ' - MISSED' : ''}`;
};

/** With five digits that count, as the ratio of a makespan needs them: 1.0012, 12.31, 1523. */
const withUnit = (value: number, unit: string | undefined): string => {
  const number = Number(Math.abs(value) < 100 ? value.toPrecision(5) : value.toFixed(0));
  return unit === undefined ? String(number) : `${number} ${unit}`;
};
