import { describe, expect, it } from 'vitest';
import { beginLeg } from '../../src/upgrade/leg.ts';
import type { Observation } from '../../src/upgrade/observation.ts';
import { doneTotal, ProgressClock } from '../../src/upgrade/progress.ts';
import { waitingFor } from '../../src/upgrade/standing.ts';

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
