import { type Access, type Cluster, ClusterError } from '../cluster/port.ts';
import type { UpgradeSpec } from '../upgrade/spec.ts';
import { accessNeeded, nameOf, type Purpose } from './rights.ts';

/** What this user may not do of what a purpose takes, each as `patch deployments/scale in namespace serving`. */
export const missingAccess = async (
  cluster: Cluster,
  spec: UpgradeSpec,
  purpose: Purpose = 'drive',
): Promise<readonly string[]> => {
  return missingOf(cluster, accessNeeded(spec, purpose));
};

const missingOf = async (cluster: Cluster, needed: readonly Access[]): Promise<readonly string[]> => {
  const missing = await cluster.denied(needed);
  return missing.map((access) => `${access.verb} ${nameOf(access)} in namespace ${access.namespace}`);
};

/** Rejects with a ClusterError `forbidden` that names every right that is missing. */
export const demandAccess = (cluster: Cluster, spec: UpgradeSpec, purpose: Purpose = 'drive'): Promise<void> =>
  demand(cluster, accessNeeded(spec, purpose));

export const demand = async (cluster: Cluster, needed: readonly Access[]): Promise<void> => {
  const missing = await missingOf(cluster, needed);
  if (missing.length > 0) throw new ClusterError('forbidden', `this user may not ${missing.join(', nor ')}`);
};
