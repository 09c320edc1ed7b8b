/** Counting one change at a time comes to what counting everything anew comes to. */
import { type Arbitrary, array, assert, boolean, constantFrom, nat, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Condition, CopyChange, Pod } from '../../src/cluster/port.ts';
import { causesOf } from '../../src/drive/causes.ts';
import { observeSide, type SideObjects } from '../../src/drive/observe.ts';
import { Pods } from '../../src/drive/pods.ts';
import type { Cause } from '../../src/upgrade/health.ts';

const SETS = ['current', 'old', 'foreign'] as const;

/** What a pod is like, as far as it is counted. */
type Look = {
  readonly uid: number;
  readonly owner: (typeof SETS)[number] | undefined;
  readonly phase: 'Pending' | 'Running' | 'Failed' | 'Succeeded';
  readonly isReady: boolean;
  readonly isTerminating: boolean;
  readonly isPlaced: boolean;
  readonly waiting: string | undefined;
  readonly tookSeconds: number;
};

const look: Arbitrary<Look> = record({
  uid: nat(5),
  owner: constantFrom(...SETS, undefined),
  phase: constantFrom('Pending', 'Running', 'Running', 'Failed', 'Succeeded'),
  isReady: boolean(),
  isTerminating: boolean(),
  isPlaced: boolean(),
  waiting: constantFrom(undefined, 'ErrImagePull', 'CrashLoopBackOff'),
  tookSeconds: nat(2),
});

const change = record({ look, isGone: boolean() });

const readiness = (isReady: boolean, tookSeconds = 0): Condition => ({
  type: 'Ready',
  status: isReady ? 'True' : 'False',
  lastTransitionTime: `2026-01-01T00:00:0${tookSeconds}Z`,
});

const podOf = ({ uid, owner, phase, isReady, isTerminating, isPlaced, waiting, tookSeconds }: Look): Pod => ({
  metadata: {
    namespace: 'serving',
    name: `pod-${uid}`,
    uid: String(uid),
    creationTimestamp: '2026-01-01T00:00:00Z',
    ...(owner && { ownerReferences: [{ uid: owner, kind: 'ReplicaSet', name: owner, controller: true }] }),
    ...(isTerminating && { deletionTimestamp: '2026-01-01T00:00:00Z' }),
  },
  ...(isPlaced && { spec: { nodeName: 'gpu-1' } }),
  status: {
    phase,
    conditions: [readiness(isReady, tookSeconds)],
    containerStatuses: [{ name: 'server', state: waiting === undefined ? {} : { waiting: { reason: waiting } } }],
  },
});

const replicaSet = (uid: string, revision: string, owner: string) => ({
  metadata: {
    namespace: 'serving',
    name: uid,
    uid,
    annotations: { 'deployment.kubernetes.io/revision': revision },
    ownerReferences: [{ uid: owner, kind: 'Deployment', name: owner, controller: true }],
  },
  spec: {},
});

const TWO_GPUS = {
  containers: [{ name: 'server', image: 'server:1', resources: { limits: { 'nvidia.com/gpu': '2' } } }],
};

const sideOf = (pods: Pods): SideObjects => ({
  deployment: {
    metadata: {
      namespace: 'serving',
      name: 'server',
      uid: 'server',
      annotations: { 'deployment.kubernetes.io/revision': '2' },
    },
    spec: { replicas: 3, selector: {}, template: { spec: TWO_GPUS } },
  },
  replicaSets: [
    replicaSet('current', '2', 'server'),
    replicaSet('old', '1', 'server'),
    replicaSet('foreign', '2', 'other'),
  ],
  pods,
});

/** The counts of looks as they stand, without any memory. */
const countedAnew = (looks: readonly Look[]) => {
  const own = looks.filter(
    ({ owner, phase }) => (owner === 'current' || owner === 'old') && (phase === 'Pending' || phase === 'Running'),
  );
  const terminating = own.filter(({ isTerminating }) => isTerminating).length;
  return {
    asked: 3,
    ready: own.filter(({ owner, isReady, isTerminating }) => owner === 'current' && isReady && !isTerminating).length,
    existing: own.length,
    terminating,
    gpus: 2 * own.filter(({ isPlaced }) => isPlaced).length,
  };
};

const pairsOf = (causes: readonly Cause[]): readonly string[] =>
  causes.map(({ reason, pods }) => `${pods} ${reason}`).toSorted();

describe('pods, counted as they change', () => {
  it('come to the counts and causes of the pods that there are, after any changes', () => {
    assert(
      property(array(change, { maxLength: 60 }), (changes) => {
        const pods = new Pods();
        const looks = new Map<number, Look>();
        for (const { look: next, isGone } of changes) {
          pods.change({ object: podOf(next), isGone });
          if (isGone) looks.delete(next.uid);
          else looks.set(next.uid, next);

          const there = [...looks.values()];
          const counts = countedAnew(there);
          const leaving = counts.terminating > 0 ? { leaving: counts.terminating } : {};
          expect(observeSide(sideOf(pods), 'TerminationComplete')).toEqual({ ...counts, ...leaving });
          const alive = { ...counts, existing: counts.existing - counts.terminating };
          expect(observeSide(sideOf(pods), 'TerminationStarted')).toEqual(alive);
          const anew = Pods.of(there.map(podOf));
          expect(pods.timesTakenBy('current')).toEqual(anew.timesTakenBy('current'));
          expect(pairsOf(causesOf('grey', sideOf(pods)))).toEqual(pairsOf(causesOf('grey', sideOf(anew))));
          const unsettled = there.filter(
            ({ owner, phase, isReady, isTerminating }) =>
              (owner === 'current' || owner === 'old') &&
              (phase === 'Pending' || phase === 'Running') &&
              (isTerminating || !isReady),
          );
          const told = causesOf('grey', sideOf(pods)).reduce((sum, cause) => sum + cause.pods, 0);
          expect(told).toBe(unsettled.length);
        }
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('show the pod that has stood still for the longest, and what it says now', () => {
    const starting: Look = {
      uid: 1,
      owner: 'current',
      phase: 'Running',
      isReady: false,
      isTerminating: false,
      isPlaced: true,
      tookSeconds: 0,
      waiting: 'ErrImagePull',
    };
    const told = (changes: readonly CopyChange<Pod>[]) => {
      const pods = new Pods();
      for (const each of changes) pods.change(each);
      return causesOf('grey', sideOf(pods)).map(
        ({ example, message, pods: count }) => `${count} ${example} ${message}`,
      );
    };
    const first = { object: podOf(starting), isGone: false };
    const second = { object: podOf({ ...starting, uid: 2 }), isGone: false };
    const turned = { object: podOf({ ...starting, waiting: 'ErrImagePull', phase: 'Pending' }), isGone: false };
    expect(told([first, second, turned])).toEqual(['2 pod-1 ErrImagePull']);
    expect(told([first, second, { ...first, isGone: true }])).toEqual(['1 pod-2 ErrImagePull']);
    expect(told([first, second, { object: podOf({ ...starting, isReady: true }), isGone: false }, first])).toEqual([
      '2 pod-2 ErrImagePull',
    ]);
  });
});
