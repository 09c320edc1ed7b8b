import type { Condition, Deployment, ManagedFields, ObjectMeta, Pod, PodSpec, ReplicaSet } from '../cluster/port.ts';
import type { Pods } from './pods.ts';
import { requestsOf, summedUp } from './requests.ts';
import type { PodReplacementPolicy, SideObservation } from '../upgrade/observation.ts';
import { remembered } from '../upgrade/remembered.ts';

/** The objects of one side, as the cluster shows them. */
export type SideObjects = {
  readonly deployment: Deployment;
  /** Those of its labels; they need not be its own. */
  readonly replicaSets: readonly ReplicaSet[];
  readonly pods: Pods;
};

/** The annotation that numbers the templates of a Deployment. */
export const REVISION = 'deployment.kubernetes.io/revision';

/**
 * Counts a side's pods. Pods are counted rather than read from the Deployment's status, because a status lags behind
 * (observedGeneration), and because a pod that is not ready any more may still hold its GPU.
 */
export const observeSide = (objects: SideObjects, policy: PodReplacementPolicy): SideObservation => {
  let [pods, terminating, placed] = [0, 0, 0];
  for (const { metadata } of ownReplicaSets(objects)) {
    const counts = objects.pods.countsOf(metadata.uid);
    pods += counts.pods;
    terminating += counts.terminating;
    placed += counts.placed;
  }
  const current = currentReplicaSet(objects);
  const gpus = gpusOfPod(objects.deployment);
  return {
    asked: replicasOf(objects.deployment),
    ready: current === undefined ? 0 : objects.pods.countsOf(current.metadata.uid).ready,
    existing: policy === 'TerminationComplete' ? pods : pods - terminating,
    terminating,
    ...(policy === 'TerminationComplete' && terminating > 0 && { leaving: terminating }),
    ...(gpus === 0 ? {} : { gpus: gpus * placed }),
  };
};

/**
 * Whether the controllers have acted on what the Deployment asks for, and its pods are seen as they left them. Until then
 * a pod that is seen ready may be about to go, and one that is not seen may be about to come. A ReplicaSet says that it has
 * looked before it has counted what it made of it, so its count has to be right, too, unless it says that it cannot be.
 */
export const isActedOn = (objects: SideObjects): boolean => {
  const { metadata, spec, status } = objects.deployment;
  const sets = ownReplicaSets(objects);
  const wanted = sets.reduce((sum, set) => sum + (set.spec.replicas ?? 0), 0);
  return hasSeen(metadata, status) && wanted === (spec.replicas ?? 1) && sets.every((set) => isDone(set, objects.pods));
};

const isDone = ({ metadata, spec, status }: ReplicaSet, all: Pods): boolean => {
  const { pods, terminating } = all.countsOf(metadata.uid);
  const counted = status?.replicas ?? 0;
  const isStopped = conditionOf(status?.conditions, 'ReplicaFailure')?.status === 'True';
  return hasSeen(metadata, status) && pods - terminating === counted && (counted === (spec.replicas ?? 0) || isStopped);
};

/** Whether the controller of an object knows what its `spec` says. */
export const hasSeen = (
  { generation = 0 }: ObjectMeta,
  status: { readonly observedGeneration?: number } | undefined,
): boolean => (status?.observedGeneration ?? 0) >= generation;

/** The GPUs that a pod of the Deployment's template asks for. */
export const gpusOfPod = ({ spec: { template } }: Deployment): number =>
  template.spec === undefined ? 0 : gpusOf(template.spec);

const gpusOf = remembered((template: PodSpec): number => summedUp(requestsOf(template)).gpus);

/** `spec.replicas`, which the API server fills in with 1. */
export const replicasOf = (deployment: Deployment): number => deployment.spec.replicas ?? 1;

/** The `pod-template-hash` of the current ReplicaSet; undefined until the Deployment's controller has made one. */
export const templateOf = (objects: SideObjects): string | undefined =>
  currentReplicaSet(objects)?.metadata.labels?.['pod-template-hash'];

/** The ReplicaSet of the Deployment's current template: the one that carries the Deployment's own revision. */
export const currentReplicaSet = (objects: SideObjects): ReplicaSet | undefined => {
  const revision = objects.deployment.metadata.annotations?.[REVISION];
  if (revision === undefined) return undefined;
  return ownReplicaSets(objects).find((set) => set.metadata.annotations?.[REVISION] === revision);
};

export const ownReplicaSets = ({ deployment, replicaSets }: SideObjects): readonly ReplicaSet[] =>
  replicaSets.filter((set) => ownerOf(set) === deployment.metadata.uid);

/** The side's pods that hold resources or will: those that have run to their end are not among them. */
export const podsOf = (objects: SideObjects): readonly Pod[] =>
  objects.pods.of(new Set(ownReplicaSets(objects).map(({ metadata }) => metadata.uid)));

export const isTerminating = (pod: Pod): boolean => pod.metadata.deletionTimestamp !== undefined;

export const isReady = (pod: Pod): boolean => conditionOf(pod.status?.conditions, 'Ready')?.status === 'True';

export const conditionOf = (conditions: readonly Condition[] | undefined, type: string): Condition | undefined =>
  conditions?.find((condition) => condition.type === type);

/** The uid of the controller that made it. */
export const ownerOf = (object: Pod | ReplicaSet): string | undefined =>
  object.metadata.ownerReferences?.find((owner) => owner.controller)?.uid;

/** Who last wrote a field below `spec`, by the API server's own bookkeeping. */
export const writerOf = (deployment: Deployment, field: 'replicas' | 'template'): ManagedFields | undefined =>
  deployment.metadata.managedFields
    ?.filter((entry) => Object.hasOwn(entry.fieldsV1?.['f:spec'] ?? {}, `f:${field}`))
    .toSorted((a, b) => (a.time ?? '').localeCompare(b.time ?? ''))
    .at(-1);
