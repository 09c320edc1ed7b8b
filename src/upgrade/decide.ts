import { directionOf, type Leg, leads, wayOf } from './leg.ts';
import { guard, type Limits } from './limits.ts';
import type { Observation } from './observation.ts';
import { otherSide, type PerSide, SIDES, type Side } from './side.ts';

/** One write that is due: set `spec.replicas` of `side` from `from` to `to`. */
export type Scale = { readonly side: Side; readonly from: number; readonly to: number };

/** A write that is due by the rule and held back, in part or whole, by a limit. */
export type Held = { readonly side: Side; readonly limitedBy: keyof Limits };

/** What one turn of the driver does: at most one write for each side. */
export type Decision = { readonly scales: readonly Scale[]; readonly held: readonly Held[] };

/**
 * What is due now. Total, pure, without memory of earlier turns: kill the driver anywhere, start it elsewhere, it goes on.
 *
 * For a side that goes F → T with step s, asked S, ready R, existing E, and n = |T − F|:
 *
 *     asked    = |S − F|, the part of n already asked for
 *     done     = min(R, S) − F when adding, F − max(E, S) when removing; it may be negative
 *     progress = ∞ when done ≥ n, else done / s; `batch` rounds it down to whole steps
 *     credit   = no limit when the other side stays or goes the same way; else the other side's progress, plus 1 when
 *                this side's direction leads
 *     allowed  = ⌊min(n, (progress + 1)·s, credit·s)⌋; when that is more than asked, ask for it, else wait; a part of
 *                a step counts for less in the last step of a way: see `replicasOfCredit`
 *
 * A leader may run one step ahead of what its follower has finished, a follower never ahead of what its leader has
 * finished, and no side has more than one step in flight. In scaleSimultaneously both writes of a turn are safe in either
 * order, since each keeps to its own credit.
 *
 * scaleOutPriority, step 3, main 30 → 0, grey 0 → 30, every pod ready at once:
 *
 *     (30,0)  grey leads: progress 0, credit 0 + 1   → allowed 3   main follows: credit 0 → waits
 *     (30,3)  grey: progress 1, credit 0 + 1         → waits       main: credit 1 → asks for 27
 *     (27,3)  grey: progress 1, credit 1 + 1         → asks for 6  main: credit 1 → waits
 *     (27,6) (24,6) (24,9) … (3,30) (0,30)
 *
 * The same with `window`, 2 of the first 3 grey pods ready: grey's progress is 2/3, so main may go to 28 at once, and when
 * those 2 are gone grey may go to 5, where `batch` waits for the third.
 */
export const decide = (leg: Leg, seen: Observation, limits: Limits = {}): Decision => {
  const due = SIDES.flatMap((side): Scale[] => {
    const allowed = allowedOf(leg, seen, side);
    if (allowed <= askedOf(leg, seen, side)) return [];
    const to = directionOf(leg, side) === 'adds' ? leg.from[side] + allowed : leg.from[side] - allowed;
    return [{ side, from: seen[side].asked, to }];
  });

  const scales: Scale[] = [];
  const held: Held[] = [];
  let after = seen;
  for (const scale of due) {
    const { replicas, limitedBy } = guard(limits, after, scale.side, scale.to);
    if (limitedBy !== undefined) held.push({ side: scale.side, limitedBy });
    if (replicas === scale.from) continue;
    scales.push({ ...scale, to: replicas });
    after = { ...after, [scale.side]: { ...after[scale.side], asked: replicas } };
  }
  return { scales, held };
};

/** How much of its way a side has finished, in replicas; negative when pods were lost. */
export const doneOf = (leg: Leg, seen: Observation, side: Side): number => {
  const { asked, ready, existing } = seen[side];
  return directionOf(leg, side) === 'removes'
    ? leg.from[side] - Math.max(existing, asked)
    : Math.min(ready, asked) - leg.from[side];
};

/** How much of its way a side was asked to go, in replicas. */
export const askedOf = (leg: Leg, seen: Observation, side: Side): number => {
  const gone = seen[side].asked - leg.from[side];
  return directionOf(leg, side) === 'removes' ? -gone : gone;
};

const progressOf = (leg: Leg, seen: Observation, side: Side): number => {
  const done = doneOf(leg, seen, side);
  if (done >= wayOf(leg, side)) return Number.POSITIVE_INFINITY;
  const steps = done / leg.step[side];
  return leg.pacing === 'batch' ? Math.floor(steps) : steps;
};

const creditOf = (leg: Leg, seen: Observation, side: Side): number => {
  const other = otherSide(side);
  const otherDirection = directionOf(leg, other);
  if (otherDirection === 'stays' || otherDirection === directionOf(leg, side)) return Number.POSITIVE_INFINITY;
  return progressOf(leg, seen, other) + (leads(leg, side) ? 1 : 0);
};

const allowedOf = (leg: Leg, seen: Observation, side: Side): number => {
  const step = leg.step[side];
  const progress = progressOf(leg, seen, side);
  const credit = creditOf(leg, seen, side);
  return floorOfSteps(Math.min(wayOf(leg, side), (progress + 1) * step, replicasOfCredit(leg, side, credit)));
};

/**
 * How far a credit goes, in replicas. A part of a step is that part of what the step moves, which is less than `step` where
 * the way ends in it, or one replica for each of the other side: else a great step for the little rest of a way would be
 * asked for when the other side has hardly begun its own. For main 7 → 1, step 2 and grey 4 → 6, step 7, one of main's
 * first two pods gone: grey may go to 5, where half of 7 would take it to 6, and both sides to a pod more than before.
 */
const replicasOfCredit = (leg: Leg, side: Side, credit: number): number => {
  const step = leg.step[side];
  if (credit === Number.POSITIVE_INFINITY) return credit;
  const whole = Math.floor(credit);
  const rest = Math.max(wayOf(leg, side) - whole * step, leg.step[otherSide(side)]);
  return whole * step + (credit - whole) * Math.min(step, rest);
};

/** ⌊x⌋ where x came from whole numbers through a division: 2/3·3 is 2, though a float may say 1.9999999999999998. */
const floorOfSteps = (replicas: number): number => Math.floor(replicas + 1e-6);

/** Whether a leg's targets are asked for and reached: every added pod ready, every removed pod gone. */
export const arrived = (leg: Leg, seen: Observation, before: PerSide<number>): boolean =>
  SIDES.every((side) => {
    const { asked, ready, existing } = seen[side];
    const target = leg.to[side];
    if (asked !== target || existing > target) return false;
    // A side that stands above its count before the start stands there with pods of this upgrade, so all must be ready.
    // One that does not may have had unready pods all along, which are not this upgrade's to wait for.
    return ready >= target || (directionOf(leg, side) !== 'adds' && target <= before[side]);
  });
