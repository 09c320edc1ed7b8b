import { durationText } from '../wording.ts';

/** Where a chart draws, in units of its own; the rest is for the words at its edges. */
export const AREA = { left: 48, right: 888, top: 12, bottom: 268, width: 900, height: 296 };

export type Scales = {
  readonly x: (ms: number) => number;
  readonly y: (count: number) => number;
  readonly endMs: number;
  readonly highest: number;
};

export const scalesOf = (endMs: number, highest: number): Scales => {
  const [span, most] = [Math.max(1, endMs), Math.max(1, highest)];
  return {
    x: (ms) => AREA.left + ((AREA.right - AREA.left) * ms) / span,
    y: (count) => AREA.bottom - ((AREA.bottom - AREA.top) * count) / most,
    endMs: span,
    highest: most,
  };
};

const MINUTE_MS = 60_000;

/** Between two marks of time, so that people can read them. */
const TIME_STEPS_MS = [
  1000,
  5000,
  10_000,
  30_000,
  ...[1, 2, 5, 10, 15, 30, 60, 120, 240, 360, 720, 1440, 2880].map((minutes) => minutes * MINUTE_MS),
];

const MOST_TIMES = 9;
const MOST_COUNTS = 6;

const timesUpTo = (endMs: number): readonly number[] => {
  const longest = TIME_STEPS_MS.at(-1) ?? endMs;
  const step =
    TIME_STEPS_MS.find((each) => endMs / each <= MOST_TIMES) ?? Math.ceil(endMs / MOST_TIMES / longest) * longest;
  return upTo(endMs, step);
};

/** Whole numbers in steps of 1, 2 or 5 times a power of ten. */
const countsUpTo = (highest: number): readonly number[] => {
  const least = highest / MOST_COUNTS;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= least) ?? least;
  return upTo(highest, Math.max(1, step));
};

const upTo = (end: number, step: number): readonly number[] =>
  Array.from({ length: Math.floor(end / step) + 1 }, (_, i) => i * step);

/** `10m`, not `10m00s`. */
const tickText = (ms: number): string => durationText(ms).replace(/(?<=[mhd])00[smh]$/, '');

/** A coordinate, to a tenth. */
export const at = (value: number): string => String(Math.round(value * 10) / 10);

export const timeAxis = ({ x, endMs }: Scales): string =>
  timesUpTo(endMs)
    .map((ms) => `<text x="${at(x(ms))}" y="${AREA.bottom + 18}" text-anchor="middle">${tickText(ms)}</text>`)
    .join('\n');

export const countAxis = ({ y, highest }: Scales): string =>
  countsUpTo(highest)
    .map(
      (count) =>
        `<line class="grid" x1="${AREA.left}" x2="${AREA.right}" y1="${at(y(count))}" y2="${at(y(count))}"/>` +
        `<text x="${AREA.left - 8}" y="${at(y(count) + 4)}" text-anchor="end">${count}</text>`,
    )
    .join('\n');
