import { ClusterError, type Kind, type Kinds, type LabelSelector, type ObjectRef, type Selection } from '../port.ts';
import { isApiObject } from './json.ts';

type Resource = {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Whether its objects are in no namespace. */
  readonly clusterScoped?: boolean;
  /** Whether it is there only where somebody has installed it. */
  readonly extension?: boolean;
};

const RESOURCES: Readonly<Record<Kind, Resource>> = {
  deployments: { group: 'apps', version: 'v1', kind: 'Deployment' },
  replicasets: { group: 'apps', version: 'v1', kind: 'ReplicaSet' },
  pods: { group: '', version: 'v1', kind: 'Pod' },
  configmaps: { group: '', version: 'v1', kind: 'ConfigMap' },
  leases: { group: 'coordination.k8s.io', version: 'v1', kind: 'Lease' },
  events: { group: '', version: 'v1', kind: 'Event' },
  nodes: { group: '', version: 'v1', kind: 'Node', clusterScoped: true },
  namespaces: { group: '', version: 'v1', kind: 'Namespace', clusterScoped: true },
  services: { group: '', version: 'v1', kind: 'Service' },
  horizontalpodautoscalers: { group: 'autoscaling', version: 'v2', kind: 'HorizontalPodAutoscaler' },
  poddisruptionbudgets: { group: 'policy', version: 'v1', kind: 'PodDisruptionBudget' },
  resourcequotas: { group: '', version: 'v1', kind: 'ResourceQuota' },
  scaledobjects: { group: 'keda.sh', version: 'v1alpha1', kind: 'ScaledObject', extension: true },
  verticalpodautoscalers: {
    group: 'autoscaling.k8s.io',
    version: 'v1',
    kind: 'VerticalPodAutoscaler',
    extension: true,
  },
};

const EXTENSIONS: ReadonlySet<string> = new Set(
  Object.entries(RESOURCES)
    .filter(([, { extension = false }]) => extension)
    .map(([plural]) => plural),
);

/** Whether a resource may be unknown to a cluster that is a sound one. */
export const isExtension = (resource: string): boolean => EXTENSIONS.has(resource);

/** What an object has to say of itself when it is written. */
export const typeMetaOf = (kind: Kind): { readonly apiVersion: string; readonly kind: string } => {
  const resource = RESOURCES[kind];
  return { apiVersion: [resource.group, resource.version].filter(Boolean).join('/'), kind: resource.kind };
};

/** A guard by name only: what is asked for under a kind's path is of that kind. */
export const isOfKind =
  <K extends Kind>(_kind: K) =>
  (value: unknown): value is Kinds[K] =>
    isApiObject(value);

/** The path of a kind's objects in one namespace, or in all. */
export const collectionPath = (kind: Kind, namespace?: string): string => {
  const { group, version, clusterScoped = false } = RESOURCES[kind];
  const base = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return namespace === undefined || clusterScoped
    ? `${base}/${kind}`
    : `${base}/namespaces/${encodeURIComponent(namespace)}/${kind}`;
};

export const objectPath = (kind: Kind, ref: ObjectRef): string =>
  `${collectionPath(kind, ref.namespace)}/${encodeURIComponent(ref.name)}`;

/**
 * The path of a watch. The one of a single namespace is called deprecated, in favour of the watch of all with a field selector;
 * but RBAC takes it for a request in that namespace, as it does the reading of one, so that rights in it are enough.
 */
export const watchPath = (kind: Kind, { namespace, name }: Selection): string =>
  kind === 'namespaces' && name !== undefined
    ? `/api/v1/watch/namespaces/${encodeURIComponent(name)}`
    : collectionPath(kind, namespace);

/** The query of a selection, for a list and for its watch. */
export const selectionQuery = ({ name, labels, fields }: Selection): Readonly<Record<string, string>> => {
  const labelSelector = labels === undefined ? '' : selectorText(labels);
  const selected = Object.entries({ ...(name !== undefined && { 'metadata.name': name }), ...fields });
  return {
    ...(selected.length > 0 && { fieldSelector: selected.map(([field, value]) => `${field}=${value}`).join(',') }),
    ...(labelSelector !== '' && { labelSelector }),
  };
};

/** As `kubectl get -l` takes it: `app=model,tier in (gpu,cpu),!canary`. */
export const selectorText = ({ matchLabels, matchExpressions }: LabelSelector): string =>
  [
    ...Object.entries(matchLabels ?? {}).map(([key, value]) => `${key}=${value}`),
    ...(matchExpressions ?? []).map(({ key, operator, values }) => {
      switch (operator) {
        case 'In':
          return `${key} in (${(values ?? []).join(',')})`;
        case 'NotIn':
          return `${key} notin (${(values ?? []).join(',')})`;
        case 'Exists':
          return key;
        case 'DoesNotExist':
          return `!${key}`;
        default:
          throw new ClusterError('invalid', `A label selector has an operator that is not known: ${operator}.`);
      }
    }),
  ].join(',');
