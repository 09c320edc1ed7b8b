import { type Cluster, ClusterError, type Kind, type Kinds } from '../cluster/port.ts';
import { type PerSide, SIDES } from '../upgrade/side.ts';
import type { UpgradeSpec } from '../upgrade/spec.ts';
import { type Capacity, readCapacity } from './capacity.ts';
import type { SideObjects } from './observe.ts';

/** The objects of a kind in the namespaces of both sides, or why they were not read. */
export type Reading<K extends Kind> = readonly Kinds[K][] | { readonly unread: 'denied' | 'not-installed' };

/** What surrounds both Deployments, read once. */
export type Snapshot = {
  readonly spec: UpgradeSpec;
  readonly sides: PerSide<SideObjects>;
  readonly services: Reading<'services'>;
  readonly autoscalers: Reading<'horizontalpodautoscalers'>;
  readonly scaledObjects: Reading<'scaledobjects'>;
  readonly verticalAutoscalers: Reading<'verticalpodautoscalers'>;
  readonly budgets: Reading<'poddisruptionbudgets'>;
  readonly quotas: Reading<'resourcequotas'>;
  readonly capacity: Capacity;
};

export const readSnapshot = async (
  cluster: Cluster,
  spec: UpgradeSpec,
  sides: PerSide<SideObjects>,
): Promise<Snapshot> => {
  const namespaces = [...new Set(SIDES.map((side) => spec.deployments[side].namespace))];
  const read = <K extends Kind>(kind: K): Promise<Reading<K>> => readAll(cluster, kind, namespaces);
  const [services, autoscalers, scaledObjects, verticalAutoscalers, budgets, quotas, capacity] = await Promise.all([
    read('services'),
    read('horizontalpodautoscalers'),
    read('scaledobjects'),
    read('verticalpodautoscalers'),
    read('poddisruptionbudgets'),
    read('resourcequotas'),
    readCapacity(cluster, sides),
  ]);
  return { spec, sides, services, autoscalers, scaledObjects, verticalAutoscalers, budgets, quotas, capacity };
};

/** What may not be read, or is not there to be read, is no reason to fail. */
const readAll = async <K extends Kind>(
  cluster: Cluster,
  kind: K,
  namespaces: readonly string[],
): Promise<Reading<K>> => {
  try {
    return (await Promise.all(namespaces.map((namespace) => cluster.list(kind, { namespace })))).flat();
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    if (error.fault === 'forbidden') return { unread: 'denied' };
    if (error.fault === 'not-found') return { unread: 'not-installed' };
    throw error;
  }
};
