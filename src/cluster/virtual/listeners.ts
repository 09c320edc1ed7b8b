import type { ObjectMeta, Selection } from '../port.ts';

export type Stored = { readonly metadata: ObjectMeta };

/** What happened to an object. `before` is what it was; a deleted one is as it was last, with the version of its end. */
export type Change<T> =
  | { readonly type: 'ADDED'; readonly object: T; readonly before: undefined }
  | { readonly type: 'MODIFIED' | 'DELETED'; readonly object: T; readonly before: T };

/** Is told of changes as they are made. It may take note of them, but must not write: later listeners have not heard yet. */
export type Listener<T> = (change: Change<T>) => void;

/** One thing that an object says of itself, such as its name, and what it says in the objects of a selection. */
export type Facet = {
  readonly id: string;
  readonly of: (object: Stored) => unknown;
  readonly value: string;
};

type Narrow<T> = Pick<Facet, 'of'> & { readonly byValue: Map<unknown, Set<Listener<T>>> };

/**
 * Who is told of the changes of one kind. A thousand upgrades have a thousand watches of each kind: who wants to hear of the
 * objects with one value of a facet only is not asked about all the others.
 */
export class Listeners<T extends Stored> {
  readonly #ofAll = new Set<Listener<T>>();
  readonly #narrow = new Map<string, Narrow<T>>();

  /** The answer ends it. */
  add(listener: Listener<T>, facet?: Facet): () => void {
    if (facet === undefined) {
      this.#ofAll.add(listener);
      return () => this.#ofAll.delete(listener);
    }
    const { id, of, value } = facet;
    const narrow = this.#narrow.get(id) ?? { of, byValue: new Map<unknown, Set<Listener<T>>>() };
    this.#narrow.set(id, narrow);
    const listeners = narrow.byValue.get(value) ?? new Set();
    narrow.byValue.set(value, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && narrow.byValue.get(value) === listeners) narrow.byValue.delete(value);
    };
  }

  tell(change: Change<T>): void {
    for (const listener of this.#ofAll) listener(change);
    for (const { of, byValue } of this.#narrow.values()) {
      const value = of(change.object);
      const before = change.before && of(change.before);
      for (const listener of byValue.get(value) ?? []) listener(change);
      // Who follows what it was has to hear that it is so no more.
      if (before !== value) for (const listener of byValue.get(before) ?? []) listener(change);
    }
  }
}

/** What all objects of a selection say of themselves; undefined where there is no such thing. */
export const facetOf = ({ name, labels, fields = {} }: Selection): Facet | undefined => {
  if (name !== undefined) return { id: 'name', of: ({ metadata }) => metadata.name, value: name };
  const [label] = Object.entries(labels?.matchLabels ?? {});
  if (label !== undefined) {
    const [key, value] = label;
    return { id: `label ${key}`, of: ({ metadata }) => metadata.labels?.[key], value };
  }
  const [field] = Object.entries(fields);
  if (field === undefined) return undefined;
  const [path, value] = field;
  return { id: `field ${path}`, of: (object) => fieldOf(object, path.split('.')), value };
};

/** What stands in a field of an object, by the names on the way to it. */
export const fieldOf = (object: unknown, path: readonly string[]): unknown => path.reduce(inner, object);

const inner = (object: unknown, field: string): unknown =>
  typeof object === 'object' && object !== null ? Reflect.get(object, field) : undefined;
