import { expect, it } from 'vitest';
import { type Cluster, ClusterError, type Pod } from '../../src/cluster/port.ts';
import { VirtualClock } from '../../src/cluster/virtual/clock.ts';
import { Inquiry } from '../../src/drive/inquiry.ts';

const pod: Pod = {
  metadata: { namespace: 'serving', name: 'p', uid: 'p', resourceVersion: '1' },
  spec: { nodeName: 'gpu-0' },
  status: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'False' }],
    containerStatuses: [{ name: 'server', ready: false, state: { running: { startedAt: '2026-01-01T00:00:00Z' } } }],
  },
};

const starting = { finding: { reason: 'starting' }, example: pod, since: '', pods: 1, groups: [] } as const;

/** A cluster that counts what it is asked, and what is followed in it. */
const clusterOf = (answer: <T>(value: T) => Promise<T>) => {
  const asked = { requests: 0, followed: 0 };
  const unused = (): never => {
    throw new Error('not asked for here');
  };
  const request = <T>(value: T): Promise<T> => {
    asked.requests += 1;
    return answer(value);
  };
  const cluster: Cluster = {
    get: () => request(undefined),
    log: () => request([]),
    follow: () => {
      asked.followed += 1;
      const close = (): void => {
        asked.followed -= 1;
      };
      return { objects: () => [], synced: request(undefined), refresh: () => Promise.resolve(), close };
    },
    list: unused,
    create: unused,
    replace: unused,
    scale: unused,
    denied: unused,
  };
  return { cluster, asked };
};

it('ends what it follows of a pod when that stands still no more', async () => {
  const { cluster, asked } = clusterOf((value) => Promise.resolve(value));
  const clock = new VirtualClock();
  const inquiry = new Inquiry({ cluster, clock }, () => undefined);
  inquiry.about([starting]);
  await clock.advance(60_000);
  inquiry.about([starting]);
  expect(asked.followed).toBe(1);
  inquiry.about([]);
  expect(asked.followed).toBe(0);
  expect(clock.untilNextMs).toBeUndefined();
});

it('asks no more where everything was denied', async () => {
  const denied = new ClusterError('forbidden', 'no');
  const { cluster, asked } = clusterOf(() => Promise.reject(denied));
  const clock = new VirtualClock();
  const inquiry = new Inquiry({ cluster, clock }, () => undefined);
  for (let i = 0; i < 10; i += 1) {
    inquiry.about([starting]);
    await clock.advance(60_000);
  }
  expect(asked).toEqual({ requests: 3, followed: 0 });
  expect(inquiry.about([starting]).size).toBe(0);
  expect(clock.untilNextMs).toBeUndefined();
});

it('leaves a pod alone that is as it is for a moment, and one that is told to go for its grace period', async () => {
  const { cluster, asked } = clusterOf((value) => Promise.resolve(value));
  const clock = new VirtualClock();
  const inquiry = new Inquiry({ cluster, clock }, () => undefined);
  /** Looks at a pod, and again after `ms`; how often it has been asked about by then. */
  const after = async (ms: number, example: Pod, reason: 'not-ready' | 'terminating'): Promise<number> => {
    const alike = [{ finding: { reason }, example, since: '', pods: 1, groups: [] }] as const;
    inquiry.about(alike);
    await clock.advance(ms);
    inquiry.about(alike);
    return asked.requests;
  };
  const ready = { name: 'server', ready: true, state: { running: { startedAt: '2026-01-01T00:00:00Z' } } };
  const running: Pod = {
    ...pod,
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'False', reason: 'ReadinessGatesNotReady' }],
      containerStatuses: [ready],
    },
  };
  expect(await after(499, running, 'not-ready')).toBe(0);
  // Its Events and its node.
  expect(await after(1, running, 'not-ready')).toBe(2);
  const deletionTimestamp = '2026-01-01T00:01:00Z';
  const going: Pod = {
    ...running,
    metadata: { ...pod.metadata, resourceVersion: '2', deletionTimestamp, deletionGracePeriodSeconds: 30 },
  };
  await clock.advance(60_000);
  expect(await after(29_999, going, 'terminating')).toBe(2);
  expect(await after(1, going, 'terminating')).toBe(3);
});

it('asks about a pod elsewhere once a node is known to be what keeps those that are like it', async () => {
  const asked: string[] = [];
  const { cluster } = clusterOf((value) => Promise.resolve(value));
  const lost = { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } };
  const nodes: Cluster = {
    ...cluster,
    get: (_, ref) => {
      asked.push(ref.name);
      return Promise.resolve({ metadata: ref, ...(ref.name !== 'gpu-2' && lost) } as never);
    },
  };
  const clock = new VirtualClock();
  const on = (name: string, nodeName: string): [string, Pod] => [
    name,
    { ...pod, metadata: { ...pod.metadata, name, uid: name }, spec: { nodeName } },
  ];
  const pods = new Map([on('a', 'gpu-0'), on('b', 'gpu-0'), on('c', 'gpu-1'), on('d', 'gpu-2')]);
  const alike = [{ ...starting, example: on('a', 'gpu-0')[1], pods: 4, groups: [pods] }] as const;
  const inquiry = new Inquiry({ cluster: nodes, clock }, () => void inquiry.about(alike));
  inquiry.about(alike);
  await clock.advance(5000);
  // The last is well, and what its pod shows stands for all that are like it.
  expect(asked).toEqual(['gpu-0', 'gpu-1', 'gpu-2']);
});
