import type { ClusterNode, ContainerStatus, KubernetesEvent, Pod, PodSpec } from '../cluster/port.ts';
import type { Probe, StartStage } from '../upgrade/health.ts';
import { containerFinding, type Finding } from './container-finding.ts';
import { loadingModel } from './model-server-log.ts';
import { conditionOf, isReady, isTerminating } from './observe.ts';
import { newestOf, timesOf } from './pod-events.ts';
import { shortageOf } from './shortage.ts';

/** What was asked about a pod that stands still, besides what it says of itself. */
export type PodEvidence = {
  readonly events: readonly KubernetesEvent[];
  /** The last lines of the container that matters. */
  readonly log?: readonly string[];
  readonly node?: ClusterNode;
};

const NO_EVIDENCE: PodEvidence = { events: [] };

/** Why a pod is not ready, or not gone; undefined where it is ready. */
export const podFinding = (
  pod: Pod,
  template: PodSpec = {},
  evidence: PodEvidence = NO_EVIDENCE,
): Finding | undefined => {
  if (!isTerminating(pod) && isReady(pod)) return undefined;
  const node = nodeFinding(pod, evidence);
  if (isTerminating(pod)) return node ?? terminating(pod);
  const scheduled = conditionOf(pod.status?.conditions, 'PodScheduled');
  if (scheduled?.status === 'False') return unscheduled(scheduled.message ?? scheduled.reason ?? '', template);
  const containers = containersOf(pod);
  for (const container of containers) {
    const finding = containerFinding(container, evidence.events);
    if (finding?.reason === 'crash') return { ...finding, ...(evidence.log && { log: evidence.log }) };
    if (finding !== undefined) return finding;
  }
  return node ?? (hasStarted(containers) ? running(pod, containers, evidence) : creating(pod, evidence));
};

/** Init containers first, as they run. */
export const containersOf = ({ status }: Pod): readonly ContainerStatus[] => [
  ...(status?.initContainerStatuses ?? []),
  ...(status?.containerStatuses ?? []),
];

const hasStarted = (containers: readonly ContainerStatus[]): boolean =>
  containers.some(({ state }) => state?.running !== undefined);

/** A claim that does not exist is the scheduler's to find, and nobody's to make but a person's. */
const unscheduled = (message: string, template: PodSpec): Finding => {
  if (/persistentvolumeclaim "[^"]+" not found/.test(message)) return { reason: 'config', doomed: true, message };
  const detail = shortageOf(message, template);
  return { reason: 'unschedulable', message, ...(detail && { detail }) };
};

const nodeFinding = ({ spec, status }: Pod, { node, events }: PodEvidence): Finding | undefined => {
  const name = spec?.nodeName;
  if (!name) return undefined;
  const detail = { kind: 'node', node: name } as const;
  const ready = conditionOf(node?.status?.conditions, 'Ready');
  if (ready !== undefined && ready.status !== 'True') {
    return { reason: 'node', message: ready.message ?? ready.reason ?? 'it is not ready', detail };
  }
  const conditions = status?.conditions;
  const isLost = status?.reason === 'NodeLost' || conditionOf(conditions, 'Ready')?.reason === 'NodeNotReady';
  if (isLost) return { reason: 'node', message: status?.message ?? 'it is not ready', detail };
  const newest = newestOf(events, () => true);
  const isNodes = newest?.reason === 'NodeNotReady' || newest?.reason === 'FailedCreatePodSandBox';
  return isNodes ? { reason: 'node', message: newest.message, detail } : undefined;
};

const terminating = ({ metadata }: Pod): Finding => ({
  reason: 'terminating',
  detail: {
    kind: 'holder',
    finalizers: metadata.finalizers ?? [],
    ...(metadata.deletionGracePeriodSeconds !== undefined && { graceSeconds: metadata.deletionGracePeriodSeconds }),
  },
});

/** Its containers have not begun to run: volumes, then images. */
const creating = (pod: Pod, { events }: PodEvidence): Finding => {
  const newest = newestOf(events, ({ reason }) => CREATING.has(reason));
  if (newest?.reason === 'FailedMount' || newest?.reason === 'FailedAttachVolume') {
    const doomed = MISSING.test(newest.message) && timesOf(newest) > 1;
    return { reason: 'config', ...(doomed && { doomed }), message: newest.message };
  }
  const isPulling = newest?.reason === 'Pulling';
  const isInitialized = conditionOf(pod.status?.conditions, 'Initialized')?.status !== 'False';
  const stage: StartStage = isPulling
    ? 'pulling-image'
    : pod.spec?.nodeName === undefined && pod.status?.containerStatuses === undefined
      ? 'scheduling'
      : isInitialized
        ? 'creating'
        : 'init-container';
  return { reason: 'starting', ...(isPulling && { message: newest.message }), detail: { kind: 'start', stage } };
};

/** What the kubelet says while it makes a pod. The newest of it is what it is at. */
const CREATING: ReadonlySet<string> = new Set([
  'FailedMount',
  'FailedAttachVolume',
  'SuccessfulAttachVolume',
  'Pulling',
  'Pulled',
  'Failed',
  'Created',
  'Started',
]);

/** Tried twice and still not there. */
const MISSING = /\b(?:secret|configmap) "[^"]+" not found|references non-existent (?:secret|config) key/;

/** It runs: it is on its way to ready, or was ready and is not any more. */
const running = (pod: Pod, containers: readonly ContainerStatus[], { events, log = [] }: PodEvidence): Finding => {
  const unhealthy = newestOf(events, ({ reason }) => reason === 'Unhealthy');
  const probe = probeOf(unhealthy?.message ?? '');
  if (wasReady(pod, containers)) {
    const said = unhealthy?.message ?? conditionOf(pod.status?.conditions, 'Ready')?.message;
    return {
      reason: 'not-ready',
      ...(said !== undefined && { message: said }),
      ...(probe && { detail: { kind: 'probe', probe } }),
    };
  }
  const isInit = containers.some(({ started, state }, at) => {
    const isOwn = at < (pod.status?.initContainerStatuses?.length ?? 0);
    return isOwn && started !== true && state?.running !== undefined;
  });
  const waitsForStartup = containers.some(({ started, state }) => state?.running !== undefined && started === false);
  const restarts = containers.reduce((most, { restartCount = 0 }) => Math.max(most, restartCount), 0);
  const stage = isInit ? 'init-container' : waitsForStartup ? 'startup-probe' : 'readiness-probe';
  return {
    reason: 'starting',
    ...(unhealthy && { message: unhealthy.message }),
    detail: {
      kind: 'start',
      stage,
      ...(log.length > 0 && loadingModel(log)),
      // One that crashes again and again runs in between, and is on its way then as far as anybody knows.
      ...(restarts > 0 && { restarts }),
    },
  };
};

const PROBES: Readonly<Record<string, Probe>> = { Readiness: 'readiness', Startup: 'startup', Liveness: 'liveness' };

const probeOf = (message: string): Probe | undefined => PROBES[/^(\w+) probe /.exec(message)?.[1] ?? ''];

/** Whether a pod turned not ready after its containers had started: one that never was ready has not turned since. */
const wasReady = (pod: Pod, containers: readonly ContainerStatus[]): boolean => {
  const turned = conditionOf(pod.status?.conditions, 'Ready')?.lastTransitionTime;
  const started = containers
    .filter(({ state }) => state?.terminated === undefined)
    .map(({ state }) => state?.running?.startedAt);
  return turned !== undefined && started.length > 0 && started.every((at) => at !== undefined && turned > at);
};

/** What pods that are not ready, or are to go, have in common at first glance; undefined of one that is ready. */
export const likenessOf = (pod: Pod): string | undefined => {
  const finding = podFinding(pod);
  return finding && keyOf(finding);
};

/** A pod whose containers are being made is not like one that runs, though both are starting. */
const keyOf = ({ reason, doomed, detail }: Finding): string => {
  const stage = detail?.kind === 'start' ? detail.stage : detail?.kind === 'node' ? detail.node : '';
  return `${reason} ${doomed === true} ${stage}`;
};

/** Since when a pod is not ready, or is to go. */
export const sinceOf = (pod: Pod): string => {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, creationTimestamp = '' } = pod.metadata;
  if (isTerminating(pod) && deletionTimestamp !== undefined) {
    // It says when the grace period is over.
    const askedMs = Date.parse(deletionTimestamp) - deletionGracePeriodSeconds * 1000;
    return Number.isNaN(askedMs) ? deletionTimestamp : new Date(askedMs).toISOString().replace('.000Z', 'Z');
  }
  const { conditions } = pod.status ?? {};
  const scheduled = conditionOf(conditions, 'PodScheduled');
  const turned = scheduled?.status === 'False' ? scheduled : conditionOf(conditions, 'Ready');
  return turned?.lastTransitionTime ?? creationTimestamp;
};
