import { columnsOf } from './chart.ts';
import type { Glyphs } from './glyphs.ts';
import { type Line, lineWidth, span } from './line.ts';
import { GAP, NAME_WIDTH, NARROWEST_BAR, WIDEST_BAR } from './live-sides.ts';
import type { RunCurve } from './run-curve.ts';

/**
 * The ready pods of both sides over the whole run so far, in one line: the fewest of each span of time, between none
 * and the most that there were; the fewest and the most are named beside it. None where nothing was seen for a while yet.
 */
export const sparkLines = (
  { points, startMs = 0 }: RunCurve,
  now: number,
  width: number,
  glyphs: Glyphs,
): readonly Line[] => {
  const last = points.at(-1);
  if (last === undefined || points.length < 2) return [];
  const lowest = points.reduce((least, { ready }) => Math.min(least, ready), last.ready);
  const highest = points.reduce((most, { ready }) => Math.max(most, ready), 0);
  const words = span(lowest === highest ? `always ${lowest}` : `${lowest} to ${highest} so far`, 'dim');
  const room = Math.min(WIDEST_BAR, width - NAME_WIDTH - GAP - lineWidth([words]));
  if (room < NARROWEST_BAR) return [];
  const endMs = Math.max(last.atMs, now - startMs);
  const columns = columnsOf([...points, { ...last, atMs: endMs }], endMs, room);
  const curve = columns.map(({ ready }) => heightOf(ready, highest, glyphs.heights));
  return [[span('ready'.padEnd(NAME_WIDTH), 'accent'), span(curve.join(''), 'good'), span(' '.repeat(GAP)), words]];
};

/** A few are seen, and nearly all are not seen as all. */
const heightOf = (ready: number, highest: number, heights: Glyphs['heights']): string => {
  const top = heights.length - 1;
  const isBetween = ready > 0 && ready < highest;
  const at = isBetween ? Math.min(top - 1, Math.max(1, Math.round((ready / highest) * top))) : ready > 0 ? top : 0;
  return heights[at] ?? '';
};
