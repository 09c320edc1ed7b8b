import type { Plane } from './plane.ts';

type Turn = { readonly atMs: number; readonly isPutOff: boolean; readonly cancel: () => void };

/**
 * What a controller has to look at. A key that is added more than once before its turn is looked at once. Its turn comes
 * after the controller's reaction time; or later, where it is put off.
 */
export class WorkQueue {
  readonly #plane: Plane;
  readonly #work: (key: string) => void;
  readonly #turns = new Map<string, Turn>();

  constructor(plane: Plane, work: (key: string) => void) {
    this.#plane = plane;
    this.#work = work;
  }

  add(key: string): void {
    const known = this.#turns.get(key);
    // A turn that was put off comes sooner now, when something happened; any other is as good as a new one.
    if (known === undefined || known.isPutOff) this.#set(key, this.#plane.reactionMs(), false);
  }

  /** Has it looked at after a pause, unless it will be earlier. */
  putOff(key: string, ms: number): void {
    const known = this.#turns.get(key);
    if (known === undefined || known.atMs > this.#plane.clock.monotonic() + ms) this.#set(key, ms, true);
  }

  /** Looks now at everything that was not put off; true when there was something. */
  drain(): boolean {
    const keys = [...this.#turns].flatMap(([key, { isPutOff }]) => (isPutOff ? [] : [key]));
    for (const key of keys) {
      this.#turns.get(key)?.cancel();
      this.#turns.delete(key);
      this.#work(key);
    }
    return keys.length > 0;
  }

  #set(key: string, ms: number, isPutOff: boolean): void {
    this.#turns.get(key)?.cancel();
    const cancel = this.#plane.clock.quietly(ms, () => {
      this.#turns.delete(key);
      this.#work(key);
    });
    this.#turns.set(key, { atMs: this.#plane.clock.monotonic() + ms, isPutOff, cancel });
  }
}
