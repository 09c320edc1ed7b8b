import type { Leg, Mode, Pacing } from './leg.ts';
import type { Limits } from './limits.ts';
import { type Load, type Plan, type PlanFacts, plan, type Shortage, type Span } from './plan.ts';
import { perSide } from './side.ts';

/** Why a way is to be taken, or is not. */
export type AdviceReason =
  /** Adding first loses no capacity: so many stay ready. */
  | { readonly kind: 'keeps-capacity'; readonly mode: Mode; readonly ready: number }
  /** Removing first takes no more room than now, and goes down to so many ready pods. */
  | { readonly kind: 'needs-no-room'; readonly mode: Mode; readonly ready: number }
  /** It takes more than now, and it is not known what is free. */
  | { readonly kind: 'room-unknown'; readonly mode: Mode; readonly extra: Load }
  | { readonly kind: 'short'; readonly mode: Mode; readonly shortage: Shortage }
  /** A limit ends it short of the targets. */
  | { readonly kind: 'blocked'; readonly mode: Mode; readonly limit: keyof Limits }
  /** With a smaller step there is room for it. */
  | { readonly kind: 'smaller-step'; readonly mode: Mode; readonly step: number }
  /** Why window: a batch waits for the slowest pod of each step, so that it takes somewhat more, up to `slowestMs`. */
  | { readonly kind: 'window'; readonly duration?: Span };

/** Which mode and pacing to take; without `take` there is none that has room and arrives. */
export type Advice = {
  readonly take?: { readonly mode: Mode; readonly pacing: Pacing };
  readonly reasons: readonly AdviceReason[];
};

/** No capacity is lost by the first; the second takes no more room than now. */
const PREFERRED: readonly Mode[] = ['scaleOutPriority', 'scaleInPriority'];

/**
 * scaleOutPriority if it arrives and nothing is known to be short for it, else scaleInPriority. scaleSimultaneously is
 * never advised: it takes as much room as the one and loses as much capacity as the other. With step 3 of 8 GPUs each and
 * 16 GPUs free, scaleOutPriority needs 24 more: scaleInPriority; scaleOutPriority with step 2 would do.
 */
export const advise = (leg: Leg, facts: PlanFacts, plans: readonly Plan[]): Advice => {
  const reasons: AdviceReason[] = [];
  for (const mode of PREFERRED) {
    const found = plans.find((each) => each.mode === mode && each.pacing === 'window');
    if (found === undefined) continue;
    const obstacle = obstacleOf(found);
    if (obstacle === undefined) {
      reasons.push(meritOf(found), { kind: 'window', ...(found.duration && { duration: found.duration }) });
      return { take: { mode, pacing: 'window' }, reasons: withSmallerStep(leg, facts, reasons) };
    }
    reasons.push(obstacle);
  }
  return { reasons: withSmallerStep(leg, facts, reasons) };
};

const obstacleOf = ({ mode, arrives, blockedBy, shortages }: Plan): AdviceReason | undefined => {
  if (!arrives && blockedBy !== undefined) return { kind: 'blocked', mode, limit: blockedBy };
  const [shortage] = shortages;
  return shortage === undefined ? undefined : { kind: 'short', mode, shortage };
};

const meritOf = ({ mode, lowestReady, extra, room }: Plan): AdviceReason => {
  if (room === 'unknown') return { kind: 'room-unknown', mode, extra };
  if (mode === 'scaleInPriority') return { kind: 'needs-no-room', mode, ready: lowestReady };
  return { kind: 'keeps-capacity', mode, ready: lowestReady };
};

/** Where scaleOutPriority is short of room, the largest step that is not. */
const withSmallerStep = (leg: Leg, facts: PlanFacts, reasons: readonly AdviceReason[]): readonly AdviceReason[] => {
  const mode = 'scaleOutPriority';
  if (!reasons.some((reason) => reason.kind === 'short' && reason.mode === mode)) return reasons;
  const { times: _, ...timeless } = facts;
  const fits = (most: number): boolean => {
    const step = perSide((side) => Math.min(leg.step[side], most));
    return obstacleOf(plan({ ...leg, mode, step, pacing: 'window' }, timeless)) === undefined;
  };
  if (!fits(1)) return reasons;
  let [enough, tooMany] = [1, Math.max(leg.step.main, leg.step.grey)];
  while (tooMany - enough > 1) {
    const middle = Math.floor((enough + tooMany) / 2);
    if (fits(middle)) enough = middle;
    else tooMany = middle;
  }
  return [...reasons, { kind: 'smaller-step', mode, step: enough }];
};
