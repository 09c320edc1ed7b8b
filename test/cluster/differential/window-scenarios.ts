import type { Scenario } from './scenario.ts';

type Window = Omit<Scenario, 'pacing'>;

const TEN = {
  main: { from: 10, to: 0, readySeconds: [1, 3] },
  grey: { from: 0, to: 10, readySeconds: [0, 3] },
} as const;
const FIVE = {
  main: { from: 5, to: 0, readySeconds: [1, 3] },
  grey: { from: 0, to: 5, readySeconds: [0, 3] },
} as const;
const OUT = { mode: 'scaleOutPriority', step: 3 } as const;
const IN = { mode: 'scaleInPriority', step: 3 } as const;
const AT_ONCE = { mode: 'scaleSimultaneously', step: 3 } as const;

/** Where slots are refilled as pods become ready: in another order every time, within the same bounds. */
export const WINDOW_SCENARIOS: readonly Scenario[] = (
  [
    { name: 'adding leads', ...TEN, ...OUT, ends: ['reached'] },
    { name: 'removing leads', ...TEN, ...IN, ends: ['reached'] },
    { name: 'neither leads', ...TEN, ...AT_ONCE, ends: ['reached'] },
    {
      name: 'a step for each side, one in per cent, pods that take long to end',
      main: { ...TEN.main, terminateSeconds: 3 },
      grey: TEN.grey,
      mode: 'scaleInPriority',
      step: { main: 4, grey: '30%' },
      ends: ['reached'],
    },
    {
      name: 'both sides grow',
      main: { from: 2, to: 5, readySeconds: [1, 3] },
      grey: { from: 1, to: 6, readySeconds: [1, 3] },
      ...AT_ONCE,
      step: 1,
      ends: ['reached'],
    },
    {
      name: 'few pods may exist',
      ...FIVE,
      ...OUT,
      limits: { maxPods: 6 },
      ends: ['reached'],
    },
    {
      name: 'most pods must be ready, and few more may exist',
      ...FIVE,
      ...AT_ONCE,
      limits: { minReady: 4, maxPods: 6 },
      ends: ['reached'],
    },
    {
      name: 'pods that are never ready',
      main: FIVE.main,
      grey: { ...FIVE.grey, failure: 'never-ready' },
      ...AT_ONCE,
      progressDeadlineSeconds: 5,
      ends: ['not-ready'],
    },
    {
      name: 'a quota leaves no room',
      ...FIVE,
      ...OUT,
      quota: 5,
      progressDeadlineSeconds: 4,
      ends: ['quota'],
    },
    {
      name: 'a pause, and on again in another process',
      ...FIVE,
      ...OUT,
      acts: [
        [{ writes: 2 }, { verb: 'pause' }],
        ['ended', { verb: 'resume', keepTargets: false }],
      ],
      ends: ['paused', 'reached'],
    },
    {
      name: 'back after the end',
      ...FIVE,
      ...AT_ONCE,
      acts: [['ended', { verb: 'rollback', way: {} }]],
      ends: ['reached', 'rolled-back'],
    },
  ] satisfies readonly Window[]
).map((scenario) => ({ ...scenario, pacing: 'window' }));
