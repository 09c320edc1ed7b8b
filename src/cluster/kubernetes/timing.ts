import { setTimeout as pause } from 'node:timers/promises';

/** How long things may take, and where time and chance come from. Tests hand in their own. */
export type Timing = {
  /** One attempt of one request, from its beginning to the last byte of the answer. */
  readonly attemptMs: number;
  /** The pause after a first failure; it doubles from failure to failure, up to `mostBackoffMs`. */
  readonly firstBackoffMs: number;
  readonly mostBackoffMs: number;
  /** After how long a watch is asked to end and begin anew: a connection that is never renewed cannot be rebalanced. */
  readonly watchMs: number;
  /** A watch that showed nothing at all for so long is given up. Bookmarks come about once a minute. */
  readonly silenceMs: number;
  /** How long getting credentials may take: a plugin may have to ask somebody, too. */
  readonly credentialsMs: number;
  /** Ms since some moment; never goes back. */
  readonly now: () => number;
  readonly random: () => number;
  /** Resolves after `ms`; rejects when `signal` aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Calls back after `ms`; answers with the way to stop that. */
  readonly after: (ms: number, call: () => void) => () => void;
};

export const DEFAULT_TIMING: Timing = {
  attemptMs: 10_000,
  firstBackoffMs: 100,
  mostBackoffMs: 10_000,
  watchMs: 300_000,
  silenceMs: 90_000,
  credentialsMs: 60_000,
  now: () => performance.now(),
  random: Math.random,
  sleep: (ms, signal) => pause(ms, undefined, { signal }),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * The pause after so many failures in a row, in ms: 100, 200, 400 … 10 000, each drawn from its upper half, so that many
 * clients of a server that comes back do not all come at once.
 */
export const backoffMs = (timing: Timing, failures: number): number => {
  const whole = Math.min(timing.mostBackoffMs, timing.firstBackoffMs * 2 ** (failures - 1));
  return whole * (0.5 + timing.random() / 2);
};

/** What was waited for did not come in time. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';
  readonly ms: number;

  constructor(ms: number) {
    super(`nothing came within ${secondsOf(ms)}`);
    this.ms = ms;
  }
}

/** Two digits are enough for a person: "0.15 s", "15 s", "5 min". */
export const secondsOf = (ms: number): string =>
  ms >= 120_000 ? `${Math.round(ms / 60_000)} min` : `${Number((ms / 1000).toPrecision(2))} s`;

/** A signal that aborts with `parent`, and with TimedOut when `restart` was not called for `ms`. */
export type Limit = { readonly signal: AbortSignal; readonly restart: () => void };

/**
 * A signal that aborts with `parent`, for some of those who would listen to it: a signal goes through all that listen for
 * each that comes and goes, and a hundred upgrades have a thousand requests and watches under way.
 */
export const endingWith = (parent: AbortSignal): AbortSignal => {
  const own = new AbortController();
  const end = (): void => own.abort(parent.reason);
  parent.addEventListener('abort', end);
  if (parent.aborted) end();
  return own.signal;
};

/**
 * Does `work` under a limit of time. Whatever `work` makes of the abort, this rejects with its reason, at once; and neither
 * a timer nor a listener is left behind.
 */
export const limited = async <T>(parent: AbortSignal, ms: number, work: (limit: Limit) => Promise<T>): Promise<T> => {
  parent.throwIfAborted();
  const own = new AbortController();
  const end = (): void => own.abort(parent.reason);
  const timer = setTimeout(() => own.abort(new TimedOut(ms)), ms);
  parent.addEventListener('abort', end);
  const aborted = new Promise<never>((_, reject) => {
    own.signal.addEventListener('abort', () => reject(own.signal.reason));
  });
  try {
    return await Promise.race([work({ signal: own.signal, restart: () => timer.refresh() }), aborted]);
  } finally {
    clearTimeout(timer);
    parent.removeEventListener('abort', end);
  }
};
