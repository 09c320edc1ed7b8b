import type { VirtualClock } from './clock.ts';
import { Random } from './random.ts';
import type { Scenario } from './scenario.ts';
import { Store } from './store.ts';

/** How long a controller takes to see a change and act on it. */
const LEAST_REACTION_MS = 5;
const MOST_REACTION_MS = 60;

/**
 * How long before its beginning a cluster was made. By their age a ReplicaSet tells its pods apart only as far as it has
 * another power of two in ns: those of 27 to 52 days are alike to it, so that what was ready before the beginning stays so
 * for as long as an upgrade takes.
 */
const AGE_MS = 40 * 24 * 3_600_000;

/** How many times of the day are kept as they are written. */
const MOST_TIMES = 1000;

/** What every part of the cluster works with: its time, what it keeps, and chance. */
export class Plane {
  readonly clock: VirtualClock;
  readonly store = new Store();
  readonly #seed: number;
  readonly #grainMs: number | undefined;
  readonly #reactions: Random;
  readonly #ids: Random;
  #hasBegun = false;
  /** As they are written, by the second. */
  readonly #times = new Map<number, string>();

  constructor(clock: VirtualClock, { seed, grainMs }: Pick<Scenario, 'seed' | 'grainMs'>) {
    this.clock = clock;
    this.#seed = seed;
    this.#grainMs = grainMs;
    this.#reactions = this.random('reactions');
    this.#ids = this.random('ids');
  }

  /** A stream of chance for one purpose. */
  random(purpose: string): Random {
    return new Random(this.#seed, purpose);
  }

  /** Whether it is made: what is done before was done long ago. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  begin(): void {
    this.#hasBegun = true;
  }

  /** The time of what is done, as objects have it, in whole seconds: now, or when the cluster was made. */
  time(afterMs = 0): string {
    return this.timeNow(this.#hasBegun ? afterMs : afterMs - AGE_MS);
  }

  /** The time of day, as objects have it: also of what has just begun when the cluster does. */
  timeNow(afterMs = 0): string {
    const second = Math.floor((this.clock.now() + afterMs) / 1000);
    const known = this.#times.get(second);
    if (known !== undefined) return known;
    const written = new Date(second * 1000).toISOString().replace('.000Z', 'Z');
    if (this.#times.size >= MOST_TIMES) this.#times.clear();
    this.#times.set(second, written);
    return written;
  }

  /** How long it is until a pod gets on that does so after `ms`: what many pods do at one moment is seen, and answered, once. */
  podMs(ms: number): number {
    if (this.#grainMs === undefined) return ms;
    const nowMs = this.clock.monotonic();
    return Math.max(0, Math.round((nowMs + ms) / this.#grainMs) * this.#grainMs - nowMs);
  }

  /** Whether pods get on together, so that each for itself is not looked at. */
  get isCoarse(): boolean {
    return this.#grainMs !== undefined;
  }

  reactionMs(): number {
    return this.#reactions.between(LEAST_REACTION_MS, MOST_REACTION_MS);
  }

  /** What the API server adds to the metadata of a new object. */
  born(): { readonly uid: string; readonly creationTimestamp: string } {
    return { uid: this.#ids.uuid(), creationTimestamp: this.time() };
  }

  suffix(): string {
    return this.#ids.suffix(5);
  }
}
