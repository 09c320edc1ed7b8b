import { type Advice, advise } from './advice.ts';
import { beginLeg, type Mode } from './leg.ts';
import type { Limits } from './limits.ts';
import { type Amounts, type Free, plan, planAll } from './plan.ts';
import { bothSides, type PerSide, perSide } from './side.ts';
import type { DeploymentRef } from './spec.ts';

/** What a spec is made from. */
export type DraftFacts = {
  readonly name: string;
  readonly deployments: PerSide<DeploymentRef>;
  /** `spec.replicas` of both sides. */
  readonly counts: PerSide<number>;
  readonly requests: PerSide<Amounts>;
  readonly free: PerSide<Free>;
  /** Of the pods that run; where there are any. */
  readonly startTimes?: StartTimes;
  /** The longest that a removed pod of either side may take to be gone. */
  readonly graceMs: number;
};

export type StartTimes = { readonly slowestMs: number; readonly pods: number };

/** A spec for two Deployments as they stand, and what it was chosen by. */
export type Draft = Pick<DraftFacts, 'name' | 'deployments' | 'counts' | 'graceMs' | 'startTimes'> & {
  readonly targets: PerSide<number>;
  readonly mode: Mode;
  readonly step: number;
  readonly progressDeadlineMs: number;
  /** What the way keeps to by itself while no pod fails. */
  readonly bounds: Required<Limits>;
  readonly advice: Advice;
};

/** One pod in so many is in flight at a time. */
const STEPS = 10;
const MINUTE_MS = 60_000;

/** As much as holds where a spec says nothing: the next pod may be put on a node that has the image to pull. */
const LEAST_DEADLINE_MS = 10 * MINUTE_MS;
const MOST_DEADLINE_MS = 720 * 60 * MINUTE_MS;

/**
 * Grey gets as many as both have together, in ten steps or fewer; the mode is the one that is advised. Nothing is taken as
 * stuck before a pod has had time to go, and twice the time that the slowest of those that run took to come: of 30 → 0 /
 * 0 → 30 with 8m and a grace period of 30s the step is 3 and the deadline 17m.
 */
export const draftOf = ({ requests, free, ...facts }: DraftFacts): Draft => {
  const { counts, startTimes, graceMs } = facts;
  const targets = { main: 0, grey: bothSides(counts) };
  const step = Math.max(1, Math.ceil(targets.grey / STEPS));
  const way = { mode: 'scaleOutPriority', step: perSide(() => step), pacing: 'window' } as const;
  const leg = beginLeg(counts, targets, way);
  const known = { requests, free, limits: {}, policy: 'TerminationComplete' } as const;
  const advice = advise(leg, known, planAll(leg, known));
  const mode = advice.take?.mode ?? way.mode;
  const { lowestReady, peak } = plan({ ...leg, mode }, known);
  return {
    ...facts,
    targets,
    mode,
    step,
    progressDeadlineMs: deadlineMs(startTimes?.slowestMs ?? 0, graceMs),
    bounds: { minReady: lowestReady, maxPods: peak.pods },
    advice,
  };
};

/** In whole minutes. */
const deadlineMs = (slowestMs: number, graceMs: number): number => {
  const needed = MINUTE_MS * Math.ceil((2 * slowestMs + graceMs) / MINUTE_MS);
  return Math.min(MOST_DEADLINE_MS, Math.max(LEAST_DEADLINE_MS, needed));
};
