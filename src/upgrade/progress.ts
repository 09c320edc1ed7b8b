import { doneOf } from './decide.ts';
import { type Leg, wayOf } from './leg.ts';
import type { Observation } from './observation.ts';
import type { UpgradeRecord } from './record.ts';
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

/**
 * When an upgrade last came on, as far as its record shows, in ms since the epoch: when something was done, or fewer pods
 * were waited for than ever since. The curve may be some seconds behind, so it may have been later.
 */
export const progressedAtMs = ({ startedAt, journal, curve }: Progressed): number => {
  const startMs = Date.parse(startedAt);
  const doneMs = Date.parse(journal.at(-1)?.at ?? startedAt);
  const since = curve.filter(({ atMs }) => startMs + atMs >= doneMs);
  let [fewest, atMs] = [Number.POSITIVE_INFINITY, doneMs - startMs];
  for (const { pods, ready, atMs: seenMs } of since) {
    if (pods - ready < fewest) [fewest, atMs] = [pods - ready, seenMs];
  }
  return startMs + atMs;
};

type Progressed = Pick<UpgradeRecord, 'startedAt' | 'journal' | 'curve'>;
