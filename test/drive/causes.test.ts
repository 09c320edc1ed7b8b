import { describe, expect, it } from 'vitest';
import type { Condition, ContainerStatus, KubernetesEvent, Pod } from '../../src/cluster/port.ts';
import { causesOf, causesOfBoth, type Evidence } from '../../src/drive/causes.ts';
import type { SideObjects } from '../../src/drive/observe.ts';
import { Pods } from '../../src/drive/pods.ts';
import type { PodEvidence } from '../../src/drive/pod-finding.ts';
import type { Cause } from '../../src/upgrade/health.ts';

const STARTED = '2026-11-23T10:00:00Z';
const LATER = '2026-11-23T10:05:00Z';

const owned = (uid: string) => [{ uid, kind: 'any', name: 'any', controller: true }];

const pod = (name: string, status: Pod['status'], metadata: Partial<Pod['metadata']> = {}): Pod => ({
  metadata: { namespace: 'serving', name, ownerReferences: owned('set'), ...metadata },
  ...(status && { status }),
});

const container = (state: ContainerStatus['state'], more: Partial<ContainerStatus> = {}): Pod['status'] => ({
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: STARTED }],
  containerStatuses: [{ name: 'server', ...(state && { state }), ...more }],
});

const side = (pods: readonly Pod[], failure?: Condition): SideObjects => ({
  deployment: {
    metadata: { namespace: 'serving', name: 'llama-v2', uid: 'deployment' },
    spec: { selector: {}, template: {} },
  },
  replicaSets: [
    {
      metadata: { namespace: 'serving', name: 'llama-v2-1', uid: 'set', ownerReferences: owned('deployment') },
      spec: {},
      ...(failure && { status: { conditions: [failure] } }),
    },
  ],
  pods: Pods.of(pods),
});

const QUOTA: Condition = {
  type: 'ReplicaFailure',
  status: 'True',
  reason: 'FailedCreate',
  message: 'pods "x" is forbidden: exceeded quota: q',
};

const running = { running: { startedAt: STARTED } };
const looping = (restartCount: number, ranSeconds = 2): Pod['status'] =>
  container(
    { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 20s restarting failed container=server' } },
    {
      restartCount,
      lastState: { terminated: { exitCode: 3, startedAt: STARTED, finishedAt: afterStart(ranSeconds) } },
    },
  );
const afterStart = (seconds: number): string => new Date(Date.parse(STARTED) + seconds * 1000).toISOString();
const waiting = (reason: string, message?: string): Pod['status'] =>
  container({ waiting: { reason, ...(message !== undefined && { message }) } });
const unscheduled = (message: string): Pod['status'] => ({
  phase: 'Pending',
  conditions: [
    { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message, lastTransitionTime: STARTED },
  ],
});

const event = (reason: string, message: string, more: Partial<KubernetesEvent> = {}): KubernetesEvent => ({
  metadata: { namespace: 'serving', name: `a.${reason}`, resourceVersion: '1' },
  involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace: 'serving', name: 'a', uid: 'a' },
  type: 'Warning',
  reason,
  message,
  source: { component: 'kubelet' },
  reportingComponent: 'kubelet',
  reportingInstance: 'node',
  firstTimestamp: STARTED,
  lastTimestamp: LATER,
  count: 1,
  ...more,
});

const evidenceOf = (evidence: Partial<PodEvidence>): Evidence => new Map([['a', { events: [], ...evidence }]]);

type Row = readonly [what: string, status: Pod['status'], cause: string, evidence?: Partial<PodEvidence>];

/** `reason`, and `!` where it cannot heal by itself. The rows of krane, which has failed deploys for years by them, come first. */
const table: readonly Row[] = [
  // krane: doomed.
  ['krane: a container that crashes again and again', looping(2), 'crash!'],
  ['krane: an image that is not there', waiting('ImagePullBackOff', 'ErrImagePull: image x: not found'), 'image!'],
  ['krane: a missing secret', waiting('CreateContainerConfigError', 'secret "x" not found'), 'config!'],
  [
    'krane: a container that cannot run',
    container(
      { waiting: { reason: 'CrashLoopBackOff' } },
      { restartCount: 3, lastState: { terminated: { reason: 'ContainerCannotRun', exitCode: 127 } } },
    ),
    'crash!',
  ],
  // krane: not doomed.
  [
    'krane: a secret that the kubelet could not look up',
    waiting('CreateContainerConfigError', 'failed to sync secret cache: timed out waiting for the condition'),
    'config',
  ],
  [
    'krane: a container that cannot run for want of its node (128)',
    container({ terminated: { reason: 'ContainerCannotRun', exitCode: 128 } }, { restartCount: 1 }),
    'crash',
  ],
  ['krane: a pull that failed for another reason', waiting('ErrImagePull', 'dial tcp: i/o timeout'), 'image'],
  ['krane: an evicted pod', { phase: 'Failed', reason: 'Evicted' }, ''],
  ['krane: a preempted pod', { phase: 'Failed', reason: 'Preempting' }, ''],
  ['krane: a pod that fits on no node', unscheduled('0/3 nodes are available: 3 Insufficient cpu.'), 'unschedulable'],
  ['krane: a readiness probe that fails', container(running), 'starting'],
  // What may yet heal of them.
  ['a container that has crashed twice', looping(1), 'crash'],
  ['a container that crashed after it had run for long', looping(5, 660), 'crash'],
  ['a first failure to pull an image that is not there', waiting('ErrImagePull', 'image x: not found'), 'image'],
  ['an image of which the registry knows nothing yet', waiting('ImagePullBackOff', 'ErrImagePull: EOF'), 'image'],
  ['a registry that has had too many requests', waiting('ImagePullBackOff', '429 toomanyrequests: limit'), 'image'],
  // Images.
  ['an image that is not for us', waiting('ImagePullBackOff', 'ErrImagePull: 401 Unauthorized'), 'image!'],
  ['an image that is denied', waiting('ImagePullBackOff', 'pull access denied, repository does not exist'), 'image!'],
  ['a name that is none of an image', waiting('InvalidImageName', "couldn't parse image name"), 'image!'],
  ['an image that is never pulled', waiting('ErrImageNeverPull', 'not present with pull policy of Never'), 'image!'],
  [
    'an image that an Event alone says is not there',
    waiting('ImagePullBackOff', 'Back-off pulling image "x"'),
    'image!',
    { events: [event('Failed', 'Failed to pull image "x": manifest unknown')] },
  ],
  // Crashes.
  ['a container that needs more memory than it may have', container({ terminated: { exitCode: 137 } }), 'crash'],
  [
    'an init container that fails',
    { initContainerStatuses: [{ name: 'i', state: { terminated: { exitCode: 1 } } }] },
    'crash',
  ],
  // Configuration.
  ['a container that cannot be made', waiting('CreateContainerError', 'context deadline exceeded'), 'config'],
  [
    'a claim that does not exist',
    unscheduled('0/1 nodes are available: persistentvolumeclaim "x" not found.'),
    'config!',
  ],
  [
    'a volume of a secret that is missing still',
    waiting('ContainerCreating'),
    'config!',
    { events: [event('FailedMount', 'MountVolume.SetUp failed for volume "v" : secret "x" not found', { count: 2 })] },
  ],
  [
    'a volume of a secret that was missing once',
    waiting('ContainerCreating'),
    'config',
    { events: [event('FailedMount', 'MountVolume.SetUp failed for volume "v" : secret "x" not found')] },
  ],
  [
    'a volume that another pod has',
    waiting('ContainerCreating'),
    'config',
    { events: [event('FailedAttachVolume', 'Multi-Attach error for volume "v"', { count: 9 })] },
  ],
  [
    'a volume that was mounted in the end',
    waiting('ContainerCreating'),
    'starting',
    {
      events: [
        event('FailedMount', 'MountVolume.SetUp failed: secret "x" not found', { count: 3, lastTimestamp: STARTED }),
        event('Pulling', 'Pulling image "x"'),
      ],
    },
  ],
  // Nodes.
  ['a pod whose node is lost', { ...container(running), reason: 'NodeLost', message: 'gone' }, 'node'],
  [
    'a pod whose node is not ready',
    container(running),
    'node',
    {
      node: { metadata: { namespace: '', name: 'n' }, status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } },
    },
  ],
  [
    'a pod for which its node has no network',
    waiting('ContainerCreating'),
    'node',
    { events: [event('FailedCreatePodSandBox', 'Failed to create pod sandbox: cni plugin not initialized')] },
  ],
  [
    'the same, in the second in which the scheduler says to the microsecond that it found one',
    waiting('ContainerCreating'),
    'node',
    {
      events: [
        event('Scheduled', 'Successfully assigned', { lastTimestamp: LATER.replace('Z', '.812345Z') }),
        event('FailedCreatePodSandBox', 'Failed to create pod sandbox', {
          metadata: { namespace: 'serving', name: 'a.later', resourceVersion: '2' },
        }),
      ],
    },
  ],
  // Only slow.
  [
    'an image that is being pulled',
    waiting('ContainerCreating'),
    'starting',
    { events: [event('Pulling', 'Pulling image "x"')] },
  ],
  ['a pod that has started and was never ready', container(running), 'starting'],
  [
    'a pod that was ready and is not any more',
    { ...container(running), conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: LATER }] },
    'not-ready',
  ],
];

const told = ({ reason, doomed }: Cause): string => `${reason}${doomed === true ? '!' : ''}`;

const causeOf = (status: Pod['status'], evidence: Partial<PodEvidence> = {}, metadata: Partial<Pod['metadata']> = {}) =>
  causesOf(
    'grey',
    side([{ ...pod('a', status, { uid: 'a', ...metadata }), spec: { nodeName: 'n' } }]),
    evidenceOf(evidence),
  )[0];

describe('what keeps a pod from becoming ready', () => {
  it.each(table.map(([what, status, cause, evidence = {}]) => ({ what, status, cause, evidence })))(
    '$what',
    ({ status, cause, evidence }) => {
      const found = causeOf(status, evidence);
      expect(found === undefined ? '' : told(found)).toBe(cause);
    },
  );

  it('is told with the pod, since when, and what is known of it', () => {
    expect(causeOf(looping(2), { log: ['CUDA out of memory'] })).toEqual({
      reason: 'crash',
      doomed: true,
      side: 'grey',
      pods: 1,
      example: 'a',
      namespace: 'serving',
      since: STARTED,
      detail: { kind: 'exit', container: 'server', exitCode: 3, outOfMemory: false, restarts: 2 },
      log: ['CUDA out of memory'],
    });
  });

  it('is a probe, by the last Event of one', () => {
    const status = {
      ...container(running),
      conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: LATER }],
    };
    const events = [
      event('Unhealthy', 'Startup probe failed: connection refused', { lastTimestamp: STARTED }),
      event('Unhealthy', 'Liveness probe failed: HTTP probe failed with statuscode: 503'),
    ];
    expect(causeOf(status, { events })).toMatchObject({
      reason: 'not-ready',
      message: 'Liveness probe failed: HTTP probe failed with statuscode: 503',
      detail: { kind: 'probe', probe: 'liveness' },
    });
  });

  it.each<[string, Pod['status'], Partial<PodEvidence>, object]>([
    [
      'pulls an image',
      waiting('ContainerCreating'),
      { events: [event('Pulling', 'Pulling image "x"')] },
      { stage: 'pulling-image' },
    ],
    ['waits for its startup probe', container(running, { started: false }), {}, { stage: 'startup-probe' }],
    ['waits for its readiness probe', container(running, { started: true }), {}, { stage: 'readiness-probe' }],
    ['runs once more', container(running, { restartCount: 2 }), {}, { stage: 'readiness-probe', restarts: 2 }],
    [
      'loads a model',
      container(running),
      { log: ['Loading safetensors checkpoint shards:  40% Completed | 2/5'] },
      { stage: 'loading-model', server: 'vLLM', percent: 40 },
    ],
  ])('may be only that it %s', (_, status, evidence, detail) => {
    expect(causeOf(status, evidence)).toMatchObject({ reason: 'starting', detail: { kind: 'start', ...detail } });
  });

  it('is who holds it, of a pod that is to go', () => {
    const metadata = { deletionTimestamp: '2026-11-23T10:05:30Z', deletionGracePeriodSeconds: 30 };
    const detail = { kind: 'holder', finalizers: [], graceSeconds: 30 };
    expect(causeOf(container(running), {}, metadata)).toMatchObject({ reason: 'terminating', since: LATER, detail });
    const finalizers = ['example.com/drain'];
    expect(causeOf(container(running), {}, { ...metadata, finalizers })).toMatchObject({
      detail: { ...detail, finalizers },
    });
  });
});

const on = (name: string, nodeName: string): Pod => ({
  ...pod(name, container(running), { uid: name }),
  spec: { nodeName },
});

const nodeThatIs = (status: 'False' | 'Unknown', name: string) => ({
  metadata: { namespace: '', name },
  status: { conditions: [{ type: 'Ready', status }] },
});

describe('the causes of a side', () => {
  it('are none where all pods are ready, and none of pods that are others’', () => {
    const ready = pod('a', { conditions: [{ type: 'Ready', status: 'True' }] });
    const foreign = pod('b', waiting('ImagePullBackOff'), { ownerReferences: owned('other') });
    expect(causesOf('main', side([ready, foreign]))).toEqual([]);
  });

  it('count alike pods together, and tell first what cannot heal by itself', () => {
    const pods = [
      pod('a', container(running)),
      pod('b', container(running)),
      pod('c', waiting('ErrImagePull')),
      pod('d', looping(4)),
    ];
    expect(causesOf('grey', side(pods, QUOTA)).map((cause) => `${cause.pods} ${told(cause)}`)).toEqual([
      '1 crash!',
      '0 quota',
      '1 image',
      '2 starting',
    ]);
  });

  it('name the pod that has stood still for the longest', () => {
    const since = (name: string, lastTransitionTime: string): Pod =>
      pod(name, { ...container(running), conditions: [{ type: 'Ready', status: 'False', lastTransitionTime }] });
    const pods = [since('a', afterStart(-5)), since('b', afterStart(-9)), since('c', afterStart(-9))];
    expect(causesOf('grey', side(pods))).toMatchObject([{ pods: 3, example: 'b', since: afterStart(-9) }]);
  });

  it('blame a node for its own pods only', () => {
    const found = causesOf(
      'grey',
      side([on('a', 'n1'), on('b', 'n2'), on('c', 'n1')]),
      evidenceOf({ node: nodeThatIs('False', 'n1') }),
    );
    expect(found.map((cause) => [cause.reason, cause.pods, cause.example])).toEqual([
      ['node', 2, 'a'],
      ['starting', 1, 'b'],
    ]);
  });

  it('blame each of several nodes, and no node of which nothing is known', () => {
    const pods = [on('a', 'n1'), on('b', 'n2'), on('c', 'n1'), on('d', 'n3'), on('e', 'n3')];
    const evidence = new Map([
      ['a', { events: [], node: nodeThatIs('Unknown', 'n1') }],
      ['b', { events: [], node: nodeThatIs('Unknown', 'n2') }],
    ]);
    expect(
      causesOf('grey', side(pods), evidence).map(({ reason, pods: count, example }) => [reason, count, example]),
    ).toEqual([
      ['node', 2, 'a'],
      ['node', 1, 'b'],
      ['starting', 2, 'd'],
    ]);
  });

  it('forget a quota that pods were made past since', () => {
    const objects = side([], QUOTA);
    const [set] = objects.replicaSets;
    if (set === undefined) throw new Error('there is no ReplicaSet');
    const at = (replicas: number) => ({ ...set, spec: { replicas: 3 }, status: { ...set.status, replicas } });
    expect(causesOf('grey', { ...objects, replicaSets: [at(2)] })).toMatchObject([{ reason: 'quota', pods: 0 }]);
    expect(causesOf('grey', { ...objects, replicaSets: [at(3)] })).toEqual([]);
  });

  it('tell the gravest of both sides first', () => {
    const main = side([
      pod('a', { ...container(running), conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: LATER }] }),
    ]);
    const grey = side([pod('b', waiting('ErrImagePull'))]);
    expect(causesOfBoth({ main, grey }).map(({ side: of, reason }) => `${of} ${reason}`)).toEqual([
      'grey image',
      'main not-ready',
    ]);
  });
});
