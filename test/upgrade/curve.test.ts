import { describe, expect, it } from 'vitest';
import { CURVE_LIMIT, CurveNotes, type CurvePoint } from '../../src/upgrade/curve.ts';

const pointAt = (atMs: number, main: number, change: Partial<CurvePoint> = {}): CurvePoint => ({
  atMs,
  main,
  grey: 0,
  ready: main,
  pods: main,
  gpus: main,
  ...change,
});

describe('the curve of an upgrade', () => {
  it('has a point for each change, none for what stays as it is', () => {
    const notes = new CurveNotes([]);
    for (const [atMs, main] of [
      [0, 3],
      [10, 3],
      [20, 2],
      [30, 2],
    ] as const)
      notes.note(pointAt(atMs, main));
    expect(notes.points).toEqual([pointAt(0, 3), pointAt(20, 2)]);
  });

  it('stays small however long it becomes, and loses no dip, no peak and not the end', () => {
    const notes = new CurveNotes([]);
    const dip = pointAt(0, 0, { ready: 1, pods: 99, gpus: 99 });
    for (let i = 0; i < 100_000; i += 1) notes.note({ ...(i === 41_234 ? dip : pointAt(0, 10 + (i % 2))), atMs: i });
    const { points } = notes;
    expect(points.length).toBeLessThanOrEqual(CURVE_LIMIT);
    expect(points.length).toBeGreaterThan(CURVE_LIMIT / 4);
    const near = points.findLast(({ atMs }) => atMs <= 41_234);
    expect(near).toMatchObject({ ready: 1, pods: 99, gpus: 99 });
    expect(points.at(-1)).toEqual(pointAt(99_999, 11));
    expect(points.map(({ atMs }) => atMs)).toEqual(points.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
  });

  it('goes on where an earlier run left it, and not back in time by the clock of another machine', () => {
    const notes = new CurveNotes([pointAt(0, 3), pointAt(500, 2)]);
    notes.note(pointAt(400, 1));
    expect(notes.points).toEqual([pointAt(0, 3), pointAt(500, 2), pointAt(500, 1)]);
  });

  it('gives away what later notes do not change', () => {
    const notes = new CurveNotes([]);
    notes.note(pointAt(0, 3));
    const before = notes.points;
    notes.note(pointAt(1, 2));
    expect(before).toEqual([pointAt(0, 3)]);
  });
});
