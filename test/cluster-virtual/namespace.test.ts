/** A namespace that is being deleted, as an API server and its controllers show it: nothing can be made, and the pods go. */
import { expect, it } from 'vitest';
import { type Cluster, ClusterError } from '../../src/cluster/port.ts';
import { virtualClusterPort } from '../../src/cluster/virtual/adapter.ts';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import { deployment, driveTo, GREY, MAIN, scenario, upgrade } from './given.ts';

const DELETED_MS = 20_000;

/** From some moment on, nothing can be made in it. */
const leaving = (port: Cluster, isLeaving: () => boolean, asked: string[] = []): Cluster => ({
  ...port,
  create: (kind, object) => {
    asked.push(kind);
    if (!isLeaving()) return port.create(kind, object);
    return Promise.reject(new ClusterError('namespace-leaving', 'the namespace serving is being terminated'));
  },
});

const clusterOfTwo = (): VirtualCluster =>
  new VirtualCluster(scenario({ deployments: [deployment(), deployment({ ...GREY, replicas: 0 })] }));

it('ends a run as soon as an Event is refused', async () => {
  const cluster = clusterOfTwo();
  const { clock } = cluster;
  const deletedMs = clock.now() + DELETED_MS;
  const port = leaving(virtualClusterPort(cluster), () => clock.now() >= deletedMs);
  const { outcome, events } = await driveTo(cluster, upgrade(), {}, port);
  expect(outcome).toEqual({ kind: 'namespace-gone', namespace: 'serving' });
  expect(events.filter(({ type, at }) => type === 'scaled' && at >= deletedMs)).toHaveLength(1);
});

/** Deletes all pods of main, as the end of its namespace does; their controller makes others. */
const deletePods = ({ api, clock }: VirtualCluster): void => {
  clock.quietly(10_000, () => {
    for (const { metadata } of api.list('pods', { namespace: 'serving' }).items)
      if (metadata.name.startsWith(MAIN.name)) api.remove('pods', metadata);
  });
};

it('ends a run that waits as soon as its pods are deleted', async () => {
  const cluster = clusterOfTwo();
  const { clock } = cluster;
  const deletedMs = clock.now() + 9_000;
  deletePods(cluster);
  const port = leaving(virtualClusterPort(cluster), () => clock.now() >= deletedMs);
  const { outcome, events } = await driveTo(cluster, upgrade(), {}, port);
  expect(outcome).toEqual({ kind: 'namespace-gone', namespace: 'serving' });
  expect(events.at(-1)?.at).toBeLessThan(deletedMs + 2_000);
});

it('is asked for once where pods are deleted, and the run goes on where it stays', async () => {
  const cluster = clusterOfTwo();
  deletePods(cluster);
  const asked: string[] = [];
  const port = leaving(virtualClusterPort(cluster), () => false, asked);
  const { outcome } = await driveTo(cluster, upgrade(), {}, port);
  expect(outcome).toEqual({ kind: 'reached' });
  // Two that were taken at the beginning, and both once more.
  expect(asked.filter((kind) => kind === 'leases')).toHaveLength(4);
});
