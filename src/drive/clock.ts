/** Time, handed in so that tests can move it. */
export type Clock = {
  /** The time of day, in ms since the epoch. It may jump. */
  readonly now: () => number;
  /** Ms since some moment; it never goes back, and may stand still while the machine sleeps. */
  readonly monotonic: () => number;
  /** Calls `call` once after `ms`; the answer takes that back. */
  readonly after: (ms: number, call: () => void) => () => void;
};

export const isoTime = (clock: Clock): string => new Date(clock.now()).toISOString();

/** Resolves after `ms`, or when `signal` is aborted. */
export const pause = (clock: Clock, ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const cancel = clock.after(ms, done);
    function done() {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    }
    signal?.addEventListener('abort', done);
  });

/** Waits for `work` to end, but no longer than `ms`: false where it took longer. Its failure is not told. */
export const within = async (clock: Clock, ms: number, work: Promise<unknown>): Promise<boolean> => {
  const over = new AbortController();
  const done = work.then(
    () => true,
    () => true,
  );
  const inTime = await Promise.race([done, pause(clock, ms, over.signal).then(() => false)]);
  over.abort();
  return inTime;
};

/** How long an interruption waits for the request that is under way: the cluster may be out of reach. */
const INTERRUPTED_MS = 5_000;

/** What `work` comes to; undefined where `signal` was aborted and it had not ended some seconds after. */
export const unlessInterrupted = async <T>(
  clock: Clock,
  signal: AbortSignal,
  work: Promise<T>,
): Promise<T | undefined> => {
  const over = new AbortController();
  const interrupted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true, signal: over.signal });
  });
  const graceOver = interrupted.then(() => pause(clock, INTERRUPTED_MS, over.signal)).then(() => undefined);
  // Nobody may wait for it any more when it fails.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, graceOver]);
  } finally {
    over.abort();
  }
};
