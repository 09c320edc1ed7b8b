import type { ContainerStatus, KubernetesEvent } from '../cluster/port.ts';
import type { Cause } from '../upgrade/health.ts';
import { newestOf } from './pod-events.ts';

/** What is the matter with a pod. */
export type Finding = Pick<Cause, 'reason' | 'doomed' | 'message' | 'detail' | 'log'>;

/**
 * How often a container has to have been started again before its crashing counts as one that does not heal: it has
 * exited three times. What it needs may have come up later than itself.
 */
const DOOMED_RESTARTS = 2;

/** A container that ran for longer is not in a loop: the kubelet too begins its back-off anew then. */
const LONG_RUN_MS = 10 * 60_000;

const NOT_THERE = /not found|manifest unknown|does not exist|no match for platform/i;
const DENIED = /denied|unauthorized|forbidden|no basic auth credentials|authentication required/i;

/** The kubelet could not look it up: it may be there. */
const NOT_LOOKED_UP = /failed to sync .*cache|timed out|deadline exceeded/i;

/** What keeps a container from running; undefined where nothing does. */
export const containerFinding = (status: ContainerStatus, events: readonly KubernetesEvent[]): Finding | undefined => {
  const { waiting, terminated } = status.state ?? {};
  const said = waiting?.message ?? waiting?.reason;
  switch (waiting?.reason) {
    case 'InvalidImageName':
    case 'ErrImageNeverPull':
      return { reason: 'image', doomed: true, ...message(said) };
    case 'ErrImagePull':
    case 'ImagePullBackOff':
    case 'ImageInspectError':
    case 'RegistryUnavailable':
    case 'SignatureValidationFailed':
      return imageFinding(waiting.reason, said ?? '', events);
    case 'CreateContainerConfigError':
      return { reason: 'config', ...(!NOT_LOOKED_UP.test(said ?? '') && { doomed: true }), ...message(said) };
    case 'CreateContainerError':
      return { reason: 'config', ...message(said) };
    case 'CrashLoopBackOff':
      return crashFinding(status, hasCrashedOften(status));
    case 'RunContainerError':
    case 'PostStartHookError':
      return crashFinding(status, false);
    default:
      return terminated !== undefined && terminated.exitCode !== 0 ? crashFinding(status, false) : undefined;
  }
};

const message = (text: string | undefined): Pick<Finding, 'message'> => (text === undefined ? {} : { message: text });

/**
 * A first failure may be a hiccup of the registry. One that has led to a back-off, and of which the registry says that the
 * image is not there or not for us, is none. Kubelets before 1.31 say why in an Event alone.
 */
const imageFinding = (reason: string, said: string, events: readonly KubernetesEvent[]): Finding => {
  const failed = newestOf(events, ({ reason: each, message: text }) => each === 'Failed' && /pull/i.test(text));
  const why = NOT_THERE.test(said) || DENIED.test(said) ? said : (failed?.message ?? said);
  const doomed = reason === 'ImagePullBackOff' && (NOT_THERE.test(why) || DENIED.test(why));
  return { reason: 'image', ...(doomed && { doomed }), ...message(why) };
};

const hasCrashedOften = ({ restartCount = 0, lastState }: ContainerStatus): boolean => {
  const { startedAt = '', finishedAt = '' } = lastState?.terminated ?? {};
  const ranMs = Date.parse(finishedAt) - Date.parse(startedAt);
  return restartCount >= DOOMED_RESTARTS && !(ranMs >= LONG_RUN_MS);
};

const crashFinding = ({ name, state, lastState, restartCount = 0 }: ContainerStatus, doomed: boolean): Finding => {
  const last = state?.terminated ?? lastState?.terminated;
  const exitCode = last?.exitCode;
  const said = last?.message ?? (last === undefined ? state?.waiting?.message : undefined);
  return {
    reason: 'crash',
    ...(doomed && { doomed }),
    ...message(said),
    detail: {
      kind: 'exit',
      container: name,
      ...(exitCode !== undefined && { exitCode }),
      outOfMemory: last?.reason === 'OOMKilled',
      restarts: restartCount,
    },
  };
};
