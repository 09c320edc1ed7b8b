import { describe, expect, it } from 'vitest';
import { hopeless, VainClock } from '../../src/upgrade/fail-fast.ts';
import type { Cause, Reason } from '../../src/upgrade/health.ts';

const cause = (reason: Reason, doomed = false, side: Cause['side'] = 'grey'): Cause => ({
  reason,
  side,
  pods: 1,
  ...(doomed && { doomed }),
});
const DOOMED = cause('image', true);
const FOR_GREY = [{ side: 'grey', until: 'ready', pods: 3 }] as const;

describe('waiting is in vain', () => {
  it.each<[string, readonly Cause[], boolean]>([
    ['all pods are past healing', [DOOMED], true],
    ['the others have no room, and would be the same', [DOOMED, cause('unschedulable'), cause('quota')], true],
    ['others are on their way', [DOOMED, cause('starting')], false],
    ['others are not ready any more', [DOOMED, cause('not-ready')], false],
    ['others have failed only once', [DOOMED, cause('crash')], false],
    ['none is', [cause('unschedulable'), cause('terminating')], false],
    ['those of the other side are', [cause('image', true, 'main')], false],
  ])('where %s: %#', (_, causes, isInVain) => {
    expect(hopeless(FOR_GREY, causes) !== undefined).toBe(isInVain);
  });

  it('only for pods that are to become ready', () => {
    expect(hopeless([{ side: 'grey', until: 'gone', pods: 3 }], [DOOMED])).toBeUndefined();
    expect(hopeless([], [DOOMED])).toBeUndefined();
  });
});

describe('the clock of failing fast', () => {
  it('runs for ten seconds without a break', () => {
    const clock = new VainClock();
    expect(clock.isOverInMs(0)).toBe(Number.POSITIVE_INFINITY);
    clock.observed(true, 1000);
    clock.observed(true, 6000);
    expect(clock.isOverInMs(6000)).toBe(5000);
    clock.observed(false, 7000);
    expect(clock.isOverInMs(7000)).toBe(Number.POSITIVE_INFINITY);
    clock.observed(true, 8000);
    expect(clock.isOverInMs(18_000)).toBe(0);
  });
});
