import { ClusterError, type ObjectRef } from '../port.ts';
import type { StoredKind } from './objects.ts';

/** With its group, as the API server names a kind in what it says. */
const RESOURCES: Readonly<Record<StoredKind, string>> = {
  deployments: 'deployments.apps',
  replicasets: 'replicasets.apps',
  pods: 'pods',
  configmaps: 'configmaps',
  leases: 'leases.coordination.k8s.io',
  events: 'events',
  nodes: 'nodes',
  resourcequotas: 'resourcequotas',
  namespaces: 'namespaces',
  services: 'services',
  horizontalpodautoscalers: 'horizontalpodautoscalers.autoscaling',
  poddisruptionbudgets: 'poddisruptionbudgets.policy',
  scaledobjects: 'scaledobjects.keda.sh',
  verticalpodautoscalers: 'verticalpodautoscalers.autoscaling.k8s.io',
};

/** What the API server says when it refuses, in its own words. */
export const notFound = (kind: StoredKind, name: string): ClusterError =>
  new ClusterError('not-found', `${RESOURCES[kind]} "${name}" not found`);

export const notInstalled = (kind: StoredKind): ClusterError =>
  new ClusterError('not-found', `${kind} are not installed in this cluster.`);

export const exists = (kind: StoredKind, { name }: ObjectRef): ClusterError =>
  new ClusterError('exists', `${RESOURCES[kind]} "${name}" already exists`);

export const namespaceLeaving = (name: string): ClusterError =>
  new ClusterError(
    'namespace-leaving',
    `unable to create new content in namespace ${name} because it is being terminated`,
  );

export const conflict = (kind: StoredKind, { name }: ObjectRef): ClusterError =>
  new ClusterError(
    'conflict',
    `Operation cannot be fulfilled on ${RESOURCES[kind]} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
  );

export const otherUid = (kind: StoredKind, { name }: ObjectRef, theirs: string, ours: string): ClusterError =>
  new ClusterError(
    'conflict',
    `Operation cannot be fulfilled on ${RESOURCES[kind]} "${name}": Precondition failed: UID in precondition: ${theirs}, UID in object meta: ${ours}`,
  );

export const invalid = (message: string): ClusterError => new ClusterError('invalid', message);

/** An admission controller (a quota) says no. */
export const forbidden = (kind: StoredKind, { name }: ObjectRef, why: string): ClusterError =>
  new ClusterError('forbidden', `${RESOURCES[kind]} "${name}" is forbidden: ${why}`);
