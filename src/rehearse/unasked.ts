import { type Cluster, ClusterError } from '../cluster/port.ts';

/**
 * A cluster that says nothing of single pods, no Events, logs or nodes, and whose namespaces stay. A rehearsal shows none of it,
 * and its thousands of runs should not pay for it.
 */
export const unasked = (cluster: Cluster): Cluster => ({
  ...cluster,
  get: (kind, ref) => (kind === 'nodes' ? refuse() : cluster.get(kind, ref)),
  follow: (kind, selection, changed) => {
    if (kind !== 'events' && kind !== 'namespaces') return cluster.follow(kind, selection, changed);
    const synced = refuse();
    return { objects: () => [], synced, refresh: refuse, close: () => undefined };
  },
  log: refuse,
});

const refuse = (): Promise<never> =>
  Promise.reject(new ClusterError('forbidden', 'A rehearsal does not ask about single pods.'));
