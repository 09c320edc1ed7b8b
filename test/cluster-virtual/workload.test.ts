import { describe, expect, it } from 'vitest';
import { conditionOf, isReady, isTerminating, type VirtualPod } from '../../src/cluster/virtual/objects.ts';
import type { DeploymentSetup, Failure } from '../../src/cluster/virtual/scenario.ts';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import { causesOf } from '../../src/drive/causes.ts';
import { Pods } from '../../src/drive/pods.ts';
import { deployment, fixed, MAIN, podsOf, pool, scenario } from './given.ts';

const DAY_MS = 24 * 3_600_000;

const ascending = (a: number, b: number): number => a - b;

const readyOf = (cluster: VirtualCluster): number =>
  podsOf(cluster).filter((pod) => isReady(pod) && !isTerminating(pod)).length;

const scaleTo = (cluster: VirtualCluster, replicas: number): void =>
  cluster.do({ kind: 'scale', deployment: MAIN, replicas, manager: 'kubectl' });

const withPods = (given: Partial<DeploymentSetup>, nodes = [pool()]): VirtualCluster =>
  new VirtualCluster(scenario({ nodes, deployments: [deployment(given)] }));

/** What the driver would tell of the pods. */
const reasonsOf = (cluster: VirtualCluster): readonly string[] => {
  const { api } = cluster;
  const found = api.get('deployments', MAIN);
  if (found === undefined) throw new Error('there is no Deployment');
  const replicaSets = api.list('replicasets', {}).items;
  return causesOf('main', { deployment: found, replicaSets, pods: Pods.of(podsOf(cluster)) }).map(
    ({ reason, pods, message }) => `${pods} ${reason}${message === undefined ? '' : `: ${message}`}`,
  );
};

describe('a cluster at its beginning', () => {
  it('is settled: pods that fit are ready, statuses say so, and nothing is due', () => {
    const cluster = withPods({ replicas: 12 });
    const { api, clock } = cluster;
    expect(readyOf(cluster)).toBe(12);
    expect(clock.untilNextMs).toBeUndefined();
    expect(clock.monotonic()).toBe(0);
    expect(api.get('deployments', MAIN)?.status).toMatchObject({
      observedGeneration: 1,
      replicas: 12,
      updatedReplicas: 12,
      readyReplicas: 12,
      availableReplicas: 12,
      unavailableReplicas: 0,
      terminatingReplicas: 0,
    });
  });

  it('has pods that were started long ago, as pods of their Deployment are, and only then ones that fail', () => {
    const cluster = withPods({
      replicas: 30,
      readyAfter: { kind: 'range', fromMs: 20_000, toMs: 60_000 },
      failures: [{ kind: 'never-ready', pods: [1] }],
    });
    const timeOf = (pod: VirtualPod, type: string): number =>
      Date.parse(conditionOf(pod.status, type)?.lastTransitionTime ?? '');
    const [failing, ...well] = podsOf(cluster).toSorted((a, b) => Number(isReady(a)) - Number(isReady(b)));
    const tookMs = well.map((pod) => timeOf(pod, 'Ready') - Date.parse(pod.metadata.creationTimestamp ?? ''));
    expect(Math.min(...tookMs)).toBeGreaterThanOrEqual(20_000);
    expect(Math.max(...tookMs)).toBeLessThanOrEqual(60_000);
    expect(new Set(tookMs).size).toBeGreaterThan(10);
    for (const pod of well) {
      const { creationTimestamp = '' } = pod.metadata;
      const startedAt = pod.status.containerStatuses?.[0]?.state?.running?.startedAt ?? '';
      expect(timeOf(pod, 'PodScheduled')).toBe(Date.parse(creationTimestamp));
      expect(Date.parse(startedAt)).toBeGreaterThanOrEqual(Date.parse(creationTimestamp));
      expect(Date.parse(startedAt)).toBeLessThan(timeOf(pod, 'Ready'));
      expect(timeOf(pod, 'Ready')).toBeLessThan(cluster.clock.now() - 27 * DAY_MS);
    }
    expect(failing && timeOf(failing, 'Ready')).toBe(cluster.clock.now());
  });

  it('gives up the pods that it began with in the same order, however long each took to start, and newer ones first', async () => {
    const leftOf = async (readyAfter: DeploymentSetup['readyAfter']): Promise<readonly string[]> => {
      const cluster = withPods({ replicas: 20, readyAfter });
      scaleTo(cluster, 25);
      await cluster.clock.advance(2 * DAY_MS);
      const before = new Set(podsOf(cluster).map(({ metadata }) => metadata.uid));
      scaleTo(cluster, 20);
      await cluster.clock.advance(60_000);
      const old = cluster.clock.now() - 27 * DAY_MS;
      expect(podsOf(cluster).every(({ metadata }) => Date.parse(metadata.creationTimestamp ?? '') < old)).toBe(true);
      expect(before.size).toBe(25);
      scaleTo(cluster, 8);
      await cluster.clock.advance(60_000);
      return podsOf(cluster).map(({ metadata }) => metadata.name);
    };
    const left = await leftOf(fixed(20_000));
    expect(left).toHaveLength(8);
    expect(await leftOf({ kind: 'range', fromMs: 1000, toMs: 3_600_000 })).toEqual(left);
  });

  it('has pods waiting that do not fit, and none more than a quota lets be', async () => {
    const full = withPods({ replicas: 10 }, [pool({ count: 1 })]);
    expect(readyOf(full)).toBe(8);
    expect(podsOf(full).filter(({ spec }) => spec.nodeName === undefined)).toHaveLength(2);
    const quotas = [{ namespace: MAIN.namespace, pods: 2 }];
    const limited = new VirtualCluster(scenario({ quotas, deployments: [deployment({ replicas: 5 })] }));
    expect(readyOf(limited)).toBe(2);
    expect(limited.api.list('resourcequotas', {}).items[0]?.status).toEqual({
      hard: { pods: '2' },
      used: { pods: '2' },
    });
  });

  it('has more pods than its controller makes in one go', () => {
    expect(readyOf(withPods({ replicas: 1201 }, [pool({ count: 151 })]))).toBe(1201);
  });
});

const failing = (failure: Failure): VirtualCluster => withPods({ replicas: 3, failures: [failure] });

describe('pods', () => {
  it('become ready when their time has come, and hold their room until they are gone', async () => {
    const cluster = withPods({ replicas: 0, readyAfter: fixed(60_000), termination: fixed(20_000) });
    const { clock } = cluster;
    scaleTo(cluster, 2);
    await clock.advance(59_000);
    expect(podsOf(cluster).map(({ status }) => status.phase)).toEqual(['Running', 'Running']);
    expect(readyOf(cluster)).toBe(0);
    await clock.advance(2000);
    expect(readyOf(cluster)).toBe(2);
    scaleTo(cluster, 0);
    await clock.advance(19_000);
    expect(podsOf(cluster).map(isTerminating)).toEqual([true, true]);
    await clock.advance(2000);
    expect(podsOf(cluster)).toEqual([]);
  });

  it('are killed when their grace period is over', async () => {
    const cluster = withPods({ replicas: 1, termination: fixed(600_000), gracePeriodSeconds: 10 });
    scaleTo(cluster, 0);
    await cluster.clock.advance(9000);
    expect(podsOf(cluster)[0]?.metadata).toMatchObject({ deletionGracePeriodSeconds: 10 });
    await cluster.clock.advance(2000);
    expect(podsOf(cluster)).toEqual([]);
  });

  it('are seen by their Deployment only a moment later', async () => {
    const cluster = withPods({ replicas: 1 });
    scaleTo(cluster, 2);
    const observed = () => {
      const { metadata, status } = cluster.api.get('deployments', MAIN) ?? {};
      return [metadata?.generation, status?.observedGeneration];
    };
    expect(observed()).toEqual([2, 1]);
    await cluster.clock.advance(200);
    expect(observed()).toEqual([2, 2]);
  });

  it.each<[Failure, string]>([
    [{ kind: 'never-ready', pods: [2] }, '1 starting'],
    [{ kind: 'crash-loop', pods: [2] }, '1 crash'],
    [
      { kind: 'image-pull', pods: [2] },
      '1 image: Back-off pulling image "model-server:1": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "model-server:1": not found',
    ],
    [{ kind: 'never-ready' }, '3 starting'],
    [{ kind: 'never-ready', share: 0 }, ''],
  ])('fail as they are told: %j', (failure, told) => {
    const cluster = failing(failure);
    expect(reasonsOf(cluster).join()).toBe(told);
  });

  it('fail in a share that is drawn by lot', () => {
    const cluster = withPods({ replicas: 1000, failures: [{ kind: 'never-ready', share: 0.1 }] }, [
      pool({ count: 125 }),
    ]);
    expect(readyOf(cluster) / 1000).toBeCloseTo(0.9, 1);
  });

  it('turn unready after a while, where they are told to', async () => {
    const cluster = failing({ kind: 'turn-unready', pods: [1], afterMs: 30_000 });
    expect(readyOf(cluster)).toBe(3);
    await cluster.clock.advance(31_000);
    expect(readyOf(cluster)).toBe(2);
    expect(reasonsOf(cluster)).toEqual(['1 not-ready: containers with unready status: [server]']);
  });

  it('crash again and again, with longer pauses', async () => {
    const cluster = failing({ kind: 'crash-loop', pods: [1] });
    await cluster.clock.advance(120_000);
    const restarts = podsOf(cluster).map(({ status }) => status.containerStatuses?.[0]?.restartCount);
    // At 0, after 10 + 2 s, 20 + 2 s, 40 + 2 s; the next pause has 80 s.
    expect(restarts.map((count = 0) => count).toSorted(ascending)).toEqual([0, 0, 3]);
  });

  it('that fail to pull an image are told first why, then that it is tried again', async () => {
    const cluster = withPods({ replicas: 0, failures: [{ kind: 'image-pull' }] });
    scaleTo(cluster, 1);
    const waiting = () => podsOf(cluster)[0]?.status.containerStatuses?.[0]?.state?.waiting?.reason;
    await cluster.clock.advance(1000);
    expect(waiting()).toBe('ErrImagePull');
    await cluster.clock.advance(15_000);
    expect(waiting()).toBe('ImagePullBackOff');
  });
});

describe('a ReplicaSet that shrinks', () => {
  it('gives up pods without a node first, then unready ones', async () => {
    const failures: Failure[] = [{ kind: 'never-ready', pods: [3] }];
    const cluster = withPods({ replicas: 10, failures }, [pool({ count: 1 })]);
    const count = (test: (pod: VirtualPod) => boolean): number => podsOf(cluster).filter(test).length;
    expect(count(({ spec }) => spec.nodeName === undefined)).toBe(2);
    scaleTo(cluster, 8);
    await cluster.clock.advance(1000);
    expect([podsOf(cluster).length, count(isReady)]).toEqual([8, 7]);
    scaleTo(cluster, 7);
    await cluster.clock.advance(1000);
    expect(count((pod) => !isReady(pod) && isTerminating(pod))).toBe(1);
    expect(readyOf(cluster)).toBe(7);
  });

  it('gives up pods that it has made since it last shrank, as long as they are unready', async () => {
    const cluster = withPods({ replicas: 4 });
    scaleTo(cluster, 3);
    await cluster.clock.advance(10_000);
    const old = podsOf(cluster).map(({ metadata }) => metadata.name);
    scaleTo(cluster, 6);
    await cluster.clock.advance(10_000);
    scaleTo(cluster, 3);
    await cluster.clock.advance(10_000);
    expect(podsOf(cluster).map(({ metadata }) => metadata.name)).toEqual(old);
  });

  it('gives up pods of the node that has most of them', async () => {
    const cluster = withPods({ replicas: 9 }, [pool({ count: 2 })]);
    const perNode = () =>
      ['node-0', 'node-1'].map((name) => podsOf(cluster).filter(({ spec }) => spec.nodeName === name).length);
    expect(perNode().toSorted(ascending)).toEqual([4, 5]);
    for (const replicas of [8, 6, 4]) {
      for (let count = podsOf(cluster).length - 1; count >= replicas; count -= 1) {
        scaleTo(cluster, count);
        await cluster.clock.advance(60_000);
      }
      expect(perNode()).toEqual([replicas / 2, replicas / 2]);
    }
  });

  it('gives up those first that turned ready last, by powers of two', async () => {
    const cluster = withPods({ replicas: 2 }, [pool({ count: 4 })]);
    await cluster.clock.advance(3_600_000);
    const old = podsOf(cluster);
    scaleTo(cluster, 4);
    await cluster.clock.advance(60_000);
    scaleTo(cluster, 2);
    await cluster.clock.advance(60_000);
    expect(podsOf(cluster).map(({ metadata }) => metadata.name)).toEqual(old.map(({ metadata }) => metadata.name));
  });
});

const waitingFor = (cluster: VirtualCluster): string | undefined =>
  podsOf(cluster)
    .map(({ status }) => conditionOf(status, 'PodScheduled'))
    .find((condition) => condition?.status === 'False')?.message;

describe('room', () => {
  it('is taken until a pod is gone, and given to who waits for it', async () => {
    const cluster = withPods({ replicas: 9, termination: fixed(30_000) }, [pool({ count: 1 })]);
    const [first] = podsOf(cluster);
    cluster.api.remove('pods', { namespace: MAIN.namespace, name: first?.metadata.name ?? '' });
    const unbound = (): number => podsOf(cluster).filter(({ spec }) => spec.nodeName === undefined).length;
    await cluster.clock.advance(29_000);
    // The one that waited, and the one in the place of the deleted one.
    expect(unbound()).toBe(2);
    await cluster.clock.advance(2000);
    expect(unbound()).toBe(1);
  });

  const claims = 'no new claims to deallocate';
  it.each([
    [
      'is taken',
      { count: 2 },
      17,
      `0/2 nodes are available: 2 Insufficient nvidia.com/gpu. ${claims}, preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.`,
    ],
    [
      'is nowhere',
      { count: 3, gpus: 0 },
      1,
      `0/3 nodes are available: 3 Insufficient nvidia.com/gpu. ${claims}, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.`,
    ],
    [
      'is short of everything',
      { count: 1, cpuMilli: 1500, memoryBytes: 2 ** 30, gpus: 1 },
      2,
      `0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory, 1 Insufficient nvidia.com/gpu. ${claims}, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.`,
    ],
    [
      'has too many pods',
      { count: 1, pods: 2 },
      3,
      `0/1 nodes are available: 1 Too many pods. ${claims}, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.`,
    ],
  ])('that %s is told in the words of the scheduler', (_, nodes, replicas, words) => {
    expect(waitingFor(withPods({ replicas }, [pool(nodes)]))).toBe(words);
  });

  it('is looked for on nodes with the labels that a pod selects, and told in the words of the scheduler', () => {
    const pools = [pool({ count: 3 }), pool({ name: 'big', count: 1, gpus: 2, labels: { gpu: 'h100' } })];
    const cluster = withPods({ replicas: 3, nodeSelector: { gpu: 'h100' } }, pools);
    expect(podsOf(cluster).map(({ spec }) => spec.nodeName)).toEqual(['big-0', 'big-0', undefined]);
    expect(waitingFor(cluster)).toBe(
      `0/4 nodes are available: 1 Insufficient nvidia.com/gpu, 3 node(s) didn't match Pod's node affinity/selector. ${claims}, preemption: 0/4 nodes are available: 1 No preemption victims found for incoming pod, 3 Preemption is not helpful for scheduling.`,
    );
  });

  it('without any node is told so', () => {
    expect(waitingFor(withPods({ replicas: 1 }, []))).toBe('no nodes available to schedule pods');
  });

  it('is used evenly', () => {
    const cluster = withPods({ replicas: 20 }, [pool({ count: 10 })]);
    const perNode = new Map<string, number>();
    for (const { spec } of podsOf(cluster)) {
      perNode.set(spec.nodeName ?? '', (perNode.get(spec.nodeName ?? '') ?? 0) + 1);
    }
    expect([...perNode.values()]).toEqual(Array.from({ length: 10 }, () => 2));
  });
});

describe('a quota', () => {
  it('is for what it names, and tells what is over it', async () => {
    const quotas = [{ namespace: MAIN.namespace, gpus: 2, cpuMilli: 2500, memoryBytes: 2 ** 40 }];
    const cluster = new VirtualCluster(scenario({ quotas, deployments: [deployment({ replicas: 3 })] }));
    expect(podsOf(cluster)).toHaveLength(2);
    expect(reasonsOf(cluster)[0]).toMatch(
      /^0 quota: pods "server-v1-[a-z0-9]+-[a-z0-9]+" is forbidden: exceeded quota: quota, requested: requests.cpu=1,requests.nvidia.com\/gpu=1, used: requests.cpu=2,requests.nvidia.com\/gpu=2, limited: requests.cpu=2500m,requests.nvidia.com\/gpu=2$/,
    );
  });

  it('counts pods until they are gone, and its refusal is told until pods can be made', async () => {
    const quotas = [{ namespace: MAIN.namespace, pods: 3 }];
    const cluster = new VirtualCluster(scenario({ quotas, deployments: [deployment({ termination: fixed(20_000) })] }));
    cluster.do({ kind: 'delete-pods', deployment: MAIN, pods: 1 });
    await cluster.clock.advance(19_000);
    expect(podsOf(cluster)).toHaveLength(3);
    expect(reasonsOf(cluster).map((reason) => reason.slice(0, 13))).toEqual(['0 quota: pods', '1 terminating']);
    await cluster.clock.advance(60_000);
    expect(readyOf(cluster)).toBe(3);
    expect(reasonsOf(cluster)).toEqual([]);
  });

  it('that is set where there are pods already counts them', async () => {
    const cluster = new VirtualCluster(scenario({ deployments: [deployment({ replicas: 3 })] }));
    cluster.do({ kind: 'set-quota', quota: { namespace: MAIN.namespace, pods: 4 } });
    cluster.do({ kind: 'scale', deployment: MAIN, replicas: 6, manager: 'kubectl' });
    await cluster.clock.advance(60_000);
    expect(podsOf(cluster)).toHaveLength(4);
    const quota = cluster.api.get('resourcequotas', { namespace: MAIN.namespace, name: 'quota' });
    expect(quota?.status.used).toEqual({ pods: '4' });
  });

  it('that is raised is found out at the next attempt, which may take long', async () => {
    const quotas = [{ namespace: MAIN.namespace, pods: 1 }];
    const cluster = new VirtualCluster(scenario({ quotas, deployments: [deployment({ replicas: 2 })] }));
    await cluster.clock.advance(400_000);
    cluster.do({ kind: 'set-quota', quota: { namespace: MAIN.namespace, pods: 2 } });
    await cluster.clock.advance(60_000);
    expect(readyOf(cluster)).toBe(1);
    await cluster.clock.advance(400_000);
    expect(readyOf(cluster)).toBe(2);
  });
});

const on = (cluster: VirtualCluster, node: string): readonly VirtualPod[] =>
  podsOf(cluster).filter(({ spec }) => spec.nodeName === node);

describe('a node', () => {
  it('that breaks has pods that are not ready and do not become so, until it is mended', async () => {
    const cluster = withPods({ replicas: 4 }, [pool({ count: 2 })]);
    cluster.do({ kind: 'break-node', node: 'node-1' });
    expect(readyOf(cluster)).toBe(2);
    scaleTo(cluster, 8);
    await cluster.clock.advance(120_000);
    expect(on(cluster, 'node-1')).toHaveLength(4);
    expect(readyOf(cluster)).toBe(4);
    cluster.do({ kind: 'mend-node', node: 'node-1' });
    await cluster.clock.advance(30_000);
    expect(readyOf(cluster)).toBe(8);
  });

  it('that is lost is avoided; its pods are evicted, and stay until it is back', async () => {
    const cluster = withPods({ replicas: 4 }, [pool({ count: 2 })]);
    cluster.do({ kind: 'lose-node', node: 'node-1' });
    await cluster.clock.advance(49_000);
    expect(readyOf(cluster)).toBe(4);
    await cluster.clock.advance(2000);
    expect(readyOf(cluster)).toBe(2);
    expect(reasonsOf(cluster)[0]).toMatch(/^2 node: it is not ready/);
    scaleTo(cluster, 14);
    await cluster.clock.advance(60_000);
    expect(on(cluster, 'node-1')).toHaveLength(2);
    expect(reasonsOf(cluster).join()).toContain(
      '4 unschedulable: 0/2 nodes are available: 1 Insufficient nvidia.com/gpu, 1 node(s) had untolerated taint(s). ',
    );
    await cluster.clock.advance(300_000);
    expect(on(cluster, 'node-1').map(isTerminating)).toEqual([true, true]);
    cluster.do({ kind: 'mend-node', node: 'node-1' });
    await cluster.clock.advance(120_000);
    expect(readyOf(cluster)).toBe(14);
    expect(podsOf(cluster)).toHaveLength(14);
  });

  it('that was lost for a moment only has lost nothing', async () => {
    const cluster = withPods({ replicas: 4 }, [pool({ count: 2 })]);
    cluster.do({ kind: 'lose-node', node: 'node-1' });
    await cluster.clock.advance(60_000);
    expect(readyOf(cluster)).toBe(2);
    cluster.do({ kind: 'mend-node', node: 'node-1' });
    await cluster.clock.advance(2000);
    expect(readyOf(cluster)).toBe(4);
    await cluster.clock.advance(600_000);
    expect(podsOf(cluster).some(isTerminating)).toBe(false);
  });

  it('that is not there cannot break', () => {
    expect(() => withPods({}).do({ kind: 'break-node', node: 'node-99' })).toThrow('nodes "node-99" not found');
  });
});

describe('what is told to happen', () => {
  it('happens at its time', async () => {
    const happenings = [
      { atMs: 10_000, action: { kind: 'scale', deployment: MAIN, replicas: 5, manager: 'kubectl' } },
      { atMs: 90_000, action: { kind: 'delete-deployment', deployment: MAIN } },
    ] as const;
    const cluster = new VirtualCluster(scenario({ happenings }));
    await cluster.clock.advance(9000);
    expect(podsOf(cluster)).toHaveLength(3);
    await cluster.clock.advance(51_000);
    expect(readyOf(cluster)).toBe(5);
    await cluster.clock.advance(60_000);
    expect(cluster.api.list('replicasets', {}).items).toEqual([]);
    expect(podsOf(cluster)).toEqual([]);
  });

  it('makes a new template roll the pods over, never below three quarters', async () => {
    const cluster = withPods({ replicas: 8 });
    let least = 8;
    cluster.api.watch('pods', () => {
      least = Math.min(least, readyOf(cluster));
    });
    cluster.do({ kind: 'set-image', deployment: MAIN, image: 'model-server:2', manager: 'kubectl-edit' });
    await cluster.clock.advance(600_000);
    const images = podsOf(cluster).map(({ spec }) => spec.containers[0]?.image);
    expect(new Set(images)).toEqual(new Set(['model-server:2']));
    expect([readyOf(cluster), least]).toEqual([8, 6]);
    // And back: the old ReplicaSet is taken up again, as the third revision.
    cluster.do({ kind: 'set-image', deployment: MAIN, image: 'model-server:1', manager: 'kubectl-edit' });
    await cluster.clock.advance(600_000);
    const sets = cluster.api.list('replicasets', {}).items;
    expect(sets.map(({ spec }) => spec.replicas).toSorted(ascending)).toEqual([0, 8]);
    const revision = 'deployment.kubernetes.io/revision';
    expect(cluster.api.get('deployments', MAIN)?.metadata.annotations?.[revision]).toBe('3');
  });
});
