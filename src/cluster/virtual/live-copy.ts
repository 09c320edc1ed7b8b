import { uidOf } from './key.ts';

/** Objects by uid, and an array of them that is copied when it is asked for: in ten thousand, one changes at a time. */
export class LiveCopy<T extends { readonly metadata: { readonly uid?: string } }> {
  readonly #places = new Map<string, number>();
  readonly #items: T[] = [];
  #objects: readonly T[] | undefined;

  get objects(): readonly T[] {
    this.#objects ??= this.#items.slice();
    return this.#objects;
  }

  set(object: T): void {
    const uid = uidOf(object);
    const place = this.#places.get(uid);
    if (place !== undefined) this.#items[place] = object;
    else this.#places.set(uid, this.#items.push(object) - 1);
    this.#objects = undefined;
  }

  /** The last one takes its place. */
  delete(object: T): void {
    const uid = uidOf(object);
    const place = this.#places.get(uid);
    if (place === undefined) return;
    this.#places.delete(uid);
    const last = this.#items.pop();
    if (last !== undefined && place < this.#items.length) {
      this.#items[place] = last;
      this.#places.set(uidOf(last), place);
    }
    this.#objects = undefined;
  }
}
