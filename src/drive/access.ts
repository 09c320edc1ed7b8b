import { type Cluster, ClusterError } from '../cluster/port.ts';
import type { UpgradeSpec } from '../upgrade/spec.ts';
import { accessNeeded, nameOf, type Purpose } from './rights.ts';

/** Rejects with a ClusterError `forbidden` that names every right that is missing. */
export const demandAccess = async (cluster: Cluster, spec: UpgradeSpec, purpose: Purpose = 'drive'): Promise<void> => {
  const needed = accessNeeded(spec, purpose);
  const allowed = await Promise.all(needed.map((access) => cluster.allowed(access)));
  const missing = needed.filter((_, index) => !allowed[index]);
  if (missing.length === 0) return;
  const named = missing.map((access) => `${access.verb} ${nameOf(access)} in namespace ${access.namespace}`);
  throw new ClusterError('forbidden', `this user may not ${named.join(', nor ')}`);
};
