import type { ObjectMeta, ObjectRef } from '../port.ts';
import { FacetIndex } from './facet-index.ts';
import { type Facet, type Listener, Listeners, type Stored } from './listeners.ts';

/** The objects of one kind, each at its newest version. What it is given is its own from then on: nobody else has it yet. */
export class Collection<T extends Stored> {
  readonly #namespaces = new Map<string, Map<string, T>>();
  readonly #listeners = new Listeners<T>();
  /** Each is made when it is first asked for. */
  readonly #indexes: FacetIndex[] = [];
  readonly #nextVersion: () => string;
  #size = 0;

  constructor(nextVersion: () => string) {
    this.#nextVersion = nextVersion;
  }

  get size(): number {
    return this.#size;
  }

  get({ namespace, name }: ObjectRef): T | undefined {
    return this.#namespaces.get(namespace)?.get(name);
  }

  /** Those of one namespace, or all. */
  *in(namespace?: string): Generator<T> {
    if (namespace !== undefined) yield* this.#namespaces.get(namespace)?.values() ?? [];
    else for (const objects of this.#namespaces.values()) yield* objects.values();
  }

  /** Those with one value of a facet, of one namespace or all, without looking through the others. */
  *with(facet: Facet, namespace?: string): Generator<T> {
    const index = this.#indexes.find(({ id }) => id === facet.id) ?? this.#newIndex(facet);
    for (const ref of index.at(facet.value)) {
      const object = namespace === undefined || ref.namespace === namespace ? this.get(ref) : undefined;
      if (object !== undefined) yield object;
    }
  }

  add(object: T): T {
    const added = this.#versioned(object);
    const { namespace, name } = added.metadata;
    let objects = this.#namespaces.get(namespace);
    if (objects === undefined) {
      objects = new Map();
      this.#namespaces.set(namespace, objects);
    }
    objects.set(name, added);
    this.#size += 1;
    for (const index of this.#indexes) index.change(undefined, added);
    this.#listeners.tell({ type: 'ADDED', object: added, before: undefined });
    return added;
  }

  /** Puts another version in the place of one that is there. */
  put(before: T, object: T): T {
    const put = this.#versioned(object);
    this.#namespaces.get(before.metadata.namespace)?.set(before.metadata.name, put);
    for (const index of this.#indexes) index.change(before, put);
    this.#listeners.tell({ type: 'MODIFIED', object: put, before });
    return put;
  }

  /** False where there is none. */
  removeAt(ref: ObjectRef): boolean {
    const found = this.get(ref);
    if (found !== undefined) this.remove(found);
    return found !== undefined;
  }

  remove(before: T): void {
    this.#namespaces.get(before.metadata.namespace)?.delete(before.metadata.name);
    this.#size -= 1;
    for (const index of this.#indexes) index.change(before, undefined);
    this.#listeners.tell({ type: 'DELETED', object: this.#versioned({ ...before }), before });
  }

  /** Of all, or of those with one value of a facet; the answer ends it. */
  subscribe(listener: Listener<T>, facet?: Facet): () => void {
    return this.#listeners.add(listener, facet);
  }

  #newIndex(facet: Facet): FacetIndex {
    const index = new FacetIndex(facet);
    for (const object of this.in()) index.change(undefined, object);
    this.#indexes.push(index);
    return index;
  }

  #versioned(object: T): T {
    const own: { metadata: ObjectMeta } = object;
    own.metadata = { ...object.metadata, resourceVersion: this.#nextVersion() };
    return object;
  }
}
