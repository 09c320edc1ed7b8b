/** What is to happen to a pod next: one thing, and nothing once it is gone. */
import { expect, it } from 'vitest';
import type { Failure } from '../../src/cluster/virtual/scenario.ts';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import { deployment, fixed, MAIN, NAMESPACE, pool, scenario } from './given.ts';

const READY_MS = 60_000;

const clusterOf = (failures: readonly Failure[] = []): VirtualCluster =>
  new VirtualCluster(
    scenario({
      nodes: [pool({ count: 1 })],
      deployments: [deployment({ replicas: 0, readyAfter: fixed(READY_MS), termination: fixed(1000), failures })],
    }),
  );

const podsOf = ({ api }: VirtualCluster) => api.list('pods', { namespace: NAMESPACE }).items;

it.each<{ readonly kind: string; readonly failures: readonly Failure[] }>([
  { kind: 'well', failures: [] },
  { kind: 'crash-loop', failures: [{ kind: 'crash-loop' }] },
  { kind: 'never-ready', failures: [{ kind: 'never-ready' }] },
  { kind: 'image-pull', failures: [{ kind: 'image-pull' }] },
])('a pod ($kind) that has gone stays so, also where its node was mended while it started', async ({ failures }) => {
  const cluster = clusterOf(failures);
  cluster.api.scale(MAIN, 1, { manager: 'test' });
  await cluster.clock.advance(30_000);
  expect(podsOf(cluster)).toHaveLength(1);
  // There is nothing to mend: the pod begins once more all the same.
  cluster.do({ kind: 'mend-node', node: 'node-0' });
  await cluster.clock.advance(100);
  cluster.api.scale(MAIN, 0, { manager: 'test' });
  await cluster.clock.advance(10_000);
  expect(podsOf(cluster)).toEqual([]);
  const changes: string[] = [];
  cluster.api.watch('pods', ({ type }) => changes.push(type));
  cluster.api.watch('events', ({ type }) => changes.push(type));
  await cluster.clock.advance(10 * READY_MS);
  expect(podsOf(cluster)).toEqual([]);
  expect(changes).toEqual([]);
});

it.each<{ readonly failure: Failure; readonly comesTo: string }>([
  { failure: { kind: 'never-ready' }, comesTo: 'Running' },
  { failure: { kind: 'crash-loop' }, comesTo: 'Running' },
  { failure: { kind: 'image-pull' }, comesTo: 'Pending' },
])('a pod that is not well ($failure.kind) is not ready when the cluster begins, beside those that are', (given) => {
  const { failure, comesTo } = given;
  const failures = [{ ...failure, pods: [2] }];
  const cluster = new VirtualCluster(scenario({ deployments: [deployment({ replicas: 3, failures })] }));
  const pods = podsOf(cluster).map(({ status }) => ({
    phase: status.phase,
    ready: status.conditions.find(({ type }) => type === 'Ready')?.status,
  }));
  const well = { phase: 'Running', ready: 'True' };
  expect(pods).toEqual([well, { phase: comesTo, ready: 'False' }, well]);
});

it('a pod for which there is no room waits when the cluster begins', () => {
  const cluster = new VirtualCluster(
    scenario({ nodes: [pool({ count: 1, gpus: 2 })], deployments: [deployment({ replicas: 3 })] }),
  );
  const nodes = podsOf(cluster).map(({ spec }) => spec.nodeName);
  expect(nodes).toEqual(['node-0', 'node-0', undefined]);
});
