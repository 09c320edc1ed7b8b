import { withCondition, withoutCondition } from './conditions.ts';
import { conditionOf, type DeploymentStatus, type VirtualDeployment, type VirtualReplicaSet } from './objects.ts';
import { roomOfRollout } from './rollout.ts';

const NEW_SET_AVAILABLE = 'NewReplicaSetAvailable';

/** The status of a Deployment, from what its ReplicaSets say of themselves. */
export const statusOf = (
  { metadata, spec, status }: VirtualDeployment,
  current: VirtualReplicaSet,
  old: readonly VirtualReplicaSet[],
  time: string,
): DeploymentStatus => {
  const sets = [current, ...old];
  const sumOf = (count: (set: VirtualReplicaSet) => number | undefined): number =>
    sets.reduce((sum, set) => sum + (count(set) ?? 0), 0);
  const available = sumOf((set) => set.status.availableReplicas);
  const counts = {
    observedGeneration: metadata.generation ?? 0,
    replicas: sumOf((set) => set.status.replicas),
    updatedReplicas: current.status.replicas ?? 0,
    readyReplicas: sumOf((set) => set.status.readyReplicas),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, sumOf((set) => set.spec.replicas) - available),
    terminatingReplicas: sumOf((set) => set.status.terminatingReplicas),
  };
  const isEnough = available >= spec.replicas - roomOfRollout(spec.replicas).unavailable;
  let conditions = withCondition(status.conditions ?? [], {
    type: 'Available',
    status: isEnough ? 'True' : 'False',
    reason: isEnough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: `Deployment ${isEnough ? 'has' : 'does not have'} minimum availability.`,
    lastTransitionTime: time,
  });
  conditions = withProgress(conditions, counts, spec.replicas, current.metadata.name, time);
  const failure = sets.map((set) => conditionOf(set.status, 'ReplicaFailure')).find((each) => each !== undefined);
  conditions =
    failure === undefined
      ? withoutCondition(conditions, 'ReplicaFailure')
      : withCondition(conditions, { ...failure, reason: failure.reason ?? '' });
  return { ...counts, conditions };
};

/** A Deployment that was complete says so ever after, however it is scaled: only a new template makes it progress again. */
const withProgress = (
  conditions: DeploymentStatus['conditions'],
  counts: Omit<DeploymentStatus, 'conditions'>,
  desired: number,
  set: string,
  time: string,
): DeploymentStatus['conditions'] => {
  const wasComplete = conditionOf({ conditions }, 'Progressing')?.reason === NEW_SET_AVAILABLE;
  if (wasComplete && counts.replicas === counts.updatedReplicas) return conditions;
  const isComplete = [counts.replicas, counts.updatedReplicas, counts.availableReplicas].every((n) => n === desired);
  return withCondition(conditions, {
    type: 'Progressing',
    status: 'True',
    reason: isComplete ? NEW_SET_AVAILABLE : 'ReplicaSetUpdated',
    message: `ReplicaSet "${set}" ${isComplete ? 'has successfully progressed' : 'is progressing'}.`,
    lastTransitionTime: time,
  });
};

/** Whether there is nothing new to write. */
export const isSameStatus = (a: Partial<DeploymentStatus>, b: DeploymentStatus): boolean =>
  a.observedGeneration === b.observedGeneration &&
  a.replicas === b.replicas &&
  a.updatedReplicas === b.updatedReplicas &&
  a.readyReplicas === b.readyReplicas &&
  a.availableReplicas === b.availableReplicas &&
  a.unavailableReplicas === b.unavailableReplicas &&
  a.terminatingReplicas === b.terminatingReplicas &&
  a.conditions === b.conditions;
