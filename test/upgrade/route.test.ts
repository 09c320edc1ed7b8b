import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { beginLeg, type Mode, type Pacing } from '../../src/upgrade/leg.ts';
import { envelope, route } from '../../src/upgrade/route.ts';

type Trace = {
  mode: Mode;
  step: number;
  main: { from: number; to: number };
  grey: { from: number; to: number };
  trace: [number, number][];
};

const traces = JSON.parse(
  readFileSync(new URL('../data/original-operator-traces.json', import.meta.url), 'utf8'),
) as Trace[];

const legOf = (mode: Mode, pacing: Pacing, step: number, main: [number, number], grey: [number, number]) =>
  beginLeg(
    { main: main[0], grey: grey[0] },
    { main: main[1], grey: grey[1] },
    { mode, pacing, step: { main: step, grey: step } },
  );

describe('the route of the original operator', () => {
  it('is what batch asks for, in all 324 of its traces', () => {
    expect(traces).toHaveLength(324);
    for (const { mode, step, main, grey, trace } of traces) {
      const leg = legOf(mode, 'batch', step, [main.from, main.to], [grey.from, grey.to]);
      const { waypoints, arrives } = route(leg);
      expect(waypoints.map((at) => [at.main, at.grey])).toEqual(trace);
      expect(arrives).toBe(true);
    }
  });
});

describe('the envelope', () => {
  it.each([
    ['scaleOutPriority', 30, 33],
    ['scaleInPriority', 27, 30],
    ['scaleSimultaneously', 27, 33],
  ] as const)('of %s, 30 → 0 / 0 → 30, step 3, is ready ≥ %i and existing ≤ %i', (mode, minReady, maxExisting) => {
    expect(envelope(legOf(mode, 'window', 3, [30, 0], [0, 30]))).toEqual({ minReady, maxExisting });
  });
});

describe('limits on the route', () => {
  it('leave a leg that keeps to them as it is', () => {
    const leg = legOf('scaleOutPriority', 'batch', 3, [30, 0], [0, 30]);
    expect(route(leg, { minReady: 30, maxPods: 33 })).toEqual(route(leg));
  });

  it('that a leg cannot keep end its route short of the targets, and are named', () => {
    const leg = legOf('scaleOutPriority', 'batch', 3, [30, 0], [0, 30]);
    expect(route(leg, { maxPods: 30 })).toEqual({
      waypoints: [{ main: 30, grey: 0 }],
      arrives: false,
      blockedBy: 'maxPods',
    });
    const inFirst = legOf('scaleInPriority', 'batch', 3, [30, 0], [0, 30]);
    expect(route(inFirst, { minReady: 30 })).toEqual({
      waypoints: [{ main: 30, grey: 0 }],
      arrives: false,
      blockedBy: 'minReady',
    });
  });

  it('make the steps smaller where a smaller one keeps them', () => {
    const leg = legOf('scaleOutPriority', 'window', 3, [4, 0], [0, 4]);
    expect(route(leg, { maxPods: 6 }).waypoints).toEqual([
      { main: 4, grey: 0 },
      { main: 4, grey: 2 },
      { main: 2, grey: 2 },
      { main: 2, grey: 4 },
      { main: 0, grey: 4 },
    ]);
  });
});
