import type { Access } from '../cluster/port.ts';
import { SIDES } from '../upgrade/side.ts';
import type { UpgradeSpec } from '../upgrade/spec.ts';

/** What is needed of one resource, and where: in the namespace of each Deployment, or where the record is, that of main. */
export type Right = {
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly where: 'each-side' | 'record';
  /** By verb: what cannot be done without it. */
  readonly verbs: Readonly<Partial<Record<Verb, readonly Purpose[]>>>;
};

/** In the order in which Kubernetes lists them. */
const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch'] as const;
type Verb = (typeof VERBS)[number];

/**
 * To drive an upgrade; to say something to its driver (pause, set-target, abort); to follow it (`status -w`, `wait`). The
 * others are optional: to be told of in Events; to look at what surrounds the Deployments before an upgrade (`check`); to
 * find out why pods stand still; to notice at once that a namespace is being deleted.
 */
export type Purpose = 'drive' | 'steer' | 'follow' | 'announce' | 'check' | 'inquire' | 'notice';

/**
 * Everything that dupgrade asks of an API server in a namespace, besides whether it may: the only list there is. `dupgrade
 * rbac` prints it, and each command asks for its part of it before it touches anything.
 */
const RIGHTS: readonly Right[] = [
  {
    group: 'apps',
    resource: 'deployments',
    where: 'each-side',
    verbs: { get: ['drive', 'follow'], list: ['drive', 'follow'], watch: ['drive', 'follow'] },
  },
  { group: 'apps', resource: 'deployments', subresource: 'scale', where: 'each-side', verbs: { patch: ['drive'] } },
  {
    group: 'apps',
    resource: 'replicasets',
    where: 'each-side',
    verbs: { list: ['drive', 'follow'], watch: ['drive', 'follow'] },
  },
  {
    group: '',
    resource: 'pods',
    where: 'each-side',
    verbs: { list: ['drive', 'follow'], watch: ['drive', 'follow'] },
  },
  {
    group: 'coordination.k8s.io',
    resource: 'leases',
    where: 'each-side',
    verbs: { get: ['drive', 'steer', 'follow'], create: ['drive'], update: ['drive'] },
  },
  // Another upgrade of the same Deployment is known by its record, which may lie beside either of them.
  { group: '', resource: 'configmaps', where: 'each-side', verbs: { list: ['drive', 'follow'] } },
  {
    group: '',
    resource: 'configmaps',
    where: 'record',
    verbs: { get: ['drive', 'steer'], watch: ['drive', 'follow'], create: ['drive'], update: ['drive', 'steer'] },
  },
  // What `kubectl describe` shows; an upgrade goes on without it.
  {
    group: '',
    resource: 'events',
    where: 'each-side',
    verbs: { create: ['announce'], list: ['inquire'], watch: ['inquire'] },
  },
  // Of pods that stand still; without it less is told of them.
  { group: '', resource: 'pods', subresource: 'log', where: 'each-side', verbs: { get: ['inquire'] } },
  // In a Role it is the one namespace. Without it the end of that is noticed when its pods go, some seconds later.
  { group: '', resource: 'namespaces', where: 'each-side', verbs: { get: ['notice'], watch: ['notice'] } },
  // What cannot be looked at is told as not checked.
  { group: '', resource: 'services', where: 'each-side', verbs: { list: ['check'] } },
  { group: '', resource: 'resourcequotas', where: 'each-side', verbs: { list: ['check'] } },
  { group: 'policy', resource: 'poddisruptionbudgets', where: 'each-side', verbs: { list: ['check'] } },
  { group: 'autoscaling', resource: 'horizontalpodautoscalers', where: 'each-side', verbs: { list: ['check'] } },
  { group: 'keda.sh', resource: 'scaledobjects', where: 'each-side', verbs: { list: ['check'] } },
  { group: 'autoscaling.k8s.io', resource: 'verticalpodautoscalers', where: 'each-side', verbs: { list: ['check'] } },
];

/** What it takes to make grey of main (`init --clone --apply`). It is in no Role of dupgrade's: all the rest works without. */
export const creationNeeded = (namespace: string): Access => ({
  namespace,
  group: 'apps',
  resource: 'deployments',
  verb: 'create',
});

/** A rule of a Role or a ClusterRole. */
export type PolicyRule = {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
};

/** What it takes to count what is free on the nodes, for which `plan` and `rehearse` ask; without it they say that it is not known. */
export const CAPACITY_RULES: readonly PolicyRule[] = [
  { apiGroups: [''], resources: ['nodes', 'pods'], verbs: ['list'] },
];

/** What a driver does to the cluster of an upgrade, or whoever has another purpose with it. */
export const accessNeeded = (spec: UpgradeSpec, purpose: Purpose = 'drive'): readonly Access[] =>
  namespacesOf(spec).flatMap((namespace) =>
    rightsIn(spec, namespace).flatMap(({ group, resource, subresource, verbs }) =>
      VERBS.filter((verb) => verbs[verb]?.includes(purpose)).map((verb) => ({
        namespace,
        group,
        resource,
        ...(subresource === undefined ? {} : { subresource }),
        verb,
      })),
    ),
  );

/** The rules of the smallest Role with which every command works on an upgrade, by namespace. */
export const rulesByNamespace = (spec: Placed): ReadonlyMap<string, readonly PolicyRule[]> =>
  new Map(
    namespacesOf(spec).map((namespace) => {
      const verbs = new Map<string, Set<Verb>>();
      for (const right of rightsIn(spec, namespace)) {
        const key = [right.group, nameOf(right)].join('|');
        const known = verbs.get(key) ?? new Set();
        verbs.set(key, new Set([...known, ...VERBS.filter((verb) => verb in right.verbs)]));
      }
      const rules = [...verbs].map(([key, needed]): PolicyRule => {
        const [group = '', resource = ''] = key.split('|');
        return { apiGroups: [group], resources: [resource], verbs: VERBS.filter((verb) => needed.has(verb)) };
      });
      return [namespace, rules];
    }),
  );

/** "deployments/scale", as RBAC writes it. */
export const nameOf = ({ resource, subresource }: Pick<Access, 'resource' | 'subresource'>): string =>
  subresource === undefined ? resource : `${resource}/${subresource}`;

/** What of a spec says in which namespaces something is needed. */
type Placed = Pick<UpgradeSpec, 'deployments'>;

export const namespacesOf = ({ deployments }: Placed): readonly string[] => [
  ...new Set(SIDES.map((side) => deployments[side].namespace)),
];

const rightsIn = (spec: Placed, namespace: string): readonly Right[] =>
  RIGHTS.filter(({ where }) => where === 'each-side' || namespace === spec.deployments.main.namespace);
