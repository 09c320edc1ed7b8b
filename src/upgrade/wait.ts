import { doneOf } from './decide.ts';
import type { Standing } from './events.ts';
import { type Leg, wayOf } from './leg.ts';
import type { Observation } from './observation.ts';
import { exitCodeOfKind } from './outcome.ts';
import type { UpgradeRecord } from './record.ts';
import { SIDES } from './side.ts';

/** What an upgrade is waited for. */
export type WaitFor =
  /** The targets of its spec are reached. */
  | { readonly kind: 'done' }
  /** It is paused, or has arrived at targets that are not those of its spec. */
  | { readonly kind: 'held' }
  /** So many steps of the leg under way are complete, on both sides. */
  | { readonly kind: 'step'; readonly steps: number }
  /** So many pods of both sides together are ready. */
  | { readonly kind: 'ready'; readonly pods: number };

/** An upgrade as somebody sees it who does not drive it. */
export type Attended = {
  readonly record: UpgradeRecord;
  /** Undefined while nothing was seen yet. */
  readonly standing: Standing | undefined;
  /** Whether a driver is alive. */
  readonly isDriven: boolean;
};

/** How waiting ended: what was waited for is so, or it will not be unless somebody does something. */
export type Waited =
  | { readonly kind: 'met' }
  | {
      readonly kind: 'unmet';
      readonly exitCode: number;
      /** Why, as a record says it; `completed` where the upgrade has ended well without. */
      readonly reason: string;
    };

/** Whether waiting is over. Undefined: not yet. */
export const waited = (wish: WaitFor, now: Attended): Waited | undefined => {
  if (isMet(wish, now)) return { kind: 'met' };
  const { phase, lastRun } = now.record;
  if (phase === 'completed') return { kind: 'unmet', exitCode: 3, reason: 'completed' };
  if (phase !== 'active') return { kind: 'unmet', exitCode: exitCodeOfKind(phase), reason: phase };
  // Who was interrupted may be back in a moment; whoever ended otherwise waits for somebody to do something.
  if (now.isDriven || lastRun === undefined || lastRun.outcome === 'interrupted') return undefined;
  return { kind: 'unmet', exitCode: exitCodeOfKind(lastRun.outcome), reason: lastRun.reason ?? lastRun.outcome };
};

const isMet = (wish: WaitFor, { record, standing }: Attended): boolean => {
  switch (wish.kind) {
    case 'done':
      return record.phase === 'completed';
    case 'held':
      return record.phase === 'active' && (record.intent.paused || hasArrived(record));
    case 'step':
      return (
        record.phase === 'completed' || (standing !== undefined && stepsDone(record.leg, standing.sides) >= wish.steps)
      );
    case 'ready':
      return standing !== undefined && standing.ready >= wish.pods;
  }
};

const hasArrived = ({ leg, intent }: UpgradeRecord): boolean =>
  leg.arrivedAt !== undefined && leg.revision === intent.revision;

/**
 * The whole steps of a leg that both sides have done: 30 → 0 / 0 → 30 with step 3 has ten of them, and two at 24 and 6. A
 * side that has come to its target holds nothing up.
 */
export const stepsDone = (leg: Leg, seen: Observation): number =>
  SIDES.reduce((least, side) => {
    const done = doneOf(leg, seen, side);
    return done >= wayOf(leg, side) ? least : Math.min(least, Math.max(0, Math.floor(done / leg.step[side])));
  }, Number.POSITIVE_INFINITY);
