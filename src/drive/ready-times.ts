import type { Pod } from '../cluster/port.ts';
import { conditionOf, isReady, isTerminating, ownReplicaSets, type SideObjects } from './observe.ts';

/** How long pods took to become ready; all of their times, the shortest first. */
export type ReadyTimes = {
  readonly medianMs: number;
  readonly longestMs: number;
  readonly pods: number;
  readonly samplesMs: readonly number[];
};

/** How many pods took a time, by the time in ms. */
export type TimesTaken = ReadonlyMap<number, number>;

/** A pod that took more than this many times the median has been unready in between, or has waited for room. */
const FAR_OUT = 10;

/**
 * From a pod's creation to when it became ready, in ms; undefined of one that is not, or is to go. A restart, or a turn to
 * unready and back, sets that time anew: a pod that has restarted tells nothing. The API server's times are whole seconds.
 */
export const readyTimeOf = (pod: Pod): number | undefined => {
  if (!isReady(pod) || isTerminating(pod) || hasRestarted(pod)) return undefined;
  const { metadata, status } = pod;
  const ready = conditionOf(status?.conditions, 'Ready')?.lastTransitionTime ?? '';
  const ms = Date.parse(ready) - Date.parse(metadata.creationTimestamp ?? '');
  return ms >= 0 ? ms : undefined;
};

const hasRestarted = ({ status }: Pod): boolean =>
  (status?.containerStatuses ?? []).some(({ restartCount = 0 }) => restartCount > 0);

/** Of a side's pods that are ready; those that are far out are left out. */
export const readyTimesOf = (objects: SideObjects): ReadyTimes | undefined =>
  readyTimesAmong(ownReplicaSets(objects).map(({ metadata }) => objects.pods.timesTakenBy(metadata.uid)));

export const readyTimesAmong = (taken: readonly TimesTaken[]): ReadyTimes | undefined => {
  const times = taken
    .flatMap((each) => [...each])
    .toSorted(([a], [b]) => a - b)
    .flatMap(([ms, pods]) => Array.from({ length: pods }, () => ms));
  const medianMs = times[Math.floor((times.length - 1) / 2)];
  if (medianMs === undefined) return undefined;
  const samplesMs = times.filter((ms) => ms <= FAR_OUT * Math.max(medianMs, 1000));
  return { medianMs, longestMs: samplesMs.at(-1) ?? medianMs, pods: samplesMs.length, samplesMs };
};
