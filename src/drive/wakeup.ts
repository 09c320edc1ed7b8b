import type { Clock } from './clock.ts';

/** What a loop sleeps on: it is woken by any change, and none that comes while it works is lost. */
export class Wakeup {
  #due = false;
  #wake: (() => void) | undefined;

  wake(): void {
    this.#due = true;
    this.#wake?.();
  }

  /** Resolves when something woke it since the last call, or after `ms`. */
  async sleep(clock: Clock, ms: number): Promise<void> {
    if (!this.#due) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        const cancel = clock.after(Math.max(0, ms), resolve);
        this.#wake = () => {
          cancel();
          resolve();
        };
      });
    }
    this.#wake = undefined;
    this.#due = false;
  }
}
