import { doneOf } from './decide.ts';
import { type Leg, wayOf } from './leg.ts';
import type { Observation } from './observation.ts';
import { SIDES } from './side.ts';

/** How far a leg has come: replicas done of both sides, counted so that a pod that flaps adds nothing twice. */
export const doneTotal = (leg: Leg, seen: Observation): number =>
  SIDES.reduce((sum, side) => sum + Math.min(doneOf(leg, seen, side), wayOf(leg, side)), 0);

/**
 * The clock of the progress deadline: the time since the high-water mark of what is done last rose. Kubernetes' own
 * deadline never runs for a change of scale alone, and a pod that flaps between ready and not must not wind it up again.
 */
export class ProgressClock {
  #highWater = Number.NEGATIVE_INFINITY;
  #roseAtMs: number;

  constructor(nowMs: number) {
    this.#roseAtMs = nowMs;
  }

  /** Begins anew: for a new leg, after a hold. */
  restart(nowMs: number): void {
    this.#highWater = Number.NEGATIVE_INFINITY;
    this.#roseAtMs = nowMs;
  }

  /** A write was done: pods begin to be waited for now. */
  asked(nowMs: number): void {
    this.#roseAtMs = nowMs;
  }

  observed(done: number, nowMs: number): void {
    if (done <= this.#highWater) return;
    this.#highWater = done;
    this.#roseAtMs = nowMs;
  }

  idleMs(nowMs: number): number {
    return nowMs - this.#roseAtMs;
  }
}
