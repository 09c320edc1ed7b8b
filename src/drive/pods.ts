import type { CopyChange, Pod } from '../cluster/port.ts';
import { isReady, isTerminating, ownerOf } from './observe.ts';
import { likenessOf, sinceOf } from './pod-finding.ts';
import { readyTimeOf, type TimesTaken } from './ready-times.ts';

/** The pods of one ReplicaSet that hold resources or will; those that have run to their end are not among them. */
export type PodCounts = {
  readonly pods: number;
  readonly terminating: number;
  /** Ready, and not terminating. */
  readonly ready: number;
  /** On a node, where they hold what they ask for until they are gone. */
  readonly placed: number;
};

/** Pods that show the same while they are not ready, or are to go: by uid, the one that has shown it for the longest first. */
export type PodsAlike = ReadonlyMap<string, Pod>;

type Known = {
  readonly pod: Pod;
  readonly owner: string;
  /** Undefined of one that is ready, and not to go. */
  readonly likeness: string | undefined;
  readonly readyMs: number | undefined;
};

type Owned = { -readonly [K in keyof PodCounts]: PodCounts[K] } & {
  /** By likeness; none of them is empty. */
  readonly alike: Map<string, Map<string, Pod>>;
  /** How many took each time to become ready; none of them 0. */
  readonly taken: Map<number, number>;
};

const NONE: PodCounts = { pods: 0, terminating: 0, ready: 0, placed: 0 };
const NONE_ALIKE: ReadonlyMap<string, PodsAlike> = new Map();
const NONE_TAKEN: TimesTaken = new Map();

/**
 * Pods, counted as they come, change and go: of ten thousand one changes at a time, and a turn of the driver looks at the
 * counts only. They are those that counting all pods anew would give.
 */
export class Pods {
  readonly #known = new Map<string, Known>();
  /** By the uid of the ReplicaSet; '' of those that have none. */
  readonly #owned = new Map<string, Owned>();

  static of(pods: readonly Pod[]): Pods {
    const all = new Pods();
    // Who sees them for the first time knows since when they are as they are from what they say of it.
    const aged: Aged[] = [];
    for (const object of pods) {
      if (isReady(object) && !isTerminating(object)) all.change({ object, isGone: false });
      else aged.push({ object, since: sinceOf(object) });
    }
    for (const { object } of aged.toSorted(byAge)) all.change({ object, isGone: false });
    return all;
  }

  change({ object, isGone }: CopyChange<Pod>): void {
    const uid = object.metadata.uid ?? object.metadata.name;
    const before = this.#known.get(uid);
    const after = isGone || isOver(object) ? undefined : known(object);
    if (after === undefined) this.#known.delete(uid);
    else this.#known.set(uid, after);
    if (before !== undefined) this.#count(before, -1);
    if (after !== undefined) this.#count(after, 1);
    this.#group(uid, before, after);
  }

  /** Those of these ReplicaSets. It goes through all pods. */
  of(replicaSets: ReadonlySet<string | undefined>): readonly Pod[] {
    return [...this.#known.values()].filter(({ owner }) => replicaSets.has(owner)).map(({ pod }) => pod);
  }

  countsOf(replicaSet: string | undefined): PodCounts {
    return this.#owned.get(replicaSet ?? '') ?? NONE;
  }

  /** Those that are not ready, or are to go, by what they show. */
  alikeOf(replicaSet: string | undefined): ReadonlyMap<string, PodsAlike> {
    return this.#owned.get(replicaSet ?? '')?.alike ?? NONE_ALIKE;
  }

  /** How long those that are ready took to become it. */
  timesTakenBy(replicaSet: string | undefined): TimesTaken {
    return this.#owned.get(replicaSet ?? '')?.taken ?? NONE_TAKEN;
  }

  #count({ pod, owner, likeness, readyMs }: Known, by: 1 | -1): void {
    const owned = this.#ownedBy(owner);
    if (readyMs !== undefined) {
      const pods = (owned.taken.get(readyMs) ?? 0) + by;
      if (pods === 0) owned.taken.delete(readyMs);
      else owned.taken.set(readyMs, pods);
    }
    owned.pods += by;
    if (pod.spec?.nodeName !== undefined) owned.placed += by;
    if (isTerminating(pod)) owned.terminating += by;
    else if (likeness === undefined) owned.ready += by;
  }

  /** One that shows the same as before keeps its place. */
  #group(uid: string, before: Known | undefined, after: Known | undefined): void {
    const isSame = before?.likeness === after?.likeness && before?.owner === after?.owner;
    if (before?.likeness !== undefined && !isSame) {
      const { alike } = this.#ownedBy(before.owner);
      const pods = alike.get(before.likeness);
      pods?.delete(uid);
      if (pods?.size === 0) alike.delete(before.likeness);
    }
    if (after?.likeness === undefined) return;
    const { alike } = this.#ownedBy(after.owner);
    const pods = alike.get(after.likeness);
    if (pods === undefined) alike.set(after.likeness, new Map([[uid, after.pod]]));
    else pods.set(uid, after.pod);
  }

  #ownedBy(replicaSet: string): Owned {
    const owned = this.#owned.get(replicaSet) ?? { ...NONE, alike: new Map(), taken: new Map() };
    this.#owned.set(replicaSet, owned);
    return owned;
  }
}

const known = (pod: Pod): Known => {
  const likeness = likenessOf(pod);
  return { pod, owner: ownerOf(pod) ?? '', likeness, readyMs: likeness === undefined ? readyTimeOf(pod) : undefined };
};

type Aged = { readonly object: Pod; readonly since: string };

const byAge = (a: Aged, b: Aged): number =>
  compared(a.since, b.since) || compared(a.object.metadata.name, b.object.metadata.name);

const compared = (a: string, b: string): number => Number(a > b) - Number(a < b);

/** Evicted pods and those of finished containers stay as objects, without resources. */
const isOver = (pod: Pod): boolean => pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded';
