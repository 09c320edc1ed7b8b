import { describe, expect, it } from 'vitest';
import { beginLeg } from '../../src/upgrade/leg.ts';
import type { Observation } from '../../src/upgrade/observation.ts';
import { doneTotal, ProgressClock, progressedAtMs } from '../../src/upgrade/progress.ts';
import { standingOf, waitingFor } from '../../src/upgrade/standing.ts';

const leg = beginLeg(
  { main: 10, grey: 0 },
  { main: 0, grey: 10 },
  { mode: 'scaleOutPriority', pacing: 'window', step: { main: 2, grey: 2 } },
);

const seen = (main: [asked: number, existing: number], grey: [asked: number, ready: number]): Observation => ({
  main: { asked: main[0], ready: main[0], existing: main[1], terminating: main[1] - main[0] },
  grey: { asked: grey[0], ready: grey[1], existing: grey[0], terminating: 0 },
});

describe('the progress clock', () => {
  it('runs from the last time that more was done than ever before', () => {
    const clock = new ProgressClock(0);
    clock.observed(doneTotal(leg, seen([10, 10], [2, 1])), 100);
    expect(clock.idleMs(150)).toBe(50);
    clock.observed(doneTotal(leg, seen([10, 10], [2, 2])), 200);
    expect(clock.idleMs(250)).toBe(50);
  });

  it('is not wound up by a pod that flaps between ready and not', () => {
    const clock = new ProgressClock(0);
    clock.observed(1, 10);
    for (let at = 20; at < 1000; at += 20) {
      clock.observed(0, at);
      clock.observed(1, at + 10);
    }
    expect(clock.idleMs(1000)).toBe(990);
  });

  it('starts again with a write, and with a new leg', () => {
    const clock = new ProgressClock(0);
    clock.observed(5, 10);
    clock.asked(500);
    expect(clock.idleMs(600)).toBe(100);
    clock.restart(700);
    clock.observed(0, 710);
    expect(clock.idleMs(800)).toBe(90);
  });
});

describe('what is waited for', () => {
  it('is pods to become ready of the side that grows, and pods to be gone of the side that shrinks', () => {
    expect(waitingFor(leg, seen([8, 10], [4, 1]))).toEqual([
      { side: 'main', until: 'gone', pods: 2 },
      { side: 'grey', until: 'ready', pods: 3 },
    ]);
  });
});

describe('the ceiling', () => {
  const ceilingOf = (to: { main: number; grey: number }, observed: Observation): number =>
    standingOf(beginLeg({ main: 8, grey: 4 }, to, leg), observed, []).ceiling;

  it('is that of the leg, however many of its own removed pods are not gone yet', () => {
    expect(ceilingOf({ main: 6, grey: 6 }, seen([8, 8], [4, 4]))).toBe(14);
    expect(ceilingOf({ main: 6, grey: 6 }, seen([6, 8], [6, 6]))).toBe(14);
  });

  it('is higher by the pods that were on their way out before the leg began', () => {
    expect(ceilingOf({ main: 8, grey: 4 }, seen([8, 10], [4, 4]))).toBe(14);
    expect(ceilingOf({ main: 10, grey: 4 }, seen([8, 10], [4, 4]))).toBe(16);
  });
});

describe('when an upgrade last came on, by its record', () => {
  const startedAt = '2026-11-23T10:00:00Z';
  const startMs = Date.parse(startedAt);
  const point = (atMs: number, ready: number, pods: number) => ({ atMs, main: ready, grey: 0, ready, pods, gpus: 0 });
  const scaled = { at: '2026-11-23T10:00:10Z', by: 'anna', did: 'scaled', side: 'grey', from: 0, to: 2 } as const;

  it('is its start, or what was done last', () => {
    expect(progressedAtMs({ startedAt, journal: [], curve: [] })).toBe(startMs);
    expect(progressedAtMs({ startedAt, journal: [scaled], curve: [point(0, 10, 10)] })).toBe(startMs + 10_000);
  });

  it('is when fewer pods were waited for than ever since, and not when one that flaps is back', () => {
    const curve = [point(11_000, 10, 12), point(20_000, 11, 12), point(30_000, 10, 12), point(40_000, 11, 12)];
    expect(progressedAtMs({ startedAt, journal: [scaled], curve })).toBe(startMs + 20_000);
  });
});
