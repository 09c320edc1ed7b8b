import { type Access, type Cluster, ClusterError } from '../cluster/port.ts';
import { SIDES } from '../upgrade/side.ts';
import { namespaceOf, type UpgradeSpec } from '../upgrade/spec.ts';

/** Everything that a driver does to the cluster of an upgrade; what `dupgrade start` needs to be allowed. */
export const accessNeeded = (spec: UpgradeSpec): readonly Access[] => {
  const sides = [...new Set(SIDES.map((side) => spec.deployments[side].namespace))];
  return [
    ...sides.flatMap((namespace) => [
      ...verbs(namespace, 'apps', 'deployments', ['get', 'list', 'watch']),
      { namespace, group: 'apps', resource: 'deployments', subresource: 'scale', verb: 'patch' },
      ...verbs(namespace, 'apps', 'replicasets', ['list', 'watch']),
      ...verbs(namespace, '', 'pods', ['list', 'watch']),
      ...verbs(namespace, 'coordination.k8s.io', 'leases', ['get', 'create', 'update']),
    ]),
    ...verbs(namespaceOf(spec), '', 'configmaps', ['get', 'list', 'watch', 'create', 'update']),
  ];
};

const verbs = (namespace: string, group: string, resource: string, each: readonly string[]): Access[] =>
  each.map((verb) => ({ namespace, group, resource, verb }));

/** Rejects with a ClusterError `forbidden` that names every right that is missing. */
export const demandAccess = async (cluster: Cluster, spec: UpgradeSpec): Promise<void> => {
  const needed = accessNeeded(spec);
  const allowed = await Promise.all(needed.map((access) => cluster.allowed(access)));
  const missing = needed.filter((_, index) => !allowed[index]);
  if (missing.length === 0) return;
  const named = missing.map(({ verb, resource, subresource, namespace }) => {
    const what = subresource === undefined ? resource : `${resource}/${subresource}`;
    return `${verb} ${what} in namespace ${namespace}`;
  });
  throw new ClusterError('forbidden', `this user may not ${named.join(', nor ')}`);
};
