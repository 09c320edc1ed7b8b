/** Who takes turns with others: all requests of one upgrade. */
export type Lane = symbol;

export type RateClock = {
  /** Ms since some moment; never goes back. */
  readonly now: () => number;
  /** Calls back after `ms`; answers with the way to stop that. */
  readonly after: (ms: number, call: () => void) => () => void;
};

/**
 * What an upgrade that is under way changes waits neither for the renewals of many locks nor for all that the beginning of others
 * asks; and no lock is lost because there is much else to ask.
 */
const URGENCIES = ['change', 'lock', 'other'] as const;

/** After so many changes something else has a turn, if it waits: what is watched is of an upgrade that is under way, too. */
const CHANGES_IN_A_ROW = 3;

/**
 * Where a lock has waited for so long it goes first. It is renewed every 3 s and holds for 15 s, of which an attempt that comes to
 * nothing may take 10 s; and each attempt waits for its turn.
 */
const LOCK_PATIENCE_MS = 300;

export type Urgency = (typeof URGENCIES)[number];

type Waiter = () => void;

type Arrival = { readonly lane: Lane; readonly atMs: number };

/** Those who wait, lane by lane: one of each in its turn, however many it has. */
class Waiters {
  /** In the order in which they are served next. A lane without a waiter is not in it. */
  readonly #lanes = new Map<Lane, Set<Waiter>>();
  /** Where and since when each waits: who came first is first. */
  readonly #arrivals = new Map<Waiter, Arrival>();

  get isEmpty(): boolean {
    return this.#lanes.size === 0;
  }

  add(lane: Lane, waiter: Waiter, nowMs: number): void {
    this.#lanes.set(lane, (this.#lanes.get(lane) ?? new Set()).add(waiter));
    this.#arrivals.set(waiter, { lane, atMs: nowMs });
  }

  /** Takes out who is next. */
  next(): Waiter | undefined {
    const [first] = this.#lanes;
    if (first === undefined) return undefined;
    const [lane, waiters] = first;
    const [waiter] = waiters;
    if (waiter !== undefined) this.delete(lane, waiter);
    // Behind all others that wait.
    if (this.#lanes.delete(lane)) this.#lanes.set(lane, waiters);
    return waiter;
  }

  /** Takes out who has waited for the longest, if that was since then. */
  nextSince(ms: number): Waiter | undefined {
    const [first] = this.#arrivals;
    if (first === undefined) return undefined;
    const [waiter, { lane, atMs }] = first;
    if (atMs > ms) return undefined;
    this.delete(lane, waiter);
    return waiter;
  }

  delete(lane: Lane, waiter: Waiter): void {
    const waiters = this.#lanes.get(lane);
    waiters?.delete(waiter);
    if (waiters?.size === 0) this.#lanes.delete(lane);
    this.#arrivals.delete(waiter);
  }
}

/**
 * A bucket of tokens, one for each request: `burst` at most are in it, and `qps` flow in each second, so that no span of t
 * seconds has more than burst + qps·t requests (client-go and kubectl do the same). Who waits is served lane by lane: changes,
 * then locks, then all others; but a lock that has waited for long goes first, and of what is no lock, one in four at least is
 * no change.
 */
export class RateLimit {
  readonly #qps: number;
  readonly #burst: number;
  readonly #clock: RateClock;
  readonly #waiters: Readonly<Record<Urgency, Waiters>> = {
    change: new Waiters(),
    lock: new Waiters(),
    other: new Waiters(),
  };
  #tokens: number;
  /** How many changes have passed since something else did. */
  #changesInARow = 0;
  #countedMs: number;
  #cancel: (() => void) | undefined;

  constructor({ qps, burst }: { readonly qps: number; readonly burst: number }, clock: RateClock) {
    this.#qps = qps;
    this.#burst = burst;
    this.#clock = clock;
    this.#tokens = burst;
    this.#countedMs = clock.now();
  }

  /** Resolves when a request may be sent; rejects with the reason of `signal` when that aborts before. */
  turn(lane: Lane, urgency: Urgency, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const waiters = this.#waiters[urgency];
      const leave = (): void => {
        waiters.delete(lane, waiter);
        reject(signal.reason);
      };
      const waiter = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      signal.addEventListener('abort', leave, { once: true });
      waiters.add(lane, waiter, this.#clock.now());
      return this.#serve();
    });
  }

  #serve(): void {
    this.#count();
    while (this.#tokens >= 1) {
      const waiter = this.#next();
      if (waiter === undefined) return;
      this.#tokens -= 1;
      waiter();
    }
    if (this.#cancel !== undefined || URGENCIES.every((urgency) => this.#waiters[urgency].isEmpty)) return;
    const untilNextMs = ((1 - this.#tokens) * 1000) / this.#qps;
    this.#cancel = this.#clock.after(Math.max(1, Math.ceil(untilNextMs)), () => {
      this.#cancel = undefined;
      this.#serve();
    });
  }

  #count(): void {
    const nowMs = this.#clock.now();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((nowMs - this.#countedMs) * this.#qps) / 1000);
    this.#countedMs = nowMs;
  }

  #next(): Waiter | undefined {
    const { change, lock, other } = this.#waiters;
    const due = lock.nextSince(this.#countedMs - LOCK_PATIENCE_MS);
    if (due !== undefined) return due;
    const isTurnOfOthers = this.#changesInARow >= CHANGES_IN_A_ROW && !other.isEmpty;
    if (!change.isEmpty && !isTurnOfOthers) {
      this.#changesInARow += 1;
      return change.next();
    }
    if (!lock.isEmpty && !isTurnOfOthers) return lock.next();
    this.#changesInARow = 0;
    return other.next();
  }
}
