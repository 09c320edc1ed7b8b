import type { CurvePoint } from '../../src/upgrade/curve.ts';
import type { RehearsalReport } from '../../src/upgrade/rehearsal.ts';
import { EVENTS, LEG, UPGRADE } from './samples.ts';

const MINUTE_MS = 60_000;

const point = (minutes: number, main: number, grey: number, starting: number): CurvePoint => {
  const pods = main + grey + starting;
  return { atMs: minutes * MINUTE_MS, main, grey, ready: main + grey, pods, gpus: 8 * pods };
};

/** 30 → 0 / 0 → 30 in 100 minutes, with a dip to 25 ready for a second in the middle. */
export const CURVE: readonly CurvePoint[] = [
  ...Array.from({ length: 10 }, (_, i) => point(i * 10, 30 - 3 * i, 3 * i, 3)),
  { ...point(50, 10, 15, 8), atMs: 50 * MINUTE_MS + 1 },
  { ...point(50, 15, 15, 3), atMs: 50 * MINUTE_MS + 1001 },
  point(100, 0, 30, 0),
].toSorted((a, b) => a.atMs - b.atMs);

export const REPORT: RehearsalReport = {
  ...UPGRADE,
  deployments: EVENTS.started.deployments,
  source: 'cluster',
  mode: LEG.mode,
  pacing: LEG.pacing,
  step: LEG.step,
  from: LEG.from,
  to: LEG.to,
  limits: { minReady: 24 },
  seeds: { first: 1, count: 20 },
  failures: ['crash:5%'],
  assumptions: [
    { kind: 'ready-as-other', side: 'grey' },
    { kind: 'grace-period', ms: { main: 30_000, grey: 60_000 } },
  ],
  obstacles: [],
  floor: 30,
  ceiling: 33,
  runs: 20,
  reached: 18,
  durations: { p50Ms: 100 * MINUTE_MS, p90Ms: 110 * MINUTE_MS, worstMs: 125 * MINUTE_MS },
  lowestReady: 25,
  highestPods: 33,
  peakGpus: 264,
  shortfalls: [
    {
      end: {
        kind: 'ended',
        outcome: 'stuck',
        reason: 'crash',
        side: 'grey',
        message: 'container server exited with 137.',
      },
      runs: 2,
      seed: 7,
      counts: { main: 12, grey: 21 },
      atMs: 71 * MINUTE_MS,
    },
  ],
  example: {
    seed: 4,
    end: { kind: 'reached' },
    durationMs: 100 * MINUTE_MS,
    lowestReady: 25,
    highestPods: 33,
    peakGpus: 264,
    writes: 40,
    counts: LEG.to,
    curve: CURVE,
  },
  durationsMs: [95, 98, 100, 110, 125].map((minutes) => minutes * MINUTE_MS),
};

/** The same with other ways beside it. */
export const COMPARED: RehearsalReport = {
  ...REPORT,
  alternatives: [
    { ...REPORT },
    { ...REPORT, pacing: 'batch', blockedBy: 'minReady' },
    {
      ...REPORT,
      mode: 'scaleInPriority',
      durations: { p50Ms: 200 * MINUTE_MS, p90Ms: 210 * MINUTE_MS, worstMs: 220 * MINUTE_MS },
      reached: 20,
      lowestReady: 27,
      highestPods: 30,
      peakGpus: 240,
      shortfalls: [],
    },
    {
      ...REPORT,
      mode: 'scaleSimultaneously',
      step: { main: 1, grey: 2 },
      reached: 20,
      lowestReady: 26,
      shortfalls: [],
    },
  ],
};
