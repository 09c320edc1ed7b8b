import type { Alternative, Rehearsed, RehearsedWay } from './rehearsal.ts';

type Way = RehearsedWay & Rehearsed;

/** Which of the rehearsed ways to take. */
export type RehearsalAdvice = {
  /** Of the ways that reached the targets in every run, the one that kept the most pods ready; of those the fastest. */
  readonly safest?: Way;
  /** Of the ways that reached the targets in every run, the fastest, by the time in which nine of ten runs ended. */
  readonly fastest?: Way;
};

/** Where two ways are alike, the one that takes fewer pods at its peak. */
export const adviseRehearsed = (ways: readonly Alternative[]): RehearsalAdvice => {
  const sure = ways.flatMap((way) => (way.blockedBy === undefined && way.shortfalls.length === 0 ? [way] : []));
  const bySpeed = sure.toSorted((a, b) => p90(a) - p90(b) || a.highestPods - b.highestPods);
  const mostReady = sure.reduce((most, { lowestReady }) => Math.max(most, lowestReady), 0);
  const safest = bySpeed.find(({ lowestReady }) => lowestReady === mostReady);
  const [fastest] = bySpeed;
  return safest === undefined || fastest === undefined ? {} : { safest, fastest };
};

const p90 = ({ durations }: Way): number => durations?.p90Ms ?? Number.POSITIVE_INFINITY;
