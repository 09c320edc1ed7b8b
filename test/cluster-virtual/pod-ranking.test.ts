import { expect, it } from 'vitest';
import { PodRanking } from '../../src/cluster/virtual/pod-ranking.ts';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import { deployment, pool, scenario } from './given.ts';

it('looks a few neighbours up for each pod that it takes, also where all are on one node', () => {
  const replicas = 1000;
  const { api } = new VirtualCluster(
    scenario({
      nodes: [pool({ count: 1, pods: replicas, gpus: replicas, cpuMilli: 1e9, memoryBytes: 2 ** 50 })],
      deployments: [deployment({ replicas })],
    }),
  );
  const { items } = api.list('pods', {});
  const left = new Set(items);
  let lookups = 0;
  const neighbours = (): number => {
    lookups += 1;
    return left.size;
  };
  const ranking = new PodRanking(items, neighbours, 0);
  for (let taken = 0; taken < replicas; taken += 1) {
    const [pod] = ranking.take(1, () => true);
    expect(pod && left.delete(pod)).toBe(true);
  }
  expect(lookups).toBeLessThan(5 * replicas);
});
