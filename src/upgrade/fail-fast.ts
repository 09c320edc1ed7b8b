import type { Waiting } from './events.ts';
import type { Cause, Reason } from './health.ts';

/** Pods that may become ready yet, and with them the upgrade a step further. */
const COMING: ReadonlySet<Reason> = new Set<Reason>(['image', 'config', 'crash', 'node', 'not-ready', 'starting']);

/**
 * The cause for which waiting is in vain: pods that are waited for cannot become ready by themselves, and none of their
 * side is still on its way. What has no room (`unschedulable`, `quota`) does not count as on its way: it would be of the
 * same template.
 *
 * grey waits for 3: 1 image doomed, 2 starting → go on; 1 image doomed, 2 unschedulable → image; 3 crash, not doomed → go on.
 * Pods that fail on a side that only removes are waited for by nobody.
 */
export const hopeless = (waiting: readonly Waiting[], causes: readonly Cause[]): Cause | undefined => {
  for (const { side, until } of waiting) {
    if (until !== 'ready') continue;
    const own = causes.filter((cause) => cause.side === side);
    const isComing = own.some(({ reason, doomed }) => doomed !== true && COMING.has(reason));
    if (!isComing) {
      const doomed = own.find((cause) => cause.doomed === true);
      if (doomed !== undefined) return doomed;
    }
  }
  return undefined;
};

/** For how long, without a break, waiting has to be in vain before a run ends: what was seen may be a passing moment. */
const VAIN_MS = 10_000;

/** The clock of failing fast: the time since which waiting is in vain. */
export class VainClock {
  #sinceMs: number | undefined;

  observed(isInVain: boolean, nowMs: number): void {
    this.#sinceMs = isInVain ? (this.#sinceMs ?? nowMs) : undefined;
  }

  /** Infinite where waiting is not in vain. */
  isOverInMs(nowMs: number): number {
    return this.#sinceMs === undefined ? Number.POSITIVE_INFINITY : this.#sinceMs + VAIN_MS - nowMs;
  }
}
