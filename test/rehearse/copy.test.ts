import { describe, expect, it } from 'vitest';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import { copyOf } from '../../src/rehearse/copy.ts';
import { upgrade } from '../cluster-virtual/given.ts';
import { factsOf, MINUTE_MS, share } from './given.ts';

const SPEC = upgrade({ targets: { main: 0, grey: 12 } });

const nodesOf = (cluster: VirtualCluster, app: string): readonly (string | undefined)[] =>
  cluster.api.list('pods', { labels: { matchLabels: { app } } }).items.map(({ spec }) => spec.nodeName);

describe('a copy of a cluster', () => {
  it('has its counts, requests, nodes and the times that its pods took', () => {
    const { scenario, knowsNodes, assumptions } = copyOf(SPEC, factsOf());
    expect(scenario.nodes).toMatchObject([{ count: 3, gpus: 8, cpuMilli: 96_000 }]);
    expect(scenario.deployments).toMatchObject([
      {
        ...SPEC.deployments.main,
        replicas: 12,
        requests: { gpus: 1, cpuMilli: 1000, memoryBytes: 2 ** 30 },
        readyAfter: { kind: 'samples', samplesMs: [2 * MINUTE_MS, 3 * MINUTE_MS] },
        termination: { kind: 'fixed', ms: 30_000 },
        gracePeriodSeconds: 30,
      },
      {
        ...SPEC.deployments.grey,
        replicas: 0,
        readyAfter: { kind: 'samples', samplesMs: [2 * MINUTE_MS, 3 * MINUTE_MS] },
        termination: { kind: 'fixed', ms: 60_000 },
      },
    ]);
    expect(knowsNodes).toBe(true);
    expect(assumptions).toEqual([
      { kind: 'ready-as-other', side: 'grey' },
      { kind: 'grace-period', ms: { main: 30_000, grey: 60_000 } },
    ]);
  });

  it('begins with every pod ready, where its own pods were', () => {
    const cluster = new VirtualCluster(copyOf(SPEC, factsOf()).scenario);
    expect(cluster.api.get('deployments', SPEC.deployments.main)?.status.readyReplicas).toBe(12);
  });

  it('puts pods of a side only on nodes that take them', () => {
    const nodes = [
      share({ takes: { main: true, grey: false } }),
      share({ takes: { main: false, grey: true }, gpus: 4 }),
    ];
    const { scenario } = copyOf(SPEC, factsOf({ counts: { main: 3, grey: 6 } }, { nodes }));
    const cluster = new VirtualCluster(scenario);
    const { main, grey } = SPEC.deployments;
    expect(new Set(nodesOf(cluster, main.name))).toEqual(new Set(['node-1-0']));
    // Four GPUs are there for grey, and two of its pods find none.
    expect(nodesOf(cluster, grey.name).map((node) => node ?? 'none')).toEqual([
      'node-2-0',
      'node-2-0',
      'node-2-0',
      'node-2-0',
      'none',
      'none',
    ]);
  });

  it('takes what the command line says before what the cluster shows', () => {
    const { scenario, assumptions, knowsNodes } = copyOf(
      SPEC,
      factsOf({
        readyAfter: { main: { fromMs: 1, toMs: 1 }, grey: { fromMs: 5, toMs: 9 } },
        goneAfter: { main: { fromMs: 1500, toMs: 1500 }, grey: { fromMs: 2000, toMs: 4000 } },
        gpus: { main: 2, grey: 4 },
        freeGpus: 6,
      }),
    );
    expect(scenario.deployments).toMatchObject([
      {
        readyAfter: { kind: 'fixed', ms: 1 },
        termination: { kind: 'fixed', ms: 1500 },
        gracePeriodSeconds: 2,
        requests: { gpus: 2 },
      },
      { readyAfter: { kind: 'range', fromMs: 5, toMs: 9 }, gracePeriodSeconds: 4, requests: { gpus: 4 } },
    ]);
    // Those of the twelve pods that run, and six more.
    expect(scenario.nodes).toMatchObject([{ count: 1, gpus: 30 }]);
    expect({ assumptions, knowsNodes }).toEqual({
      assumptions: [{ kind: 'room', butForGpus: true }],
      knowsNodes: false,
    });
  });

  it('has room for everything where nodes may not be read, and says so', () => {
    const { capacity, counts } = factsOf(
      { counts: { main: 5000, grey: 0 } },
      { free: { denied: 'nodes is forbidden' } },
    );
    if (capacity === undefined) throw new Error('there is a cluster');
    const { nodes: _, ...known } = capacity;
    const { scenario, assumptions, knowsNodes } = copyOf(SPEC, { counts, capacity: known });
    const cluster = new VirtualCluster(scenario);
    expect(cluster.api.get('deployments', SPEC.deployments.main)?.status.readyReplicas).toBe(5000);
    expect(knowsNodes).toBe(false);
    expect(assumptions[0]).toEqual({ kind: 'room', butForGpus: false, message: 'nodes is forbidden' });
  });

  it('cannot be made where nobody knows how long a pod takes to become ready', () => {
    expect(() => copyOf(SPEC, factsOf({}, { readyTimes: { main: undefined, grey: undefined } }))).toThrow(
      'no pod is ready whose start could be looked at',
    );
  });
});
