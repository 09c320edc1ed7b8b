import type { UpgradeRecord } from '../../src/upgrade/record.ts';
import { type Standing, standingOf } from './upgrade-model.ts';

/** What the record said from a time on. */
export type Said = Standing & {
  readonly atMs: number;
  /** Whether it stood at the targets that held then. */
  readonly isArrived: boolean;
};

export const saidBy = (record: UpgradeRecord, atMs: number): Said => {
  const { leg, intent } = record;
  return { atMs, ...standingOf(record), isArrived: leg.revision === intent.revision && leg.arrivedAt !== undefined };
};

/** How a process ended that drove. */
export type Ended = {
  readonly code: number;
  readonly endedMs: number;
  /** Since when it has stood still: it may have gone by what it knew then. */
  readonly frozenSinceMs?: number | undefined;
  /** Whether it was asked for the way back, which then is no failure. */
  readonly isRollback: boolean;
};

/** From having decided how it ends to its end a driver takes less: a few requests, which a lost answer makes longer. */
const FAREWELL_MS = 6_000;

/**
 * What does not fit of the exit code of a process that drove: it has to tell what the record said when it ended. The codes
 * of `others` come from elsewhere (stuck, locked, interrupted), and the record need not say them.
 */
export const unfitting = (ended: Ended, history: readonly Said[], others: readonly number[]): string | undefined => {
  const { code, endedMs, frozenSinceMs = endedMs, isRollback } = ended;
  if (others.includes(code)) return undefined;
  const sinceMs = Math.min(endedMs - FAREWELL_MS, frozenSinceMs);
  const first = history.findLastIndex(({ atMs }) => atMs <= sinceMs);
  const then = history.slice(Math.max(0, first)).filter(({ atMs }) => atMs <= endedMs);
  const isBack = then.some(({ phase }) => phase === 'rolled-back');
  const fits = new Map<number, boolean>([
    [0, then.some(({ phase }) => phase === 'completed') || (isRollback && isBack)],
    [4, then.some(({ phase, paused, isArrived }) => phase === 'aborted' || paused || isArrived)],
    [6, isBack && !isRollback],
  ]);
  return fits.get(code) === true ? undefined : `exit code ${code}, where the record said ${JSON.stringify(then)}`;
};
