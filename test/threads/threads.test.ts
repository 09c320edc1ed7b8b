import { expect, it, onTestFinished } from 'vitest';
import { openThreads, threadsFor } from '../../src/threads/threads.ts';
import { rehearse } from '../../src/rehearse/rehearsal.ts';
import { type Performer, rehearseRun } from '../../src/rehearse/rehearse-run.ts';
import { GREY } from '../cluster-virtual/given.ts';
import { SCENARIO, SPEC } from '../rehearse/given.ts';

const GB = 1_000_000_000;
const MACHINE = { processors: 8, memoryBytes: 16 * GB };

/** More than are there, so that it is worth two threads; nobody makes them. */
const ENOUGH = { runs: 2, pods: 100_000 };

const opened = (): readonly Performer[] => {
  const { performers, close } = openThreads(ENOUGH, { ...MACHINE, processors: 2 });
  onTestFinished(close);
  return performers;
};

it.each([
  { load: { runs: 20, pods: 10_000 }, machine: MACHINE, threads: 8 },
  { load: { runs: 3, pods: 10_000 }, machine: MACHINE, threads: 3 },
  { load: { runs: 20, pods: 10_000 }, machine: { ...MACHINE, memoryBytes: 2 * GB }, threads: 3 },
  { load: { runs: 20, pods: 1000 }, machine: MACHINE, threads: 2 },
  { load: { runs: 20, pods: 500 }, machine: MACHINE, threads: 0 },
  { load: { runs: 1, pods: 100_000 }, machine: MACHINE, threads: 0 },
  { load: { runs: 20, pods: 10_000 }, machine: { ...MACHINE, processors: 1 }, threads: 0 },
])('$load.runs runs of $load.pods pods have $threads threads', ({ load, machine, threads }) => {
  expect(threadsFor(load, machine)).toBe(threads);
});

it('comes to the same in threads as in one', async () => {
  const rehearsed = (performers: readonly Performer[]) =>
    rehearse(SCENARIO, SPEC, { seeds: 5, mishaps: [], performers, onRun: () => undefined });
  const performers = opened();
  expect(performers).toHaveLength(2);
  expect(await rehearsed(performers)).toEqual(await rehearsed([rehearseRun]));
});

it('is told by a thread why an upgrade cannot begin', async () => {
  const refused = { ...SPEC, deployments: { ...SPEC.deployments, grey: { ...GREY, name: 'nobody' } } };
  const [inThread] = opened();
  const here = await rehearseRun(SCENARIO, refused).catch((error: unknown) => error);
  expect(here).toMatchObject({ name: 'RehearsalRefused' });
  await expect(inThread?.(SCENARIO, refused)).rejects.toEqual(here);
});

it('is told by a thread that came to grief', async () => {
  const [inThread] = opened();
  const broken = { ...SPEC, deployments: { ...SPEC.deployments, main: undefined } };
  await expect(inThread?.(SCENARIO, broken as never)).rejects.toThrow(/undefined/);
});
