import { Heap, type Ranked } from './heap.ts';

type Due = { readonly atMs: number };

type Moment<T> = Ranked & { readonly entries: T[]; next: number };

/**
 * What is due at which moment, in ms: the soonest first, and of one moment in the order in which it was put there. Thousands of
 * pods get on at the same moment, so that moments have an order, and what is due at one is in a row.
 */
export class Moments<T extends Due> {
  readonly #heap = new Heap<Moment<T>>();
  readonly #at = new Map<number, Moment<T>>();

  add(entry: T): void {
    const { atMs } = entry;
    const known = this.#at.get(atMs);
    if (known !== undefined) {
      known.entries.push(entry);
      return;
    }
    const moment = { rank: atMs, order: 0, entries: [entry], next: 0 };
    this.#at.set(atMs, moment);
    this.#heap.push(moment);
  }

  peek(): T | undefined {
    for (let moment = this.#heap.peek(); moment !== undefined; moment = this.#heap.peek()) {
      const entry = moment.entries[moment.next];
      if (entry !== undefined) return entry;
      this.#heap.pop();
      this.#at.delete(moment.rank);
    }
    return undefined;
  }

  /** Takes away what `peek` shows. */
  pop(): void {
    const moment = this.#heap.peek();
    if (moment !== undefined) moment.next += 1;
  }
}
