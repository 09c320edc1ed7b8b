/**
 * How soon the reason is told why an upgrade stands still: from the moment that the cluster knows it, by a watch of the
 * benchmark's own, to the event of `start -o json` that names it. On a real control plane with fake machines; what its fake
 * kubelet does not play is written into a pod's status, or made as an Event, as a kubelet would.
 * `node bench/causes.ts [--json FILE] [--rounds N]`, after `npm run build`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { Standing } from '../src/upgrade/events.ts';
import type { PodReason } from '../src/upgrade/health.ts';
import { percentile } from '../src/upgrade/rehearsal.ts';
import { degradedCondition, type PodBehaviour } from '../test/cluster/behaviour.ts';
import { follow } from '../test/cluster/follow.ts';
import { fromJson } from '../test/cluster/json.ts';
import { makeNodes } from '../test/cluster/nodes.ts';
import type { Kinds, Pod, ReplicaSet } from '../test/cluster/objects.ts';
import { type OwnPlane, startPlane } from '../test/cluster/plane.ts';
import { TestNamespace } from '../test/cluster/workload.ts';
import { type Figure, JSON_FILE, report } from './report.ts';

const MAIN = 'server-v1';
const GREY = 'server-v2';
const GOAL_MS = 1000;
/** A reason that is not told within this is not told. */
const LONGEST_MS = 60_000;

/** Which objects are followed, and of which it is said that the cluster knows. */
type Sign = { readonly [K in 'pods' | 'replicasets' | 'events']?: (object: Kinds[K]) => boolean };

type Standstill = {
  readonly reason: PodReason;
  /** By what the cluster shows it. */
  readonly shownBy: string;
  readonly main?: PodBehaviour;
  readonly grey?: PodBehaviour;
  readonly gpus?: number;
  /** Done before the upgrade begins. */
  readonly before?: (namespace: TestNamespace) => Promise<unknown>;
  /** Done to the pod of grey, once its kubelet has taken it up. */
  readonly strike?: (namespace: TestNamespace, pod: Pod) => Promise<unknown>;
  readonly sign: Sign;
};

const waits =
  (...reasons: readonly string[]) =>
  ({ status }: Pod): boolean =>
    status.containerStatuses?.some(({ state }) => reasons.includes(state.waiting?.reason ?? '')) ?? false;

const has =
  (type: string, reason: string) =>
  ({ status }: Pod | ReplicaSet): boolean =>
    status.conditions?.some((condition) => condition.type === type && condition.reason === reason) ?? false;

/** Says of a pod what its kubelet would say. */
const said = (reason: string, message: string) => (namespace: TestNamespace, pod: Pod) =>
  namespace.client.patch(namespace.path('pods', pod.metadata.name, 'status'), {
    status: {
      containerStatuses: [
        {
          name: 'server',
          image: 'model-server:1',
          imageID: '',
          ready: false,
          restartCount: 0,
          state: { waiting: { reason, message } },
        },
      ],
    },
  });

const told = (reason: string, message: string) => (namespace: TestNamespace, pod: Pod) =>
  namespace.create('events', {
    metadata: { name: `${pod.metadata.name}.bench` },
    type: 'Warning',
    reason,
    message,
    involvedObject: {
      apiVersion: 'v1',
      kind: 'Pod',
      namespace: namespace.name,
      name: pod.metadata.name,
      uid: pod.metadata.uid,
    },
    firstTimestamp: new Date().toISOString(),
    lastTimestamp: new Date().toISOString(),
    count: 1,
    source: { component: 'kubelet' },
  });

const STANDSTILLS: readonly Standstill[] = [
  { reason: 'unschedulable', shownBy: 'the scheduler', gpus: 9, sign: { pods: has('PodScheduled', 'Unschedulable') } },
  {
    reason: 'quota',
    shownBy: 'the ReplicaSet',
    before: (namespace) => namespace.setQuota({ pods: '1' }),
    sign: { replicasets: has('ReplicaFailure', 'FailedCreate') },
  },
  { reason: 'image', shownBy: 'the pod', grey: { mode: 'image-pull' }, sign: { pods: waits('ImagePullBackOff') } },
  { reason: 'crash', shownBy: 'the pod', grey: { mode: 'crashloop' }, sign: { pods: waits('CrashLoopBackOff') } },
  {
    reason: 'config',
    shownBy: 'the pod',
    grey: { mode: 'never-ready' },
    strike: said('CreateContainerConfigError', 'secret "model-key" not found'),
    sign: { pods: waits('CreateContainerConfigError') },
  },
  {
    reason: 'config',
    shownBy: 'an Event (volume)',
    grey: { mode: 'pending' },
    strike: told('FailedMount', 'MountVolume.SetUp failed for volume "key" : secret "model-key" not found'),
    sign: { events: ({ reason }) => reason === 'FailedMount' },
  },
  {
    reason: 'node',
    shownBy: 'an Event (sandbox)',
    grey: { mode: 'pending' },
    strike: told('FailedCreatePodSandBox', 'Failed to create pod sandbox: plugin type="cni" failed'),
    sign: { events: ({ reason }) => reason === 'FailedCreatePodSandBox' },
  },
  {
    reason: 'not-ready',
    shownBy: 'the pod',
    // What keeps the run from its end meanwhile.
    main: { terminateSeconds: 'never' },
    grey: { mode: 'degrade', degradeSeconds: 1 },
    sign: {
      pods: ({ status }) =>
        status.conditions?.some(({ type, status: is }) => type === degradedCondition && is === 'True') ?? false,
    },
  },
  {
    reason: 'terminating',
    shownBy: 'the pod',
    main: { terminateSeconds: 'never' },
    sign: { pods: ({ metadata }) => metadata.labels?.['app'] === MAIN && metadata.deletionTimestamp !== undefined },
  },
  {
    reason: 'starting',
    shownBy: 'the pod',
    grey: { mode: 'pending' },
    sign: { pods: ({ metadata }) => metadata.labels?.['app'] === GREY },
  },
];

/** From now on, by the moments of this machine, which is the API server's too. */
type Knowledge = { readonly atMs: () => number | undefined; readonly end: () => void };

/** Watches for the sign. */
const watchFor = ({ client, path }: Pick<TestNamespace, 'client' | 'path'>, sign: Sign): Knowledge => {
  const end = new AbortController();
  let atMs: number | undefined;
  const watch = <K extends keyof Sign>(kind: K, knows: (object: Kinds[K]) => boolean): Promise<void> =>
    follow<Kinds[K]>(
      client,
      path(kind),
      {},
      (change) => {
        if (change.type !== 'LISTED' && knows(change.object)) atMs ??= performance.now();
      },
      end.signal,
    );
  const { pods, replicasets, events } = sign;
  if (pods) void watch('pods', pods);
  if (replicasets) void watch('replicasets', replicasets);
  if (events) void watch('events', events);
  return { atMs: () => atMs, end: () => end.abort() };
};

/** How long after the cluster knew it the reason was told, in ms; 0 where the benchmark's watch was shown it later. */
const delayOf = async (plane: OwnPlane, standstill: Standstill): Promise<number> => {
  const { reason, main = {}, grey = {}, gpus, before, strike, sign } = standstill;
  const client = plane.client();
  const namespace = await TestNamespace.make(client, 'bench');
  await namespace.createDeployment({ name: MAIN, replicas: 1, behaviour: main });
  await namespace.createDeployment({ name: GREY, replicas: 0, behaviour: grey, ...(gpus && { gpus }) });
  await namespace.untilReady(MAIN, 1);
  await before?.(namespace);
  const knowledge = watchFor({ client, path: (kind) => namespace.path(kind) }, sign);
  const program = spawn(process.execPath, [PROGRAM, 'start', '-', '-o', 'json', '--no-fail-fast'], {
    env: { ...process.env, KUBECONFIG: plane.kubeconfig('cli') },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exit = once(program, 'exit');
  program.stdin.end(JSON.stringify(specIn(namespace.name)));
  try {
    const lines = createInterface({ input: program.stdout, signal: AbortSignal.timeout(LONGEST_MS) });
    const toldMs = named(lines, reason);
    toldMs.catch(() => undefined);
    if (strike) {
      const there = await namespace.untilPods(GREY, (pods) => pods.some(({ status }) => status.containerStatuses));
      for (const pod of there) await strike(namespace, pod);
    }
    const at = await toldMs;
    return Math.max(0, at - (knowledge.atMs() ?? at));
  } finally {
    program.kill('SIGTERM');
    await exit;
    knowledge.end();
    await namespace.delete();
    client.close();
  }
};

const PROGRAM = join(import.meta.dirname, '../bin/dupgrade.js');

const specIn = (namespace: string): object => ({
  apiVersion: 'dupgrade.dev/v1',
  kind: 'DeploymentUpgrade',
  metadata: { name: 'bench', namespace },
  spec: { main: { deployment: MAIN, target: 0 }, grey: { deployment: GREY, target: 1 }, step: 1 },
});

/** When the first event with a cause of this reason was read. */
const named = async (lines: AsyncIterable<string>, reason: PodReason): Promise<number> => {
  for await (const line of lines) {
    const { standing } = fromJson<{ readonly standing?: Standing }>(line);
    if (standing?.causes.some((cause) => cause.reason === reason)) return performance.now();
  }
  throw new Error(`dupgrade ended without having told of ${reason}`);
};

const { values } = parseArgs({
  options: { ...JSON_FILE, rounds: { type: 'string', default: '10' } },
});
const rounds = Number(values.rounds);

const plane = await startPlane();
const delays = STANDSTILLS.map((): number[] => []);
try {
  const client = plane.client();
  await makeNodes(client, { count: 2, gpus: 8, prefix: 'gpu' });
  client.close();
  for (let round = 0; round < rounds; round += 1) {
    for (const [i, standstill] of STANDSTILLS.entries()) delays[i]?.push(await delayOf(plane, standstill));
  }
} finally {
  await plane.stop();
}

const figures = STANDSTILLS.flatMap(({ reason, shownBy }, i): Figure[] => {
  const sorted = (delays[i] ?? []).toSorted((a, b) => a - b);
  const of = (share: number): number => percentile(sorted, share) ?? Number.NaN;
  const what = `${reason}, shown by ${shownBy}`;
  return [
    { what: `${what}: median`, measured: of(0.5), unit: 'ms' },
    { what: `${what}: at most`, measured: of(1), unit: 'ms', goal: GOAL_MS },
  ];
});
const title = `from the cluster's knowing of a cause to the event that names it, ${rounds} rounds`;
const details = STANDSTILLS.map(({ reason, shownBy }, i) => ({ reason, shownBy, delaysMs: delays[i] }));
report({ title, figures, details }, values.json);
