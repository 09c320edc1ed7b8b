import { type Cluster, ClusterError } from '../cluster/port.ts';

/**
 * A cluster whose namespaces stay, and that takes no Events down. A rehearsal shows none of it, and its thousands of runs
 * should not pay for it.
 */
export const undisturbed = (cluster: Cluster): Cluster => ({
  ...cluster,
  create: (kind, object) => (kind === 'events' ? Promise.resolve(object) : cluster.create(kind, object)),
  follow: (kind, selection, changed) => {
    if (kind !== 'namespaces') return cluster.follow(kind, selection, changed);
    const synced = refuse();
    return { objects: () => [], synced, refresh: refuse, close: () => undefined };
  },
});

const refuse = (): Promise<never> =>
  Promise.reject(new ClusterError('forbidden', 'A rehearsal does not follow namespaces.'));
