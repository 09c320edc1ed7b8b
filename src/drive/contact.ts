import type { Clock } from './clock.ts';
import type { Lock } from './lock.ts';

/** How often it is looked whether the cluster still answers. */
const CONTACT_MS = 5_000;

export type ContactDeps = {
  readonly clock: Clock;
  readonly lock: Lock;
  /** Reads everything again, whatever the watches say. Rejects where the cluster cannot be reached. */
  readonly refresh: () => Promise<unknown>;
  /** Called when the cluster does not answer any more, and when it does again. */
  readonly turned: (isCutOff: boolean) => void;
  /** Called every few seconds. */
  readonly looked: () => void;
  /** Called when a refresh has failed for good. */
  readonly lost: (error: unknown) => void;
};

/**
 * Whether the cluster can be reached, beside a loop that may wait for an answer itself: a look every few seconds whether the
 * leases could be renewed in time, and, where somebody wants it, one more net under the watches.
 */
export class Contact {
  isCutOff = false;
  readonly #deps: ContactDeps;
  readonly #pollIntervalMs: number | undefined;
  #cancelPoll: () => void = () => undefined;
  #cancelLook: () => void = () => undefined;
  #isClosed = false;
  #isPolling = false;

  constructor(deps: ContactDeps, pollIntervalMs?: number) {
    this.#deps = deps;
    this.#pollIntervalMs = pollIntervalMs;
  }

  keep(): void {
    this.#schedulePoll();
    this.#scheduleLook();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelPoll();
    this.#cancelLook();
  }

  #scheduleLook(): void {
    if (!this.#isClosed) this.#cancelLook = this.#deps.clock.after(CONTACT_MS, () => this.#look());
  }

  #look(): void {
    const { lock, turned, looked } = this.#deps;
    const isCutOff = !lock.holds() && lock.lostTo() === undefined;
    if (isCutOff !== this.isCutOff) {
      this.isCutOff = isCutOff;
      turned(isCutOff);
      // Whether it can be reached at all is what a poll finds out.
      if (isCutOff) this.#poll();
    }
    looked();
    this.#scheduleLook();
  }

  #schedulePoll(): void {
    if (this.#isClosed || this.#pollIntervalMs === undefined) return;
    this.#cancelPoll = this.#deps.clock.after(this.#pollIntervalMs, () => this.#poll());
  }

  #poll(): void {
    if (this.#isPolling) return;
    this.#isPolling = true;
    this.#cancelPoll();
    this.#deps.refresh().then(() => {
      this.#isPolling = false;
      this.#schedulePoll();
    }, this.#deps.lost);
  }
}
