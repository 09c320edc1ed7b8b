import { describe, expect, it } from 'vitest';
import { forecast, type PodTimes } from '../../src/upgrade/forecast.ts';
import { beginLeg, type Leg, MODES, type Mode, PACINGS, type Pacing } from '../../src/upgrade/leg.ts';
import { envelope, route } from '../../src/upgrade/route.ts';
import { perSide } from '../../src/upgrade/side.ts';

const legOf = (mode: Mode, pacing: Pacing, step: number, replicas = 30): Leg =>
  beginLeg({ main: replicas, grey: 0 }, { main: 0, grey: replicas }, { mode, pacing, step: perSide(() => step) });

const times = (readyMs: number, goneMs: number): PodTimes => ({
  readyMs: perSide(() => readyMs),
  goneMs: perSide(() => goneMs),
});

const MINUTE = times(60_000, 10_000);

const SIZES = [
  [30, 30, 3],
  [10, 25, 4],
  [25, 10, 7],
  [5, 0, 2],
] as const;

describe('the forecast of 30 → 0 / 0 → 30, step 3, 1 min to ready and 10 s to go', () => {
  it.each([
    ['scaleOutPriority', 700_000, 30, 33],
    ['scaleInPriority', 700_000, 27, 30],
    ['scaleSimultaneously', 600_000, 27, 33],
  ] as const)('in %s takes %i ms, with at least %i ready and at most %i pods', (mode, durationMs, lowest, highest) => {
    for (const pacing of PACINGS) {
      const { lowestReady, highestExisting, ...rest } = forecast(legOf(mode, pacing, 3), MINUTE);
      expect(rest).toMatchObject({ durationMs, arrives: true });
      expect([lowestReady, highestExisting]).toEqual([lowest, highest]);
    }
  });

  it('begins with a step that is ready after a minute and makes room ten seconds later', () => {
    const { waypoints, curve } = forecast(legOf('scaleOutPriority', 'batch', 3), MINUTE);
    expect(waypoints.slice(0, 4)).toEqual([
      { atMs: 0, main: 30, grey: 0 },
      { atMs: 0, main: 30, grey: 3 },
      { atMs: 60_000, main: 27, grey: 3 },
      { atMs: 70_000, main: 27, grey: 6 },
    ]);
    expect(curve.slice(0, 6)).toEqual([
      { atMs: 0, main: 30, grey: 0, ready: 30, existing: 30 },
      { atMs: 0, main: 30, grey: 0, ready: 30, existing: 33 },
      { atMs: 60_000, main: 30, grey: 3, ready: 33, existing: 33 },
      { atMs: 60_000, main: 27, grey: 3, ready: 30, existing: 33 },
      { atMs: 70_000, main: 27, grey: 3, ready: 30, existing: 30 },
      { atMs: 70_000, main: 27, grey: 3, ready: 30, existing: 33 },
    ]);
    expect(curve.at(-1)).toEqual({ atMs: 700_000, main: 0, grey: 30, ready: 30, existing: 30 });
  });
});

describe('a forecast', () => {
  it('decides what the route says, whatever the times, and keeps the envelope', () => {
    for (const mode of MODES) {
      for (const pacing of PACINGS) {
        for (const [main, grey, step] of SIZES) {
          for (const each of [MINUTE, times(5, 70), times(1, 1)]) {
            const way = { mode, pacing, step: perSide(() => step) };
            const leg = beginLeg({ main, grey: 0 }, { main: 0, grey }, way);
            const { waypoints, lowestReady, highestExisting } = forecast(leg, each);
            expect(waypoints.map((at) => ({ main: at.main, grey: at.grey }))).toEqual(route(leg).waypoints);
            const { minReady, maxExisting } = envelope(leg);
            expect(lowestReady).toBeGreaterThanOrEqual(minReady);
            expect(highestExisting).toBeLessThanOrEqual(maxExisting);
          }
        }
      }
    }
  });

  it('keeps limits, and says where they end it', () => {
    const leg = legOf('scaleOutPriority', 'window', 3);
    expect(forecast(leg, MINUTE, { maxPods: 31 })).toMatchObject({
      arrives: true,
      highestExisting: 31,
      lowestReady: 30,
    });
    expect(forecast(leg, MINUTE, { maxPods: 30 })).toMatchObject({ arrives: false, durationMs: 0, lowestReady: 30 });
  });

  it('does not wait for removed pods with TerminationStarted, and still counts them as pods', () => {
    const leg = legOf('scaleInPriority', 'batch', 3);
    const slowToGo = times(60_000, 90_000);
    expect(forecast(leg, slowToGo)).toMatchObject({ durationMs: 1_500_000, highestExisting: 30 });
    // Every 60 s three more are removed and three more are made; those of two removals are on their way out.
    expect(forecast(leg, slowToGo, {}, 'TerminationStarted')).toMatchObject({
      durationMs: 600_000,
      lowestReady: 27,
      highestExisting: 36,
    });
  });

  it('takes each side’s own times', () => {
    const leg = legOf('scaleOutPriority', 'batch', 30);
    const own = { readyMs: { main: 1, grey: 480_000 }, goneMs: { main: 30_000, grey: 1 } };
    expect(forecast(leg, own).durationMs).toBe(510_000);
  });

  it('of a leg that is there already takes no time', () => {
    const leg = beginLeg({ main: 0, grey: 30 }, { main: 0, grey: 30 }, legOf('scaleOutPriority', 'batch', 3));
    expect(forecast(leg, MINUTE)).toMatchObject({ durationMs: 0, arrives: true, lowestReady: 30, highestExisting: 30 });
  });

  it('of 10,000 replicas takes one turn for a decision, not for a pod', () => {
    const { waypoints, curve, durationMs } = forecast(legOf('scaleOutPriority', 'window', 100, 10_000), MINUTE);
    expect(waypoints).toHaveLength(201);
    expect(curve).toHaveLength(401);
    expect(durationMs).toBe(7_000_000);
  });
});
