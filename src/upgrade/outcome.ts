import type { Cause, Reason } from './health.ts';
import type { Limits } from './limits.ts';
import type { PerSide, Side } from './side.ts';

/** How a run of the driver ended. Every one of these is expected; what is not is thrown. */
export type Outcome =
  | { readonly kind: 'reached' }
  | { readonly kind: 'rolled-back' }
  | { readonly kind: 'held'; readonly reason: 'paused' | 'off-spec' }
  | { readonly kind: 'aborted'; readonly by: string }
  | {
      readonly kind: 'stuck';
      readonly reason: Reason;
      readonly idleMs: number;
      readonly causes: readonly Cause[];
      readonly limit?: keyof Limits;
      /** Ended before the progress deadline, since what is waited for cannot heal by itself. */
      readonly failedFast?: true;
    }
  | { readonly kind: 'timed-out'; readonly afterMs: number; readonly causes: readonly Cause[] }
  | { readonly kind: 'unreachable'; readonly message: string }
  | { readonly kind: 'denied'; readonly message: string }
  | { readonly kind: 'locked'; readonly holder: string; readonly deployment: string; readonly since?: string }
  | {
      readonly kind: 'foreign-write';
      readonly side: Side;
      readonly expected: number;
      readonly found: number;
      readonly manager: string;
      readonly at?: string;
    }
  | { readonly kind: 'template-changed'; readonly side: Side; readonly manager: string }
  | {
      readonly kind: 'deployment-gone';
      readonly side: Side;
      readonly replaced: boolean;
      /** It is still there, and is being deleted. */
      readonly leaving?: true;
    }
  /** A namespace of the upgrade is being deleted. */
  | { readonly kind: 'namespace-gone'; readonly namespace: string }
  | { readonly kind: 'record-gone' }
  | { readonly kind: 'record-unreadable'; readonly message: string }
  | { readonly kind: 'interrupted'; readonly signal: 'SIGINT' | 'SIGTERM' };

/** The ending of a run that a signal interrupts; the signal is the reason of `signal`. */
export const interruptedBy = ({
  reason,
}: {
  readonly reason: unknown;
}): Extract<Outcome, { readonly kind: 'interrupted' }> => ({
  kind: 'interrupted',
  signal: reason === 'SIGTERM' ? 'SIGTERM' : 'SIGINT',
});

/** The one word of an outcome, for `reason` in JSON and in the last line; none when the targets were reached. */
export const reasonOf = (outcome: Outcome): Reason | undefined => {
  switch (outcome.kind) {
    case 'reached':
      return undefined;
    case 'held':
    case 'stuck':
      return outcome.reason;
    case 'timed-out':
      return 'timeout';
    default:
      return outcome.kind;
  }
};

/** The exit code of an outcome: the table stands in ARCHITECTURE.md and in `dupgrade help exit-codes`. */
export const exitCodeOf = (outcome: Outcome): number =>
  outcome.kind === 'interrupted' && outcome.signal === 'SIGTERM' ? 143 : exitCodeOfKind(outcome.kind);

/** The same of what a record keeps of an outcome, which is its kind; of an interruption that of SIGINT. */
export const exitCodeOfKind = (kind: Outcome['kind']): number => {
  switch (kind) {
    case 'reached':
      return 0;
    case 'held':
    case 'aborted':
      return 4;
    case 'stuck':
    case 'timed-out':
      return 5;
    case 'rolled-back':
      return 6;
    case 'unreachable':
    case 'denied':
      return 7;
    case 'locked':
    case 'foreign-write':
    case 'template-changed':
    case 'deployment-gone':
    case 'namespace-gone':
    case 'record-gone':
    case 'record-unreadable':
      return 8;
    case 'interrupted':
      return 130;
  }
};

/** What an upgrade came to, over all of its runs so far. */
export type Summary = {
  readonly from: PerSide<number>;
  readonly to: PerSide<number>;
  readonly durationMs: number;
  /** Scale writes. */
  readonly writes: number;
  readonly lowestReady: number;
  readonly highestPods: number;
};
