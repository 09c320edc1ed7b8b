import type { ContainerStatus, Pod } from '../cluster/port.ts';
import type { Reason } from '../upgrade/health.ts';
import { conditionOf, isReady, isTerminating } from './observe.ts';

/** What keeps one pod from becoming ready, or from going. */
export type Finding = { readonly reason: Reason; readonly message?: string | undefined };

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

/** Undefined of a pod that is ready. */
export const findingOf = (pod: Pod): Finding | undefined => {
  if (isTerminating(pod)) return terminating(pod);
  return isReady(pod) ? undefined : unready(pod);
};

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
