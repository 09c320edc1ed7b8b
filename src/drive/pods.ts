import type { CopyChange, Pod } from '../cluster/port.ts';
import type { Reason } from '../upgrade/health.ts';
import { isReady, isTerminating, ownerOf } from './observe.ts';
import { type Finding, findingOf } from './pod-finding.ts';

/** The pods of one ReplicaSet that hold resources or will; those that have run to their end are not among them. */
export type PodCounts = {
  readonly pods: number;
  readonly terminating: number;
  /** Ready, and not terminating. */
  readonly ready: number;
};

/** Pods that are kept from becoming ready, or from going, for one reason: by uid, the one for which it has held longest first. */
export type Alike = ReadonlyMap<string, { readonly pod: Pod; readonly finding: Finding }>;

type Known = { readonly pod: Pod; readonly owner: string; readonly finding: Finding | undefined };

type Owned = { -readonly [K in keyof PodCounts]: PodCounts[K] } & {
  /** None of them is empty. */
  readonly findings: Map<Reason, Map<string, { readonly pod: Pod; readonly finding: Finding }>>;
};

const NONE: PodCounts = { pods: 0, terminating: 0, ready: 0 };
const NOTHING_FOUND: ReadonlyMap<Reason, Alike> = new Map();

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
    for (const object of pods) all.change({ object, isGone: false });
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
    this.#find(uid, before, after);
  }

  /** Those of these ReplicaSets. It goes through all pods. */
  of(replicaSets: ReadonlySet<string | undefined>): readonly Pod[] {
    return [...this.#known.values()].filter(({ owner }) => replicaSets.has(owner)).map(({ pod }) => pod);
  }

  countsOf(replicaSet: string | undefined): PodCounts {
    return this.#owned.get(replicaSet ?? '') ?? NONE;
  }

  /** What keeps pods from becoming ready or from going; of no reason without pods. */
  findingsOf(replicaSet: string | undefined): ReadonlyMap<Reason, Alike> {
    return this.#owned.get(replicaSet ?? '')?.findings ?? NOTHING_FOUND;
  }

  #count({ pod, owner }: Known, by: 1 | -1): void {
    const owned = this.#ownedBy(owner);
    owned.pods += by;
    if (isTerminating(pod)) owned.terminating += by;
    else if (isReady(pod)) owned.ready += by;
  }

  /** One for which the reason stays the same keeps its place. */
  #find(uid: string, before: Known | undefined, after: Known | undefined): void {
    const reason = after?.finding?.reason;
    if (before?.finding !== undefined && (before.finding.reason !== reason || before.owner !== after?.owner)) {
      const { findings } = this.#ownedBy(before.owner);
      const alike = findings.get(before.finding.reason);
      alike?.delete(uid);
      if (alike?.size === 0) findings.delete(before.finding.reason);
    }
    if (after?.finding === undefined) return;
    const { pod, owner, finding } = after;
    const { findings } = this.#ownedBy(owner);
    const alike = findings.get(finding.reason);
    if (alike === undefined) findings.set(finding.reason, new Map([[uid, { pod, finding }]]));
    else alike.set(uid, { pod, finding });
  }

  #ownedBy(replicaSet: string): Owned {
    const owned = this.#owned.get(replicaSet) ?? { ...NONE, findings: new Map() };
    this.#owned.set(replicaSet, owned);
    return owned;
  }
}

const known = (pod: Pod): Known => ({ pod, owner: ownerOf(pod) ?? '', finding: findingOf(pod) });

/** Evicted pods and those of finished containers stay as objects, without resources. */
const isOver = (pod: Pod): boolean => pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded';
