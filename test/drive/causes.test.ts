import { describe, expect, it } from 'vitest';
import type { Condition, ContainerStatus, Pod } from '../../src/cluster/port.ts';
import { causesOf, causesOfBoth } from '../../src/drive/causes.ts';
import type { SideObjects } from '../../src/drive/observe.ts';
import { Pods } from '../../src/drive/pods.ts';

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

const running = { running: { startedAt: STARTED } };
const table: [what: string, pod: Pod, reason: string, message?: string][] = [
  [
    'a pod that fits on no node',
    pod('a', {
      phase: 'Pending',
      conditions: [
        { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes are available' },
      ],
    }),
    'unschedulable',
    '0/3 nodes are available',
  ],
  [
    'an image that is not there',
    pod('a', container({ waiting: { reason: 'ImagePullBackOff', message: 'not found' } })),
    'image',
    'not found',
  ],
  [
    'a missing secret',
    pod('a', container({ waiting: { reason: 'CreateContainerConfigError', message: 'secret "x" not found' } })),
    'config',
    'secret "x" not found',
  ],
  [
    'a container that crashes',
    pod('a', container({ waiting: { reason: 'CrashLoopBackOff' } }, { lastState: { terminated: { exitCode: 3 } } })),
    'crash',
    'container server exited with 3',
  ],
  [
    'a container that needs more memory than it may have',
    pod('a', container({ terminated: { exitCode: 137, reason: 'OOMKilled' } })),
    'crash',
    'container server was killed for its memory (OOMKilled)',
  ],
  ['an image that is being pulled', pod('a', container({ waiting: { reason: 'ContainerCreating' } })), 'starting'],
  ['a pod that has started and was never ready', pod('a', container(running)), 'starting'],
  [
    'a pod that was ready and is not any more',
    pod('a', {
      ...container(running),
      conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: LATER, message: 'probe failed' }],
    }),
    'not-ready',
    'probe failed',
  ],
  ['a pod that is being deleted', pod('a', container(running), { deletionTimestamp: LATER }), 'terminating'],
  [
    'a pod whose deletion a finalizer holds up',
    pod('a', container(running), { deletionTimestamp: LATER, finalizers: ['example.com/drain'] }),
    'terminating',
    'held by the finalizer example.com/drain',
  ],
];

describe('what keeps pods of a side from becoming ready, or from going', () => {
  it.each(table)('%s', (_, one, reason, message) => {
    expect(causesOf('grey', side([one]))).toEqual([
      { reason, side: 'grey', pods: 1, example: 'a', ...(message === undefined ? {} : { message }) },
    ]);
  });

  it('is nothing where all pods are ready, and nothing of pods that are others’', () => {
    const ready = pod('a', { conditions: [{ type: 'Ready', status: 'True' }] });
    const foreign = pod('b', container({ waiting: { reason: 'ImagePullBackOff' } }), {
      ownerReferences: owned('other'),
    });
    expect(causesOf('main', side([ready, foreign]))).toEqual([]);
  });

  it('counts alike pods together, and tells first what cannot heal by itself', () => {
    const pods = [
      pod('a', container(running)),
      pod('b', container(running)),
      pod('c', container({ waiting: { reason: 'ErrImagePull' } })),
    ];
    const quota: Condition = {
      type: 'ReplicaFailure',
      status: 'True',
      reason: 'FailedCreate',
      message: 'pods "x" is forbidden: exceeded quota: q',
    };
    expect(causesOf('grey', side(pods, quota)).map(({ reason, pods: alike }) => [reason, alike])).toEqual([
      ['quota', 0],
      ['image', 1],
      ['starting', 2],
    ]);
  });

  it('tells the gravest of both sides first', () => {
    const main = side([
      pod('a', { ...container(running), conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: LATER }] }),
    ]);
    const grey = side([pod('b', container({ waiting: { reason: 'ErrImagePull' } }))]);
    expect(causesOfBoth({ main, grey }).map(({ side: of, reason }) => `${of} ${reason}`)).toEqual([
      'grey image',
      'main not-ready',
    ]);
  });
});
