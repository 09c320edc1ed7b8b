import type { CreatableKind, WritableKind } from '../cluster/port.ts';
import type { MissingKind, StoredKind } from '../cluster/virtual/objects.ts';

/** How the API presents a kind of objects. */
export type Resource = {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
};

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];
const MAKE = ['create', 'delete', 'get', 'list', 'watch'];
const DELETE = ['delete', 'get', 'list', 'watch'];

const resource = (
  kind: string,
  shortNames: readonly string[],
  verbs: readonly string[],
  { group = '', version = 'v1', namespaced = true }: Partial<Pick<Resource, 'group' | 'version' | 'namespaced'>> = {},
): Resource => ({ group, version, kind, singular: kind.toLowerCase(), shortNames, namespaced, verbs });

/** The kinds that the API has. */
export type ServedKind = Exclude<StoredKind, MissingKind>;

export const RESOURCES: Readonly<Record<ServedKind, Resource>> = {
  configmaps: resource('ConfigMap', ['cm'], WRITE),
  deployments: resource('Deployment', ['deploy'], MAKE, { group: 'apps' }),
  events: resource('Event', ['ev'], WRITE),
  leases: resource('Lease', [], WRITE, { group: 'coordination.k8s.io' }),
  namespaces: resource('Namespace', ['ns'], READ, { namespaced: false }),
  nodes: resource('Node', ['no'], READ, { namespaced: false }),
  pods: resource('Pod', ['po'], DELETE),
  replicasets: resource('ReplicaSet', ['rs'], READ, { group: 'apps' }),
  resourcequotas: resource('ResourceQuota', ['quota'], READ),
  services: resource('Service', ['svc'], READ),
  horizontalpodautoscalers: resource('HorizontalPodAutoscaler', ['hpa'], READ, { group: 'autoscaling', version: 'v2' }),
  poddisruptionbudgets: resource('PodDisruptionBudget', ['pdb'], READ, { group: 'policy' }),
};

export const isServedKind = (name: string): name is ServedKind => Object.hasOwn(RESOURCES, name);

export const SERVED_KINDS: readonly ServedKind[] = Object.keys(RESOURCES).filter(isServedKind);

export const isWritable = (kind: ServedKind): kind is WritableKind =>
  kind === 'configmaps' || kind === 'leases' || kind === 'events';

export const isCreatable = (kind: ServedKind): kind is CreatableKind => isWritable(kind) || kind === 'deployments';

export const groupVersionOf = ({ group, version }: Pick<Resource, 'group' | 'version'>): string =>
  group === '' ? version : `${group}/${version}`;

/** What an object says of its own type. */
export const typeMetaOf = (kind: ServedKind): { readonly kind: string; readonly apiVersion: string } => ({
  kind: RESOURCES[kind].kind,
  apiVersion: groupVersionOf(RESOURCES[kind]),
});
