import { decide } from './decide.ts';
import type { Leg } from './leg.ts';
import type { Limits } from './limits.ts';
import type { Observation } from './observation.ts';
import { bothSides, type PerSide, sameCounts } from './side.ts';

/** A leg's way on an ideal cluster, where every asked pod is ready and every removed pod gone at once. */
export type Route = {
  /** `spec.replicas` of both sides after each decision, beginning with those of the start. */
  readonly waypoints: readonly PerSide<number>[];
  /** Whether it ends at the leg's targets; limits can make that impossible. */
  readonly arrives: boolean;
  /** The limit that ended it short of them. */
  readonly blockedBy?: keyof Limits;
};

/** Follows the rule over an ideal cluster. Every decision moves a side towards its target, so it ends. */
export const route = (leg: Leg, limits: Limits = {}): Route => {
  const waypoints = [leg.from];
  for (let at = leg.from; ; ) {
    const { scales, held } = decide(leg, settledAt(at), limits);
    const next = scales.reduce((counts, { side, to }) => ({ ...counts, [side]: to }), at);
    if (sameCounts(at, next)) {
      const blockedBy = held[0]?.limitedBy;
      return { waypoints, arrives: sameCounts(at, leg.to), ...(blockedBy === undefined ? {} : { blockedBy }) };
    }
    waypoints.push(next);
    at = next;
  }
};

/** What a settled cluster shows. */
export const settledAt = (counts: PerSide<number>): Observation => ({
  main: { asked: counts.main, ready: counts.main, existing: counts.main, terminating: 0 },
  grey: { asked: counts.grey, ready: counts.grey, existing: counts.grey, terminating: 0 },
});

/** The bounds that a leg keeps as long as pods do not fail by themselves, in pods of both sides together. */
export type Envelope = { readonly minReady: number; readonly maxExisting: number };

/**
 * The envelope of a leg that began settled: the lowest and the highest of the steps of its batch route. For a step from
 * (m, g) to (m′, g′), scaleOutPriority keeps ready ≥ min(m+g, m′+g′) and existing ≤ m+g+adds; scaleInPriority keeps
 * ready ≥ m+g−removes and existing ≤ max(m+g, m′+g′); scaleSimultaneously keeps ready ≥ m+g−removes and
 * existing ≤ m+g+adds. For 30 → 0 / 0 → 30, step 3, in that order: 30 and 33, 27 and 30, 27 and 33.
 */
export const envelope = (leg: Leg): Envelope => {
  const { waypoints } = route({ ...leg, pacing: 'batch' });
  let minReady = bothSides(leg.from);
  let maxExisting = bothSides(leg.from);
  for (const [index, to] of waypoints.entries()) {
    const from = waypoints[index - 1];
    if (from === undefined) continue;
    const total = bothSides(from);
    const adds = Math.max(0, to.main - from.main) + Math.max(0, to.grey - from.grey);
    const removes = Math.max(0, from.main - to.main) + Math.max(0, from.grey - to.grey);
    const low = leg.mode === 'scaleOutPriority' ? Math.min(total, bothSides(to)) : total - removes;
    const high = leg.mode === 'scaleInPriority' ? Math.max(total, bothSides(to)) : total + adds;
    minReady = Math.min(minReady, low);
    maxExisting = Math.max(maxExisting, high);
  }
  return { minReady, maxExisting };
};
