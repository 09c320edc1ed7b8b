import type { Condition, ContainerState, ContainerStatus } from '../port.ts';
import type { PodStatus, VirtualPod } from './objects.ts';

/** The statuses that a pod goes through, as scheduler and kubelet write them. */
const condition = (type: string, status: 'True' | 'False', lastTransitionTime: string, reason?: string): Condition => ({
  type,
  status,
  lastTransitionTime,
  ...(reason !== undefined && { reason }),
});

/** All that makes the next status of one. */
type Step = {
  readonly to: 'bound' | 'running' | 'ready';
  readonly time: string;
  readonly since: string;
  readonly restarts: number;
};

/** What statuses became, by the time of the step. */
const successors = new WeakMap<PodStatus, Map<string, { readonly step: Step; readonly next: PodStatus }>>();

/** So many successors of one are known. */
const MOST_SUCCESSORS = 500;

/**
 * Pods of a ReplicaSet to which the same happens at the same moments have one status in common, so that ten thousand have a few
 * hundred: half of the memory that a pod takes, and what is looked at again and again is at hand.
 */
const shared = (before: PodStatus, step: Step, make: () => PodStatus): PodStatus => {
  let known = successors.get(before);
  if (known === undefined || known.size >= MOST_SUCCESSORS) {
    known = new Map();
    successors.set(before, known);
  }
  const same = known.get(step.time);
  if (same !== undefined && isSame(same.step, step)) return same.next;
  const next = make();
  known.set(step.time, { step, next });
  return next;
};

/** Of two at the same time. */
const isSame = (a: Step, b: Step): boolean => a.to === b.to && a.since === b.since && a.restarts === b.restarts;

/** Bound to a node. */
export const scheduled = (pod: VirtualPod, nodeName: string, time: string): VirtualPod => ({
  metadata: pod.metadata,
  spec: { ...pod.spec, nodeName },
  status: shared(pod.status, { to: 'bound', time, since: time, restarts: 0 }, () => ({
    ...pod.status,
    conditions: [condition('PodScheduled', 'True', time)],
  })),
});

export const unschedulable = (pod: VirtualPod, message: string, time: string): VirtualPod => ({
  ...pod,
  status: { ...pod.status, conditions: [{ ...condition('PodScheduled', 'False', time, 'Unschedulable'), message }] },
});

/** Where the containers of a pod are. `since` is the time at which they came there. */
export type Stage =
  | { readonly at: 'running' | 'ready'; readonly since: string; readonly restarts: number }
  | { readonly at: 'no-image'; readonly isBackingOff: boolean }
  | {
      readonly at: 'crashed';
      readonly startedAt: string;
      readonly since: string;
      readonly restarts: number;
      readonly backoffMs: number;
    };

/** The status of a pod at a stage. A stage that leaves a condition as it was keeps the time of its transition. */
export const staged = (pod: VirtualPod, stage: Stage, time: string): PodStatus => {
  if (stage.at !== 'running' && stage.at !== 'ready') return stagedAnew(pod, stage, time);
  const { at: to, since, restarts } = stage;
  return shared(pod.status, { to, time, since, restarts }, () => stagedAnew(pod, stage, time));
};

const stagedAnew = (pod: VirtualPod, stage: Stage, time: string): PodStatus => {
  const before = new Map(pod.status.conditions.map((each) => [each.type, each]));
  const set = (type: string, status: 'True' | 'False', reason?: string): Condition => {
    const known = before.get(type);
    return known?.status === status ? known : condition(type, status, time, reason);
  };
  const isReady = stage.at === 'ready';
  const readiness = (type: string): Condition =>
    isReady ? set(type, 'True') : { ...set(type, 'False', 'ContainersNotReady'), message: unreadyMessage(pod) };
  return {
    phase: stage.at === 'no-image' ? 'Pending' : 'Running',
    startTime: pod.status.startTime ?? time,
    conditions: [
      set('PodScheduled', 'True'),
      set('Initialized', 'True'),
      readiness('ContainersReady'),
      readiness('Ready'),
    ],
    containerStatuses: pod.spec.containers.map(({ name, image }) => containerAt(pod, name, image, stage)),
  };
};

const unreadyMessage = ({ spec }: VirtualPod): string =>
  `containers with unready status: [${spec.containers.map(({ name }) => name).join(' ')}]`;

const containerAt = (pod: VirtualPod, name: string, image: string, stage: Stage): ContainerStatus => {
  const common = { name, image, imageID: '', ready: stage.at === 'ready' };
  if (stage.at === 'no-image')
    return { ...common, restartCount: 0, state: { waiting: noImage(image, stage.isBackingOff) } };
  if (stage.at !== 'crashed') {
    return { ...common, restartCount: stage.restarts, state: { running: { startedAt: stage.since } } };
  }
  const message = `back-off ${stage.backoffMs / 1000}s ${backingOff(pod, name)}`;
  const exit = { exitCode: 1, reason: 'Error', startedAt: stage.startedAt, finishedAt: stage.since };
  return {
    ...common,
    restartCount: stage.restarts,
    state: { waiting: { reason: 'CrashLoopBackOff', message } },
    lastState: { terminated: exit },
  };
};

/** What a kubelet says of a container that it leaves alone for a while: to all, or in the status of the one. */
export const backingOff = ({ metadata, spec }: VirtualPod, name?: string): string => {
  const { namespace, name: pod, uid = '' } = metadata;
  return name === undefined
    ? `restarting failed container ${spec.containers[0]?.name ?? ''} in pod ${pod}_${namespace}(${uid})`
    : `restarting failed container=${name} pod=${pod}_${namespace}(${uid})`;
};

export const noImage = (image: string, isBackingOff: boolean): NonNullable<ContainerState['waiting']> =>
  isBackingOff
    ? { reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}": ErrImagePull: ${notThere(image)}` }
    : { reason: 'ErrImagePull', message: notThere(image) };

const notThere = (image: string): string =>
  `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": not found`;

/** No kubelet speaks for it any more: the node controller says so in its place. */
export const silent = (pod: VirtualPod, time: string): PodStatus => ({
  ...pod.status,
  conditions: pod.status.conditions.map((each) =>
    each.type === 'Ready' && each.status === 'True' ? condition('Ready', 'False', time, 'NodeNotReady') : each,
  ),
});
