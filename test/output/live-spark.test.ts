import { describe, expect, it } from 'vitest';
import { glyphsOf } from '../../src/output/glyphs.ts';
import { sparkLines } from '../../src/output/live-spark.ts';
import { EMPTY_CURVE, extended, MOST_POINTS, type RunCurve } from '../../src/output/run-curve.ts';
import { after, EVENTS, START, standing } from './samples.ts';

const seen = (curve: RunCurve, seconds: number, ready: number): RunCurve =>
  extended(curve, { at: after(seconds), type: 'observed', standing: standing([ready, ready, 0], [0, 0, 0]) });

const curveOf = (...looks: readonly (readonly [seconds: number, ready: number])[]): RunCurve =>
  looks.reduce((curve, [seconds, ready]) => seen(curve, seconds, ready), extended(EMPTY_CURVE, EVENTS.started));

const textOf = (curve: RunCurve, seconds: number, width = 40, unicode = true): string | undefined =>
  sparkLines(curve, after(seconds), width, glyphsOf(unicode))[0]
    ?.map(({ text }) => text)
    .join('');

describe('the sparkline of ready pods', () => {
  it('shows the whole run up to now, between none and the most', () => {
    const curve = curveOf([0, 10], [4, 8], [10, 4], [15, 12]);
    expect(textOf(curve, 20, 40)).toBe('ready ▇▇▇▆▆▆▆▆▃▃▃▃▃▃████  4 to 12 so far');
    expect(textOf(curve, 20, 40, false)).toBe('ready ========......^^^^  4 to 12 so far');
  });

  it('shows a dip that is shorter than a column', () => {
    expect(textOf(curveOf([0, 10], [48, 3], [48.1, 10]), 100)).toMatch(/^ready █+▃█+ {2}3 to 10 so far$/);
  });

  it('never shows some as none, or nearly all as all', () => {
    expect(textOf(curveOf([0, 0], [4, 1], [8, 999], [12, 1000]), 16, 34)).toBe('ready ▁▁▁▂▂▇▇▇██  0 to 1000 so far');
  });

  it('says so where it never changed, and nothing before two looks or without room', () => {
    expect(textOf(curveOf([0, 10], [5, 10]), 10, 30)).toBe('ready █████████████  always 10');
    expect(textOf(curveOf([0, 10]), 10)).toBeUndefined();
    expect(textOf(curveOf([0, 10], [5, 10]), 10, 20)).toBeUndefined();
  });
});

describe('the curve of a run', () => {
  it('is bounded, and loses no dip and not its start', () => {
    let curve = curveOf([0, 10]);
    for (let second = 1; second <= 3 * MOST_POINTS; second += 1) curve = seen(curve, second, second === 1234 ? 2 : 10);
    expect(curve.points.length).toBeLessThanOrEqual(MOST_POINTS);
    expect(Math.min(...curve.points.map(({ ready }) => ready))).toBe(2);
    expect(curve).toMatchObject({ startMs: START, floor: 30 });
    expect(curve.points.at(-1)).toMatchObject({ atMs: 3 * MOST_POINTS * 1000, main: 10 });
  });

  it('ends with the run', () => {
    const { points } = extended(curveOf([0, 10], [5, 9]), EVENTS.ended);
    expect(points.at(-1)).toMatchObject({ atMs: 724_000, ready: 9 });
  });
});
