import type { Scenario } from './scenario.ts';

type Batch = Omit<Scenario, 'pacing'>;

const SIX = { main: { from: 6, to: 0 }, grey: { from: 0, to: 6 } } as const;
const FOUR = { main: { from: 4, to: 0 }, grey: { from: 0, to: 4 } } as const;
/** Somebody can do something before the next step. */
/** So slow that what is done after a write is done before the next one, also on a machine that is busy. */
const SLOW_SIX = {
  main: { ...SIX.main, readySeconds: 4, terminateSeconds: 4 },
  grey: { ...SIX.grey, readySeconds: 4, terminateSeconds: 4 },
} as const;
const OUT = { mode: 'scaleOutPriority', step: 2 } as const;
const IN = { mode: 'scaleInPriority', step: 2 } as const;
const AT_ONCE = { mode: 'scaleSimultaneously', step: 2 } as const;

const WITHOUT_TROUBLE: readonly Batch[] = [
  { name: 'adding leads', ...SIX, ...OUT, ends: ['reached'] },
  { name: 'removing leads, steps in per cent', ...SIX, ...IN, step: '34%', ends: ['reached'] },
  { name: 'neither leads', ...SIX, ...AT_ONCE, ends: ['reached'] },
  {
    name: 'adding leads, with a step for each side',
    main: { from: 6, to: 0 },
    grey: { from: 0, to: 4 },
    mode: 'scaleOutPriority',
    step: { main: 3, grey: 2 },
    ends: ['reached'],
  },
  {
    name: 'removing leads, both sides have pods before and after, one step in per cent',
    main: { from: 5, to: 1 },
    grey: { from: 1, to: 7 },
    mode: 'scaleInPriority',
    step: { main: 2, grey: '50%' },
    ends: ['reached'],
  },
  {
    name: 'neither leads, one side has further to go',
    main: { from: 2, to: 0 },
    grey: { from: 0, to: 6 },
    ...AT_ONCE,
    ends: ['reached'],
  },
  {
    name: 'one side stays',
    main: { from: 2, to: 2 },
    grey: { from: 0, to: 5 },
    mode: 'scaleInPriority',
    step: '40%',
    ends: ['reached'],
  },
  {
    name: 'pods that take long to end',
    main: { from: 4, to: 0, terminateSeconds: 4 },
    grey: { from: 0, to: 4, readySeconds: 1 },
    ...OUT,
    ends: ['reached'],
  },
  {
    name: 'pods that end and start at once',
    main: { from: 6, to: 0, readySeconds: 0, terminateSeconds: 0 },
    grey: { from: 0, to: 6, readySeconds: 0, terminateSeconds: 0 },
    ...AT_ONCE,
    ends: ['reached'],
  },
  {
    name: 'back to the old version',
    main: { from: 0, to: 4 },
    grey: { from: 4, to: 0 },
    ...IN,
    ends: ['reached'],
  },
];

const FAILURES: readonly Batch[] = [
  {
    name: 'pods that are never ready',
    main: FOUR.main,
    grey: { ...FOUR.grey, failure: 'never-ready' },
    ...OUT,
    progressDeadlineSeconds: 4,
    ends: ['not-ready'],
  },
  {
    name: 'pods that are never ready, when two of the old ones are gone',
    main: FOUR.main,
    grey: { ...FOUR.grey, failure: 'never-ready' },
    ...IN,
    progressDeadlineSeconds: 5,
    ends: ['not-ready'],
  },
  {
    name: 'pods that crash again and again',
    main: FOUR.main,
    grey: { ...FOUR.grey, failure: 'crash-loop' },
    ...OUT,
    progressDeadlineSeconds: 5,
    ends: ['crash'],
  },
  {
    name: 'an image that is not there',
    main: FOUR.main,
    grey: { ...FOUR.grey, failure: 'image-pull' },
    ...AT_ONCE,
    progressDeadlineSeconds: 4,
    ends: ['image'],
  },
  {
    name: 'no node has so many GPUs',
    main: FOUR.main,
    grey: { ...FOUR.grey, gpus: 9 },
    ...OUT,
    progressDeadlineSeconds: 3,
    ends: ['unschedulable'],
  },
  {
    name: 'an image that is not there, and a run that fails fast',
    main: FOUR.main,
    grey: { ...FOUR.grey, failure: 'image-pull' },
    ...IN,
    failFast: true,
    ends: ['image'],
  },
  {
    name: 'no node has so many GPUs, and a run that fails fast',
    main: FOUR.main,
    grey: { ...FOUR.grey, gpus: 9 },
    ...OUT,
    failFast: true,
    progressDeadlineSeconds: 20,
    ends: ['unschedulable'],
  },
  {
    name: 'a quota leaves room for one pod more',
    ...FOUR,
    ...OUT,
    quota: 5,
    progressDeadlineSeconds: 5,
    ends: ['quota'],
  },
  {
    name: 'a quota that is raised in the middle',
    ...FOUR,
    ...OUT,
    quota: 5,
    acts: [
      [
        { side: 'grey', ready: 1 },
        { foreign: 'set-quota', pods: 20 },
      ],
    ],
    ends: ['reached'],
  },
  {
    name: 'pods that turn unready again',
    main: { ...FOUR.main, terminateSeconds: 6 },
    grey: { ...FOUR.grey, failure: 'turn-unready' },
    ...OUT,
    progressDeadlineSeconds: 5,
    ends: ['not-ready'],
  },
];

const LIMITS: readonly Batch[] = [
  {
    name: 'limits that leave the way as it is',
    ...FOUR,
    ...AT_ONCE,
    limits: { minReady: 2, maxPods: 6 },
    ends: ['reached'],
  },
  {
    name: 'so few pods may exist that no step can be completed',
    ...FOUR,
    ...OUT,
    limits: { maxPods: 5 },
    ends: ['refused'],
  },
  {
    name: 'other targets in the middle, which would leave fewer ready than the least',
    main: FOUR.main,
    grey: { ...FOUR.grey, readySeconds: 2 },
    ...OUT,
    limits: { minReady: 3 },
    progressDeadlineSeconds: 5,
    acts: [[{ writes: 1 }, { verb: 'set-target', targets: { grey: 2 }, way: {} }]],
    ends: ['limit'],
  },
];

const OTHERS: readonly Batch[] = [
  {
    name: 'somebody scales grey in the middle',
    ...SLOW_SIX,
    ...OUT,
    acts: [[{ writes: 3 }, { foreign: 'scale', side: 'grey', replicas: 9 }]],
    ends: ['foreign-write'],
  },
  {
    name: 'somebody scales main in the middle, and the upgrade is started again',
    ...SLOW_SIX,
    ...OUT,
    acts: [
      [{ writes: 3 }, { foreign: 'scale', side: 'main', replicas: 5 }],
      ['ended', { verb: 'start' }],
    ],
    ends: ['foreign-write', 'reached'],
  },
  {
    name: 'somebody scales main to 0 in the middle',
    ...SLOW_SIX,
    ...OUT,
    acts: [[{ writes: 3 }, { foreign: 'scale', side: 'main', replicas: 0 }]],
    ends: ['foreign-write'],
  },
  {
    name: 'both sides are scaled up while it is paused',
    ...SLOW_SIX,
    ...IN,
    acts: [
      [{ writes: 2 }, { verb: 'pause' }],
      ['ended', { foreign: 'scale', side: 'main', replicas: 6 }],
      ['ended', { foreign: 'scale', side: 'grey', replicas: 4 }],
      ['ended', { verb: 'resume', keepTargets: false }],
    ],
    ends: ['paused', 'reached'],
  },
  {
    name: 'both sides are scaled up in the middle, and the upgrade is started again',
    ...SLOW_SIX,
    ...OUT,
    acts: [
      [{ writes: 3 }, { foreign: 'scale', side: 'main', replicas: 7 }],
      ['ended', { foreign: 'scale', side: 'grey', replicas: 5 }],
      ['ended', { verb: 'start' }],
    ],
    ends: ['foreign-write', 'reached'],
  },
  {
    name: 'another template in the middle',
    ...SLOW_SIX,
    ...OUT,
    acts: [[{ writes: 3 }, { foreign: 'set-image', side: 'grey' }]],
    ends: ['template-changed'],
  },
  {
    name: 'another template of main at the beginning',
    ...SLOW_SIX,
    ...AT_ONCE,
    acts: [[{ writes: 2 }, { foreign: 'set-image', side: 'main' }]],
    ends: ['template-changed'],
  },
  {
    name: 'the Deployment of grey is deleted in the middle',
    ...SLOW_SIX,
    ...OUT,
    acts: [[{ writes: 3 }, { foreign: 'delete-deployment', side: 'grey' }]],
    ends: ['deployment-gone'],
  },
];

const VERBS: readonly Batch[] = [
  {
    name: 'what is ready is accepted in the middle of a stuck step',
    ...FOUR,
    ...OUT,
    quota: 5,
    acts: [[{ side: 'grey', ready: 1 }, { verb: 'accept-ready' }]],
    ends: ['off-spec'],
  },
  {
    name: 'a pause, and on again in another process',
    ...SLOW_SIX,
    ...OUT,
    acts: [
      [{ writes: 3 }, { verb: 'pause' }],
      ['ended', { verb: 'resume', keepTargets: false }],
    ],
    ends: ['paused', 'reached'],
  },
  {
    name: 'a pause that the driver waits out',
    ...SLOW_SIX,
    ...AT_ONCE,
    onHold: 'wait',
    acts: [
      [{ writes: 4 }, { verb: 'pause' }],
      ['held', { verb: 'resume', keepTargets: false }],
    ],
    ends: ['reached'],
  },
  {
    name: 'back in the middle',
    ...SLOW_SIX,
    ...OUT,
    acts: [[{ writes: 3 }, { verb: 'rollback', way: {} }]],
    ends: ['rolled-back'],
  },
  {
    name: 'back after the end, in another mode',
    ...FOUR,
    ...OUT,
    acts: [['ended', { verb: 'rollback', way: { mode: 'scaleInPriority' } }]],
    ends: ['reached', 'rolled-back'],
  },
  {
    name: 'back when it is stuck',
    main: FOUR.main,
    grey: { ...FOUR.grey, failure: 'never-ready' },
    ...OUT,
    progressDeadlineSeconds: 4,
    acts: [['ended', { verb: 'rollback', way: {} }]],
    ends: ['not-ready', 'rolled-back'],
  },
  {
    name: 'other targets and another way in the middle, then on to those of the spec',
    ...SLOW_SIX,
    ...OUT,
    acts: [
      [
        { writes: 3 },
        { verb: 'set-target', targets: { main: 2, grey: 3 }, way: { mode: 'scaleInPriority', step: { main: 1 } } },
      ],
      ['ended', { verb: 'resume', keepTargets: false }],
    ],
    ends: ['off-spec', 'reached'],
  },
  {
    name: 'given up in the middle',
    ...SLOW_SIX,
    ...IN,
    acts: [[{ writes: 3 }, { verb: 'abort' }]],
    ends: ['aborted'],
  },
];

/** Where the order of all writes is the same on every cluster. */
export const BATCH_SCENARIOS: readonly Scenario[] = [
  ...WITHOUT_TROUBLE,
  ...FAILURES,
  ...LIMITS,
  ...OTHERS,
  ...VERBS,
].map((scenario) => ({ ...scenario, pacing: 'batch' }));
