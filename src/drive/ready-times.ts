import type { Pod } from '../cluster/port.ts';
import type { StartTimes } from '../upgrade/eta.ts';
import { msOf } from '../upgrade/time-text.ts';
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
  const ms = msOf(ready) - msOf(metadata.creationTimestamp ?? '');
  return ms >= 0 ? ms : undefined;
};

const hasRestarted = ({ status }: Pod): boolean =>
  (status?.containerStatuses ?? []).some(({ restartCount = 0 }) => restartCount > 0);

/** Of a side's pods that are ready; those that are far out are left out. */
export const readyTimesOf = (objects: SideObjects): ReadyTimes | undefined => readyTimesAmong(takenBy(objects));

/** The same without each of them: of ten thousand pods there are few different times. */
export const startTimesOf = (objects: SideObjects): StartTimes | undefined => {
  const { medianMs, times } = withoutFarOut(takenBy(objects));
  const [first, last] = [times[0], times.at(-1)];
  if (medianMs === undefined || first === undefined || last === undefined) return undefined;
  return { leastMs: first.ms, typicalMs: medianMs, mostMs: last.ms };
};

export const readyTimesAmong = (taken: readonly TimesTaken[]): ReadyTimes | undefined => {
  const { medianMs, times } = withoutFarOut(taken);
  if (medianMs === undefined) return undefined;
  const samplesMs = times.flatMap(({ ms, pods }) => Array.from({ length: pods }, () => ms));
  return { medianMs, longestMs: samplesMs.at(-1) ?? medianMs, pods: samplesMs.length, samplesMs };
};

const takenBy = (objects: SideObjects): readonly TimesTaken[] =>
  ownReplicaSets(objects).map(({ metadata }) => objects.pods.timesTakenBy(metadata.uid));

type Taken = { readonly ms: number; readonly pods: number };

/** The shortest first; the median is that of all. */
const withoutFarOut = (taken: readonly TimesTaken[]) => {
  const times = taken
    .flatMap((each) => Array.from(each, ([ms, pods]): Taken => ({ ms, pods })))
    .toSorted((a, b) => a.ms - b.ms);
  const half = Math.floor((times.reduce((sum, { pods }) => sum + pods, 0) - 1) / 2);
  let upTo = 0;
  const medianMs = times.find(({ pods }) => (upTo += pods) > half)?.ms;
  return { medianMs, times: times.filter(({ ms }) => ms <= FAR_OUT * Math.max(medianMs ?? 0, 1000)) };
};
