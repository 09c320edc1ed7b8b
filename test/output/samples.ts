import type { EventOf } from '../../src/output/event-text.ts';
import { glyphsOf } from '../../src/output/glyphs.ts';
import type { Told } from '../../src/output/outcome-text.ts';
import type { Terminal } from '../../src/output/terminal.ts';
import type { ViewContext } from '../../src/output/view.ts';
import type { Standing, UpgradeEvent } from '../../src/upgrade/events.ts';
import type { Eta } from '../../src/upgrade/eta.ts';
import type { Cause } from '../../src/upgrade/health.ts';
import { beginLeg } from '../../src/upgrade/leg.ts';
import type { Outcome, Summary } from '../../src/upgrade/outcome.ts';
import type { UpgradeStatus } from '../../src/upgrade/status.ts';

export const START = Date.parse('2026-11-23T10:00:00.250Z');
export const after = (seconds: number): number => START + seconds * 1000;

export const UPGRADE = { name: 'llama-v2', namespace: 'serving' };
export const TOLD: Told = { program: 'dupgrade', upgrade: UPGRADE, glyphs: glyphsOf(true) };

const WAY = { mode: 'scaleOutPriority', step: { main: 3, grey: 3 }, pacing: 'window' } as const;
export const LEG = beginLeg({ main: 30, grey: 0 }, { main: 0, grey: 30 }, WAY);

export const UNSCHEDULABLE: Cause = {
  reason: 'unschedulable',
  side: 'grey',
  pods: 2,
  example: 'llama-v2-7d9c5b8f4-x2x7k',
  namespace: 'serving',
  since: '2026-11-23T09:59:00Z',
  message: '0/8 nodes are available: 8 Insufficient nvidia.com/gpu.',
  detail: { kind: 'shortage', resource: 'nvidia.com/gpu', needed: 8, nodes: 8, short: 8 },
};

const of = (reason: Cause['reason'], more: Partial<Cause>): Cause => ({ ...UNSCHEDULABLE, reason, ...more });

export const ETA: Eta = { leastMs: 1_200_000, typicalMs: 1_500_000, mostMs: 2_460_000 };

/** A cause with every kind of detail, and every field that one may have. */
export const CAUSES: readonly Cause[] = [
  UNSCHEDULABLE,
  of('crash', {
    doomed: true,
    message: 'out of memory',
    detail: { kind: 'exit', container: 'server', exitCode: 137, outOfMemory: true, restarts: 3 },
    log: ['loading', 'CUDA out of memory'],
  }),
  of('not-ready', { detail: { kind: 'probe', probe: 'readiness' } }),
  of('terminating', { detail: { kind: 'holder', finalizers: ['example.com/drain'], graceSeconds: 30 } }),
  of('starting', { detail: { kind: 'start', stage: 'loading-model', server: 'vLLM', percent: 40 } }),
  of('node', { detail: { kind: 'node', node: 'gpu-7' } }),
];

export const SUMMARY: Summary = {
  from: { main: 30, grey: 0 },
  to: { main: 18, grey: 15 },
  durationMs: 724_000,
  writes: 20,
  lowestReady: 30,
  highestPods: 33,
};

/** How both sides stand, from what is asked, ready and terminating. */
export const standing = (
  main: readonly [asked: number, ready: number, terminating: number],
  grey: readonly [asked: number, ready: number, terminating: number],
  causes: readonly Cause[] = [],
): Standing => {
  const side = ([asked, ready, terminating]: typeof main, target: number) => ({
    asked,
    ready,
    existing: asked + terminating,
    terminating,
    target,
  });
  const coming = grey[0] - grey[1];
  return {
    sides: { main: side(main, 0), grey: side(grey, 30) },
    ready: main[1] + grey[1],
    pods: main[0] + main[2] + grey[0] + grey[2],
    floor: 30,
    ceiling: 33,
    waiting: [
      ...(main[2] > 0 ? [{ side: 'main', until: 'gone', pods: main[2] } as const] : []),
      ...(coming > 0 ? [{ side: 'grey', until: 'ready', pods: coming } as const] : []),
    ],
    causes,
  };
};

/** The same of pods that ask for eight GPUs each, all of them on nodes. */
export const withGpus = (seen: Standing): Standing => {
  const { main, grey } = seen.sides;
  return { ...seen, sides: { main: { ...main, gpus: 8 * main.existing }, grey: { ...grey, gpus: 8 * grey.existing } } };
};

/** An event of every type, with every field that it may have. */
export const EVENTS: { readonly [T in UpgradeEvent['type']]: EventOf<T> } = {
  started: {
    at: START,
    type: 'started',
    startedAt: '2026-11-23T10:00:00Z',
    resumed: false,
    driver: 'anna@laptop 4711',
    deployments: {
      main: { namespace: 'serving', name: 'llama-v1' },
      grey: { namespace: 'serving', name: 'llama-v2' },
    },
    before: { main: 30, grey: 0 },
    counts: { main: 30, grey: 0 },
    targets: { main: 0, grey: 30 },
    way: WAY,
    limits: { minReady: 28, maxPods: 33 },
  },
  leg: { at: START, type: 'leg', leg: LEG, cause: 'set-target', by: 'anna@laptop' },
  observed: { at: after(5), type: 'observed', standing: standing([27, 27, 3], [3, 2, 0], [UNSCHEDULABLE]) },
  scaled: { at: after(6), type: 'scaled', side: 'main', from: 30, to: 27 },
  limited: { at: after(7), type: 'limited', side: 'grey', limit: 'maxPods', value: 33 },
  held: { at: after(8), type: 'held', reason: 'paused', by: 'anna@laptop' },
  alive: {
    at: after(100),
    type: 'alive',
    standing: standing([27, 27, 0], [3, 1, 0], [UNSCHEDULABLE]),
    idleMs: 90_000,
    held: false,
  },
  note: { at: after(9), type: 'note', level: 'warning', message: 'a watch fell silent and was begun anew' },
  ended: {
    at: after(724),
    type: 'ended',
    outcome: { kind: 'stuck', reason: 'unschedulable', idleMs: 600_000, causes: [UNSCHEDULABLE] },
    exitCode: 5,
    summary: SUMMARY,
  },
};

/** Every kind of outcome, with every field that it may have. */
export const OUTCOMES: { readonly [K in Outcome['kind']]: Required<Extract<Outcome, { readonly kind: K }>> } = {
  reached: { kind: 'reached' },
  'rolled-back': { kind: 'rolled-back' },
  held: { kind: 'held', reason: 'paused' },
  aborted: { kind: 'aborted', by: 'anna@laptop' },
  stuck: {
    kind: 'stuck',
    reason: 'limit',
    idleMs: 600_000,
    causes: [UNSCHEDULABLE],
    limit: 'maxPods',
    failedFast: true,
  },
  'timed-out': { kind: 'timed-out', afterMs: 7_200_000, causes: [UNSCHEDULABLE] },
  unreachable: { kind: 'unreachable', message: 'https://10.0.0.1:6443 has not answered for 1m00s.' },
  denied: { kind: 'denied', message: 'anna may not patch deployments/scale in serving' },
  locked: {
    kind: 'locked',
    holder: 'ci-runner-7 pid 12',
    deployment: 'serving/llama-v1',
    since: '2026-11-23T09:58:00Z',
  },
  'foreign-write': {
    kind: 'foreign-write',
    side: 'main',
    expected: 27,
    found: 30,
    manager: 'argocd-controller',
    at: '2026-11-23T10:03:00Z',
  },
  'template-changed': { kind: 'template-changed', side: 'grey', manager: 'kubectl-edit' },
  'deployment-gone': { kind: 'deployment-gone', side: 'main', replaced: false, leaving: true },
  'namespace-gone': { kind: 'namespace-gone', namespace: 'serving' },
  'record-gone': { kind: 'record-gone' },
  'record-unreadable': { kind: 'record-unreadable', message: 'data.record is not JSON.' },
  interrupted: { kind: 'interrupted', signal: 'SIGINT' },
};

/** A status with every field that it may have. */
export const STATUS: Required<UpgradeStatus> = {
  ...UPGRADE,
  state: 'running',
  driver: { holder: 'anna@laptop 4711', renewedAt: new Date(after(718)).toISOString() },
  deployments: EVENTS.started.deployments,
  before: { main: 30, grey: 0 },
  specTargets: { main: 0, grey: 30 },
  targets: { main: 18, grey: 12 },
  course: 'forward',
  way: WAY,
  standing: standing([27, 27, 3], [3, 1, 0], [UNSCHEDULABLE]),
  startedAt: new Date(START).toISOString(),
  startedBy: 'anna@laptop',
  endedAt: new Date(after(700)).toISOString(),
  intent: { revision: 2, by: 'anna@laptop', at: new Date(after(600)).toISOString() },
  lastRun: { at: new Date(after(500)).toISOString(), by: 'ci-runner-7 pid 12', outcome: 'stuck', reason: 'quota' },
  summary: SUMMARY,
  journal: [
    { at: new Date(after(1)).toISOString(), by: 'anna@laptop', did: 'verb', verb: 'start' },
    { at: new Date(after(2)).toISOString(), by: 'ci-runner-7 pid 12', did: 'leg', from: LEG.from, to: LEG.to },
    { at: new Date(after(3)).toISOString(), by: 'ci-runner-7 pid 12', did: 'scaled', side: 'grey', from: 0, to: 3 },
    {
      at: new Date(after(500)).toISOString(),
      by: 'ci-runner-7 pid 12',
      did: 'ended',
      outcome: 'stuck',
      reason: 'quota',
    },
    {
      at: new Date(after(600)).toISOString(),
      by: 'anna@laptop',
      did: 'verb',
      verb: 'set-target',
      targets: { main: 18, grey: 12 },
      way: WAY,
    },
  ],
};

/** A terminal that keeps what is written to it. */
export const fakeTerminal = (
  wishes: Partial<Pick<Terminal, 'interactive' | 'color' | 'unicode' | 'columns' | 'rows' | 'onResize'>> = {},
): Terminal & { readonly written: () => string } => {
  let written = '';
  return {
    interactive: false,
    color: false,
    unicode: true,
    columns: () => 80,
    rows: () => 24,
    ...wishes,
    out: {
      write: (text) => {
        written += text;
      },
    },
    err: {
      write: () => {
        throw new Error('nothing is to be written there');
      },
    },
    written: () => written,
  };
};

export const contextOf = (terminal: Terminal, wishes: Partial<ViewContext> = {}): ViewContext => ({
  terminal,
  upgrade: UPGRADE,
  program: 'dupgrade',
  quiet: false,
  verbosity: 0,
  now: () => START,
  ...wishes,
});
