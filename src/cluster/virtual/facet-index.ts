import type { ObjectMeta, ObjectRef } from '../port.ts';
import { uidOf } from './key.ts';
import type { Facet, Stored } from './listeners.ts';

/** Where the objects of one kind are, by what they say of themselves: in the order in which they came to say so. */
export class FacetIndex {
  readonly id: string;
  readonly #of: Facet['of'];
  readonly #places = new Map<unknown, Map<string, ObjectRef>>();

  constructor({ id, of }: Facet) {
    this.id = id;
    this.#of = of;
  }

  at(value: unknown): Iterable<ObjectRef> {
    return this.#places.get(value)?.values() ?? [];
  }

  /** An object came, went, or became another. */
  change(before: Stored | undefined, after: Stored | undefined): void {
    const was = before && this.#of(before);
    const is = after && this.#of(after);
    if (before !== undefined && after !== undefined && was === is) return;
    if (before !== undefined) this.#remove(was, before.metadata);
    if (after !== undefined) this.#add(is, after.metadata);
  }

  #add(value: unknown, metadata: ObjectMeta): void {
    const places = this.#places.get(value) ?? new Map<string, ObjectRef>();
    this.#places.set(value, places.set(uidOf({ metadata }), metadata));
  }

  #remove(value: unknown, metadata: ObjectMeta): void {
    const places = this.#places.get(value);
    places?.delete(uidOf({ metadata }));
    if (places?.size === 0) this.#places.delete(value);
  }
}
