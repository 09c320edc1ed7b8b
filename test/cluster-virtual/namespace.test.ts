/** A namespace that is being deleted, as an API server and its controllers show it: nothing can be made, and the pods go. */
import { expect, it } from 'vitest';
import type { Cluster } from '../../src/cluster/port.ts';
import { virtualClusterPort } from '../../src/cluster/virtual/adapter.ts';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import { deployment, driveTo, GREY, MAIN, scenario, upgrade } from './given.ts';

const DELETED_MS = 20_000;

/** For a user who may not follow namespaces; what is made through it is noted. */
const blind = (port: Cluster, made: string[] = []): Cluster => ({
  ...port,
  denied: async (wanted) => wanted.filter(({ resource }) => resource === 'namespaces'),
  create: (kind, object) => {
    made.push(kind);
    return port.create(kind, object);
  },
});

const SERVING = { namespace: '', name: 'serving' };

const clusterOfTwo = (): VirtualCluster =>
  new VirtualCluster(scenario({ deployments: [deployment(), deployment({ ...GREY, replicas: 0 })] }));

it('ends a run at once where the namespace may be followed', async () => {
  const cluster = clusterOfTwo();
  const { api, clock } = cluster;
  const deletedMs = clock.now() + DELETED_MS;
  clock.quietly(DELETED_MS, () => api.remove('namespaces', SERVING));
  const { outcome, events } = await driveTo(cluster, upgrade());
  expect(outcome).toEqual({ kind: 'namespace-gone', namespace: 'serving' });
  expect(events.filter(({ type, at }) => type === 'scaled' && at >= deletedMs)).toEqual([]);
  expect(events.at(-1)?.at).toBeLessThan(deletedMs + 1000);
});

it('ends a run as soon as an Event is refused, where it may not', async () => {
  const cluster = clusterOfTwo();
  const { api, clock } = cluster;
  const deletedMs = clock.now() + DELETED_MS;
  clock.quietly(DELETED_MS, () => api.remove('namespaces', SERVING));
  const { outcome, events } = await driveTo(cluster, upgrade(), {}, blind(virtualClusterPort(cluster)));
  expect(outcome).toEqual({ kind: 'namespace-gone', namespace: 'serving' });
  expect(events.filter(({ type, at }) => type === 'scaled' && at >= deletedMs)).toHaveLength(1);
});

/** Deletes all pods of main. */
const deletePods = ({ api }: VirtualCluster): void => {
  for (const { metadata } of api.list('pods', { namespace: 'serving' }).items)
    if (metadata.name.startsWith(MAIN.name)) api.remove('pods', metadata);
};

it('ends a run that waits as soon as its pods are deleted, where it may not', async () => {
  const cluster = clusterOfTwo();
  const { api, clock } = cluster;
  const deletedMs = clock.now() + 9_000;
  clock.quietly(9_000, () => api.remove('namespaces', SERVING));
  clock.quietly(10_000, () => deletePods(cluster));
  const { outcome, events } = await driveTo(cluster, upgrade(), {}, blind(virtualClusterPort(cluster)));
  expect(outcome).toEqual({ kind: 'namespace-gone', namespace: 'serving' });
  expect(events.at(-1)?.at).toBeLessThan(deletedMs + 2_000);
});

it('is asked for once where pods are deleted, and the run goes on where it stays', async () => {
  const cluster = clusterOfTwo();
  const { clock } = cluster;
  clock.quietly(10_000, () => {
    // None is made in their place for a while.
    cluster.do({ kind: 'set-quota', quota: { namespace: 'serving', pods: 0 } });
    deletePods(cluster);
  });
  clock.quietly(12_000, () => cluster.do({ kind: 'set-quota', quota: { namespace: 'serving', pods: 100 } }));
  const made: string[] = [];
  const { outcome } = await driveTo(cluster, upgrade(), {}, blind(virtualClusterPort(cluster), made));
  expect(outcome).toEqual({ kind: 'reached' });
  // Two that were taken at the beginning, and both once more.
  expect(made.filter((kind) => kind === 'leases')).toHaveLength(4);
});
