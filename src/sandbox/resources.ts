import type { WritableKind } from '../cluster/port.ts';
import type { StoredKind } from '../cluster/virtual/objects.ts';

/** How the API presents a kind of objects. */
export type Resource = {
  readonly group: string;
  readonly kind: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
};

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'delete', 'get', 'list', 'update', 'watch'];
const DELETE = ['delete', 'get', 'list', 'watch'];

const resource = (
  kind: string,
  shortNames: readonly string[],
  verbs: readonly string[],
  { group = '', namespaced = true }: { readonly group?: string; readonly namespaced?: boolean } = {},
): Resource => ({ group, kind, singular: kind.toLowerCase(), shortNames, namespaced, verbs });

export const RESOURCES: Readonly<Record<StoredKind, Resource>> = {
  configmaps: resource('ConfigMap', ['cm'], WRITE),
  deployments: resource('Deployment', ['deploy'], DELETE, { group: 'apps' }),
  events: resource('Event', ['ev'], WRITE),
  leases: resource('Lease', [], WRITE, { group: 'coordination.k8s.io' }),
  namespaces: resource('Namespace', ['ns'], READ, { namespaced: false }),
  nodes: resource('Node', ['no'], READ, { namespaced: false }),
  pods: resource('Pod', ['po'], DELETE),
  replicasets: resource('ReplicaSet', ['rs'], READ, { group: 'apps' }),
  resourcequotas: resource('ResourceQuota', ['quota'], READ),
};

export const isStoredKind = (name: string): name is StoredKind => Object.hasOwn(RESOURCES, name);

export const STORED_KINDS: readonly StoredKind[] = Object.keys(RESOURCES).filter(isStoredKind);

export const isWritable = (kind: StoredKind): kind is WritableKind =>
  kind === 'configmaps' || kind === 'leases' || kind === 'events';

export const versionOf = (group: string): string => (group === '' ? 'v1' : `${group}/v1`);

/** What an object says of its own type. */
export const typeMetaOf = (kind: StoredKind): { readonly kind: string; readonly apiVersion: string } => ({
  kind: RESOURCES[kind].kind,
  apiVersion: versionOf(RESOURCES[kind].group),
});
