import type { UpgradeSpec } from '../upgrade/spec.ts';
import { CAPACITY_RULES, type PolicyRule, rulesByNamespace } from './rights.ts';

/** Who is to have the rights. */
export type Subject =
  | { readonly kind: 'User' | 'Group'; readonly name: string }
  | { readonly kind: 'ServiceAccount'; readonly namespace: string; readonly name: string };

type Kind = 'Role' | 'RoleBinding' | 'ClusterRole' | 'ClusterRoleBinding';

/** A manifest of rbac.authorization.k8s.io/v1. */
export type RbacManifest = {
  readonly apiVersion: string;
  readonly kind: Kind;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly PolicyRule[];
  readonly roleRef?: { readonly apiGroup: string; readonly kind: Kind; readonly name: string };
  readonly subjects?: readonly object[];
};

const GROUP = 'rbac.authorization.k8s.io';
const apiVersion = `${GROUP}/v1`;
const NAME = 'dupgrade';
const CAPACITY_NAME = 'dupgrade-capacity';

/**
 * The smallest Role and its RoleBinding for each namespace of an upgrade; with `clusterCapacity`, the ClusterRole too with
 * which nodes and the pods of all namespaces may be counted.
 */
export const rolesFor = (
  spec: Pick<UpgradeSpec, 'deployments'>,
  subjects: readonly Subject[],
  { clusterCapacity }: { readonly clusterCapacity: boolean },
): readonly RbacManifest[] => {
  const inNamespaces = [...rulesByNamespace(spec)].flatMap(([namespace, rules]): RbacManifest[] => [
    { apiVersion, kind: 'Role', metadata: { name: NAME, namespace }, rules },
    bindingOf('Role', { name: NAME, namespace }, subjects),
  ]);
  if (!clusterCapacity) return inNamespaces;
  return [
    ...inNamespaces,
    { apiVersion, kind: 'ClusterRole', metadata: { name: CAPACITY_NAME }, rules: CAPACITY_RULES },
    bindingOf('ClusterRole', { name: CAPACITY_NAME }, subjects),
  ];
};

const bindingOf = (
  kind: 'Role' | 'ClusterRole',
  metadata: RbacManifest['metadata'],
  subjects: readonly Subject[],
): RbacManifest => ({
  apiVersion,
  kind: `${kind}Binding`,
  metadata,
  roleRef: { apiGroup: GROUP, kind, name: metadata.name },
  subjects: subjects.map((subject) => (subject.kind === 'ServiceAccount' ? subject : { ...subject, apiGroup: GROUP })),
});
