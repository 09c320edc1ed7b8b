import type { VirtualClock } from '../cluster/virtual/clock.ts';

/** Real time. */
export type RealClock = {
  /** Ms since some moment; never goes back. */
  readonly monotonic: () => number;
  /** Calls once after `ms`; the answer takes that back. */
  readonly after: (ms: number, call: () => void) => () => void;
};

/** Whatever is due: somebody may want something meanwhile. */
const LONGEST_TICK_MS = 1000;

/** Has the virtual clock go along with real time, `speed` times as fast. */
export class Pace {
  readonly #virtual: VirtualClock;
  readonly #real: RealClock;
  readonly #speed: number;
  readonly #realStartMs: number;
  readonly #virtualStartMs: number;
  #cancel: () => void = () => undefined;
  #isEnded = false;

  constructor(virtual: VirtualClock, real: RealClock, speed: number) {
    this.#virtual = virtual;
    this.#real = real;
    this.#speed = speed;
    this.#realStartMs = real.monotonic();
    this.#virtualStartMs = virtual.monotonic();
    this.catchUp();
  }

  /** Lets pass what should have passed by now. To be called before the cluster is looked at, and after it was changed. */
  catchUp(): void {
    const dueMs = this.#virtualStartMs + (this.#real.monotonic() - this.#realStartMs) * this.#speed;
    const ms = dueMs - this.#virtual.monotonic();
    if (ms > 0) this.#virtual.pass(ms);
    this.#wait();
  }

  end(): void {
    this.#isEnded = true;
    this.#cancel();
  }

  #wait(): void {
    this.#cancel();
    if (this.#isEnded) return;
    const nextMs = (this.#virtual.untilNextMs ?? Number.POSITIVE_INFINITY) / this.#speed;
    this.#cancel = this.#real.after(Math.min(LONGEST_TICK_MS, Math.max(1, nextMs)), () => this.catchUp());
  }
}
