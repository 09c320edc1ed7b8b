import type { ContainerStatus, Pod } from '../cluster/port.ts';
import type { Cause, Reason } from '../upgrade/health.ts';
import { type PerSide, SIDES, type Side } from '../upgrade/side.ts';
import { conditionOf, isReady, isTerminating, ownReplicaSets, podsOf, type SideObjects } from './observe.ts';

type Finding = { readonly reason: Reason; readonly message?: string | undefined };

/** Reasons from what cannot heal by itself to what only takes its time: the first is the one to tell. */
const GRAVITY: readonly Reason[] = [
  'quota',
  'image',
  'config',
  'crash',
  'unschedulable',
  'not-ready',
  'starting',
  'terminating',
];

const WAITING: Readonly<Record<string, Reason>> = {
  ErrImagePull: 'image',
  ImagePullBackOff: 'image',
  InvalidImageName: 'image',
  ErrImageNeverPull: 'image',
  CrashLoopBackOff: 'crash',
  RunContainerError: 'crash',
  CreateContainerConfigError: 'config',
  CreateContainerError: 'config',
};

/** What keeps pods of a side from becoming ready, or removed ones from going: alike ones together, the gravest first. */
export const causesOf = (side: Side, objects: SideObjects): readonly Cause[] => {
  const pods = podsOf(objects);
  const causes = new Map<Reason, Cause>();
  for (const pod of pods) {
    const finding = isTerminating(pod) ? terminating(pod) : isReady(pod) ? undefined : unready(pod);
    if (finding === undefined) continue;
    const known = causes.get(finding.reason);
    if (known !== undefined) {
      causes.set(finding.reason, { ...known, pods: known.pods + 1 });
      continue;
    }
    const { message } = finding;
    const cause: Cause = { reason: finding.reason, side, pods: 1, example: pod.metadata.name };
    causes.set(finding.reason, message === undefined ? cause : { ...cause, message });
  }
  const quota = refusedByQuota(objects);
  if (quota !== undefined) causes.set('quota', { reason: 'quota', side, pods: 0, message: quota });
  return [...causes.values()].toSorted(byGravity);
};

/** The causes of both sides, the gravest first. */
export const causesOfBoth = (objects: PerSide<SideObjects>): readonly Cause[] =>
  SIDES.flatMap((side) => causesOf(side, objects[side])).toSorted(byGravity);

const byGravity = (a: Cause, b: Cause): number => GRAVITY.indexOf(a.reason) - GRAVITY.indexOf(b.reason);

const unready = (pod: Pod): Finding => {
  const scheduled = conditionOf(pod.status?.conditions, 'PodScheduled');
  if (scheduled?.status === 'False') return { reason: 'unschedulable', message: scheduled.message };

  const containers = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  for (const container of containers) {
    const finding = stopped(container);
    if (finding !== undefined) return finding;
  }
  return wasReady(pod, containers)
    ? { reason: 'not-ready', message: conditionOf(pod.status?.conditions, 'Ready')?.message }
    : { reason: 'starting' };
};

/** Whether a pod turned not ready after its containers had started: one that never was ready has not turned since. */
const wasReady = (pod: Pod, containers: readonly ContainerStatus[]): boolean => {
  const turned = conditionOf(pod.status?.conditions, 'Ready')?.lastTransitionTime;
  const started = containers.map(({ state }) => state?.running?.startedAt);
  return turned !== undefined && started.length > 0 && started.every((at) => at !== undefined && turned > at);
};

const stopped = ({ name, state, lastState }: ContainerStatus): Finding | undefined => {
  const reason = WAITING[state?.waiting?.reason ?? ''];
  const last = state?.terminated ?? lastState?.terminated;
  if (
    reason === 'crash' ||
    (reason === undefined && state?.terminated !== undefined && state.terminated.exitCode !== 0)
  ) {
    const how =
      last?.reason === 'OOMKilled'
        ? 'was killed for its memory (OOMKilled)'
        : `exited with ${last?.exitCode ?? 'an error'}`;
    return { reason: 'crash', message: `container ${name} ${how}` };
  }
  if (reason === undefined) return undefined;
  return { reason, message: state?.waiting?.message ?? state?.waiting?.reason };
};

const terminating = (pod: Pod): Finding => {
  const finalizers = pod.metadata.finalizers ?? [];
  return {
    reason: 'terminating',
    message: finalizers.length > 0 ? `held by the finalizer ${finalizers.join(', ')}` : undefined,
  };
};

const refusedByQuota = (objects: SideObjects): string | undefined => {
  const failures = ownReplicaSets(objects).map((set) => conditionOf(set.status?.conditions, 'ReplicaFailure'));
  return failures.find((failure) => failure?.status === 'True' && failure.message?.includes('quota'))?.message;
};
