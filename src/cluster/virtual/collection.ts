import type { ObjectMeta, ObjectRef } from '../port.ts';

export type Stored = { readonly metadata: ObjectMeta };

/** What happened to an object. `before` is what it was; a deleted one is as it was last, with the version of its end. */
export type Change<T> =
  | { readonly type: 'ADDED'; readonly object: T; readonly before: undefined }
  | { readonly type: 'MODIFIED' | 'DELETED'; readonly object: T; readonly before: T };

/** Is told of changes as they are made. It may take note of them, but must not write: later listeners have not heard yet. */
export type Listener<T> = (change: Change<T>) => void;

/** The objects of one kind, each at its newest version. */
export class Collection<T extends Stored> {
  readonly #namespaces = new Map<string, Map<string, T>>();
  readonly #listeners = new Set<Listener<T>>();
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
    this.#tell({ type: 'ADDED', object: added, before: undefined });
    return added;
  }

  /** Puts another version in the place of one that is there. */
  put(before: T, object: T): T {
    const put = this.#versioned(object);
    this.#namespaces.get(before.metadata.namespace)?.set(before.metadata.name, put);
    this.#tell({ type: 'MODIFIED', object: put, before });
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
    this.#tell({ type: 'DELETED', object: this.#versioned(before), before });
  }

  /** The answer ends it. */
  subscribe(listener: Listener<T>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #versioned(object: T): T {
    return { ...object, metadata: { ...object.metadata, resourceVersion: this.#nextVersion() } };
  }

  #tell(change: Change<T>): void {
    for (const listener of this.#listeners) listener(change);
  }
}
