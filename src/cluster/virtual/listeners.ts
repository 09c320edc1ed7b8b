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

/** Who listens, in an array that is another one after each change: somebody may come or go while they are told. */
class Circle<T> {
  members: readonly Listener<T>[] = [];

  add(listener: Listener<T>): void {
    this.members = [...this.members, listener];
  }

  delete(listener: Listener<T>): void {
    this.members = this.members.filter((each) => each !== listener);
  }

  tell(change: Change<T>): void {
    for (const listener of this.members) listener(change);
  }
}

type Narrow<T> = Pick<Facet, 'id' | 'of'> & { readonly byValue: Map<unknown, Circle<T>> };

/**
 * Who is told of the changes of one kind. A thousand upgrades have a thousand watches of each kind: who wants to hear of the
 * objects with one value of a facet only is not asked about all the others.
 */
export class Listeners<T extends Stored> {
  readonly #ofAll = new Circle<T>();
  readonly #narrow: Narrow<T>[] = [];

  /** The answer ends it. */
  add(listener: Listener<T>, facet?: Facet): () => void {
    if (facet === undefined) {
      this.#ofAll.add(listener);
      return () => this.#ofAll.delete(listener);
    }
    const { byValue } = this.#narrowOf(facet);
    const circle = byValue.get(facet.value) ?? new Circle();
    byValue.set(facet.value, circle);
    circle.add(listener);
    return () => {
      circle.delete(listener);
      if (circle.members.length === 0 && byValue.get(facet.value) === circle) byValue.delete(facet.value);
    };
  }

  tell(change: Change<T>): void {
    this.#ofAll.tell(change);
    for (const { of, byValue } of this.#narrow) {
      const value = of(change.object);
      byValue.get(value)?.tell(change);
      if (change.before === undefined) continue;
      const before = of(change.before);
      // Who follows what it was has to hear that it is so no more.
      if (before !== value) byValue.get(before)?.tell(change);
    }
  }

  #narrowOf({ id, of }: Facet): Narrow<T> {
    const known = this.#narrow.find((each) => each.id === id);
    if (known !== undefined) return known;
    const narrow: Narrow<T> = { id, of, byValue: new Map() };
    this.#narrow.push(narrow);
    return narrow;
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
