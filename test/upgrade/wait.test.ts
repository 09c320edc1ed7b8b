import { describe, expect, it } from 'vitest';
import { beginLeg } from '../../src/upgrade/leg.ts';
import { settledAt } from '../../src/upgrade/route.ts';
import type { UpgradeRecord } from '../../src/upgrade/record.ts';
import { standingOf } from '../../src/upgrade/standing.ts';
import { type Attended, stepsDone, type WaitFor, waited } from '../../src/upgrade/wait.ts';
import { recordOf } from '../support/record.ts';

const LEG = beginLeg(
  { main: 30, grey: 0 },
  { main: 0, grey: 30 },
  { mode: 'scaleOutPriority', pacing: 'batch', step: { main: 3, grey: 3 } },
);
const leg = { ...LEG, revision: 1 };

const at = (main: number, grey: number, record: Partial<UpgradeRecord> = {}, isDriven = true): Attended => ({
  record: recordOf({ leg, ...record }),
  standing: standingOf(LEG, settledAt({ main, grey }), []),
  isDriven,
});

const lastRun = (outcome: NonNullable<UpgradeRecord['lastRun']>['outcome'], reason?: string) => ({
  lastRun: { at: '2026-11-23T10:00:00.000Z', by: 'bob', outcome, ...(reason === undefined ? {} : { reason }) },
});

describe('the steps that are done', () => {
  it.each([
    [30, 0, 0],
    [30, 3, 0],
    [27, 3, 1],
    [27, 5, 1],
    [24, 6, 2],
    [25, 6, 1],
    [0, 28, 9],
    [0, 30, Number.POSITIVE_INFINITY],
    [31, 0, 0],
  ])('at main %i, grey %i of 30 → 0 / 0 → 30 with step 3 are %f', (main, grey, steps) => {
    expect(stepsDone(LEG, settledAt({ main, grey }))).toBe(steps);
  });
});

describe('waiting', () => {
  const paused = { intent: { ...recordOf().intent, paused: true } };
  const arrived = { leg: { ...leg, arrivedAt: '2026-11-23T10:00:00.000Z' } };
  it.each<[WaitFor, Attended]>([
    [{ kind: 'done' }, at(0, 30, { phase: 'completed' }, false)],
    [{ kind: 'held' }, at(30, 0, paused)],
    [{ kind: 'held' }, at(30, 0, arrived)],
    [{ kind: 'step', steps: 2 }, at(24, 6)],
    [{ kind: 'step', steps: 99 }, at(0, 30, { phase: 'completed' })],
    [{ kind: 'ready', pods: 33 }, at(27, 6)],
  ])('for %j ends well', (wish, now) => {
    expect(waited(wish, now)).toEqual({ kind: 'met' });
  });

  it.each<[string, WaitFor, Attended]>([
    ['while a driver moves it', { kind: 'done' }, at(27, 3)],
    ['while it is held and driven: somebody may let it go on', { kind: 'done' }, at(27, 3, paused)],
    ['where a driver is back after a run that got stuck', { kind: 'done' }, at(27, 3, lastRun('stuck', 'image'))],
    ['where its driver was interrupted', { kind: 'done' }, at(27, 3, lastRun('interrupted'), false)],
    ['before anything was seen', { kind: 'ready', pods: 0 }, { ...at(27, 3), standing: undefined }],
    ['where fewer steps are done', { kind: 'step', steps: 2 }, at(25, 6)],
    ['where fewer pods are ready', { kind: 'ready', pods: 31 }, at(27, 3)],
  ])('goes on %s', (_, wish, now) => {
    expect(waited(wish, now)).toBeUndefined();
  });

  it.each<[string, WaitFor, Attended, number, string]>([
    ['stuck', { kind: 'done' }, at(27, 3, lastRun('stuck', 'image'), false), 5, 'image'],
    ['out of time', { kind: 'ready', pods: 99 }, at(27, 3, lastRun('timed-out', 'timeout'), false), 5, 'timeout'],
    ['stopped by another writer', { kind: 'done' }, at(27, 3, lastRun('foreign-write'), false), 8, 'foreign-write'],
    ['held, and nobody drives it', { kind: 'done' }, at(27, 3, lastRun('held', 'paused'), false), 4, 'paused'],
    ['aborted', { kind: 'done' }, at(27, 3, { phase: 'aborted' }), 4, 'aborted'],
    ['rolled back', { kind: 'step', steps: 9 }, at(30, 0, { phase: 'rolled-back' }), 6, 'rolled-back'],
    ['completed, and so never held', { kind: 'held' }, at(0, 30, { phase: 'completed' }), 3, 'completed'],
  ])('ends at once where it is %s', (_, wish, now, exitCode, reason) => {
    expect(waited(wish, now)).toEqual({ kind: 'unmet', exitCode, reason });
  });
});
