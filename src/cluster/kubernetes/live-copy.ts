import { atLeastVersion, type CopyChange } from '../port.ts';
import type { ApiObject } from './json.ts';
import type { WatchEvent } from './watch.ts';

/**
 * A selection of objects as it was at one version of the cluster's history. Lists and watches bring it forward, in whatever
 * order their answers come in; what is older than the copy does not touch it. A copy at 20 takes a list of 21 and an event
 * of 21, but neither a list nor an event of 19, and so an object that was deleted at 20 does not come back.
 */
export class LiveCopy<T extends ApiObject> {
  #objects = new Map<string, T>();
  #version: string | undefined;
  #array: readonly T[] | undefined;
  #changes: CopyChange<T>[] = [];

  /** From where a watch has to go on; undefined before the first list. */
  get version(): string | undefined {
    return this.#version;
  }

  get objects(): readonly T[] {
    this.#array ??= [...this.#objects.values()];
    return this.#array;
  }

  /** What has changed since this was last asked for; what came and went between is in it, too. */
  takeChanges(): readonly CopyChange<T>[] {
    const changes = this.#changes;
    this.#changes = [];
    return changes;
  }

  /**
   * Takes a list that was asked for when the copy was at `askedAt`. A list shows the cluster as it is, so if it is of an
   * older version than that, the cluster has gone back (its etcd was restored from a backup), and the copy goes with it.
   */
  takeList(items: readonly T[], version: string, askedAt: string | undefined): 'unchanged' | 'changed' | 'went-back' {
    const wentBack = !atLeastVersion(version, askedAt);
    if (!wentBack && !atLeastVersion(version, this.#version)) return 'unchanged';
    const before = this.#objects;
    const after = new Map(items.map((item) => [keyOf(item), item]));
    this.#version = version;
    if (!wentBack && isSame(before, after)) return 'unchanged';
    this.#objects = after;
    this.#array = undefined;
    // Not as arguments of `push`: there may be a hundred thousand.
    this.#changes = this.#changes.concat(changesBetween(before, after));
    return wentBack ? 'went-back' : 'changed';
  }

  /** Takes an event of a watch; true when an object changed by it. */
  takeEvent({ type, object }: WatchEvent<T>): boolean {
    const version = object.metadata.resourceVersion;
    if (!atLeastVersion(version, this.#version)) return false;
    this.#version = version;
    if (type === 'BOOKMARK') return false;
    const key = keyOf(object);
    const known = this.#objects.get(key);
    if (type === 'DELETED' ? known === undefined : known?.metadata.resourceVersion === version) return false;
    // Its name was used again, and its end was not heard of.
    if (known !== undefined && known.metadata.uid !== object.metadata.uid)
      this.#changes.push({ object: known, isGone: true });
    if (type === 'DELETED') this.#objects.delete(key);
    else this.#objects.set(key, object);
    this.#changes.push({ object, isGone: type === 'DELETED' });
    this.#array = undefined;
    return true;
  }
}

const keyOf = ({ metadata }: ApiObject): string => `${metadata.namespace}/${metadata.name}`;

const changesBetween = <T extends ApiObject>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
): readonly CopyChange<T>[] => {
  const isStill = (object: T, objects: ReadonlyMap<string, T>): boolean =>
    objects.get(keyOf(object))?.metadata.uid === object.metadata.uid;
  const isNew = (object: T): boolean =>
    before.get(keyOf(object))?.metadata.resourceVersion !== object.metadata.resourceVersion || !isStill(object, before);
  return [
    ...[...before.values()].filter((object) => !isStill(object, after)).map((object) => ({ object, isGone: true })),
    ...[...after.values()].filter(isNew).map((object) => ({ object, isGone: false })),
  ];
};

const isSame = (a: ReadonlyMap<string, ApiObject>, b: ReadonlyMap<string, ApiObject>): boolean =>
  a.size === b.size &&
  [...a].every(([key, { metadata }]) => {
    const other = b.get(key)?.metadata;
    return other?.uid === metadata.uid && other?.resourceVersion === metadata.resourceVersion;
  });
