import type { VirtualClock } from './clock.ts';
import { Random } from './random.ts';
import { Store } from './store.ts';

/** How long a controller takes to see a change and act on it. */
const LEAST_REACTION_MS = 5;
const MOST_REACTION_MS = 60;

/** What every part of the cluster works with: its time, what it keeps, and chance. */
export class Plane {
  readonly clock: VirtualClock;
  readonly store = new Store();
  readonly #seed: number;
  readonly #reactions: Random;
  readonly #ids: Random;
  #second = Number.NaN;
  #time = '';

  constructor(clock: VirtualClock, seed: number) {
    this.clock = clock;
    this.#seed = seed;
    this.#reactions = this.random('reactions');
    this.#ids = this.random('ids');
  }

  /** A stream of chance for one purpose. */
  random(purpose: string): Random {
    return new Random(this.#seed, purpose);
  }

  /** The time of day as objects have it, in whole seconds. */
  time(afterMs = 0): string {
    const second = Math.floor((this.clock.now() + afterMs) / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#time = new Date(second * 1000).toISOString().replace('.000Z', 'Z');
    }
    return this.#time;
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
