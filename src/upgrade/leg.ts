import { type PerSide, perSide, type Side, sameCounts } from './side.ts';

/** Which direction leads: adding, removing, or neither. */
export type Mode = 'scaleOutPriority' | 'scaleInPriority' | 'scaleSimultaneously';

export const MODES: readonly Mode[] = ['scaleOutPriority', 'scaleInPriority', 'scaleSimultaneously'];

/**
 * `batch`: a step must be complete before the next begins. `window`: a slot is refilled as soon as it is free.
 */
export type Pacing = 'window' | 'batch';

export const PACINGS: readonly Pacing[] = ['window', 'batch'];

/** The most replicas of a side in flight: a count of replicas, or a share of the side's own way ("10%"). */
export type Step = number | `${number}%`;

/** How a leg is to be walked. */
export type Way = { readonly mode: Mode; readonly step: PerSide<Step>; readonly pacing: Pacing };

/** A straight move of both sides, in replicas, with steps resolved to replicas (at least 1). */
export type Leg = {
  readonly mode: Mode;
  readonly pacing: Pacing;
  readonly step: PerSide<number>;
  /** `spec.replicas` of each side when the leg began. */
  readonly from: PerSide<number>;
  /** The replicas at which each side must end. */
  readonly to: PerSide<number>;
};

export type Direction = 'adds' | 'removes' | 'stays';

/** Begins a leg. A step in per cent is of the side's own way, rounded up, at least 1: "10%" of 30 → 0 is 3, of 25 is 3. */
export const beginLeg = (from: PerSide<number>, to: PerSide<number>, way: Way): Leg => ({
  mode: way.mode,
  pacing: way.pacing,
  step: perSide((side) => resolveStep(way.step[side], Math.abs(to[side] - from[side]))),
  from,
  to,
});

/** A leg without what a record keeps beside it. */
export const bareLeg = ({ mode, pacing, step, from, to }: Leg): Leg => ({ mode, pacing, step, from, to });

/**
 * Whether a leg is the way to these targets already. An upgrade that was paused goes on with the leg that it was on: a new
 * one would let the side that leads run one step ahead once more, of the step that it is ahead by.
 */
export const leadsTo = (leg: Leg, to: PerSide<number>, way: Way): boolean => {
  const same = beginLeg(leg.from, to, way);
  return (
    leg.mode === same.mode &&
    leg.pacing === same.pacing &&
    sameCounts(leg.to, same.to) &&
    sameCounts(leg.step, same.step)
  );
};

const resolveStep = (step: Step, replicas: number): number => {
  if (typeof step === 'number') return step;
  // In whole numbers where the percentage is one: 7 % of 100 is 7, though 0.07 × 100 is 7.000000000000001.
  return Math.max(1, Math.ceil((Number.parseFloat(step) * replicas) / 100));
};

/** What a side has to do on a leg, in replicas: n = |T − F|. */
export const wayOf = (leg: Leg, side: Side): number => Math.abs(leg.to[side] - leg.from[side]);

export const directionOf = (leg: Leg, side: Side): Direction => {
  if (leg.to[side] > leg.from[side]) return 'adds';
  if (leg.to[side] < leg.from[side]) return 'removes';
  return 'stays';
};

/** Whether a side's direction is the one that leads in the leg's mode. */
export const leads = (leg: Leg, side: Side): boolean => {
  switch (leg.mode) {
    case 'scaleOutPriority':
      return directionOf(leg, side) === 'adds';
    case 'scaleInPriority':
      return directionOf(leg, side) === 'removes';
    case 'scaleSimultaneously':
      return true;
  }
};
