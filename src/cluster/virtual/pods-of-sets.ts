import type { ObjectRef } from '../port.ts';
import type { Collection } from './collection.ts';
import { uidOf } from './key.ts';
import { isReady, isTerminating, ownerOf, type VirtualPod } from './objects.ts';
import { PodRanking } from './pod-ranking.ts';

/** The pods of a ReplicaSet, counted. */
export class PodsOfSet {
  /** Those that are not being deleted, by uid. */
  readonly active = new Map<string, ObjectRef>();
  readonly family: Family;
  ready = 0;
  terminating = 0;
  ranking: PodRanking | undefined;
  readonly #pods: Collection<VirtualPod>;

  constructor(pods: Collection<VirtualPod>, family: Family) {
    this.#pods = pods;
    this.family = family;
  }

  /** Those to give up first. */
  victims(count: number, nowMs: number): readonly VirtualPod[] {
    this.ranking ??= new PodRanking(this.#active(), (node) => this.family.perNode.get(node) ?? 0, nowMs);
    return this.ranking.take(count, (pod) => this.active.has(uidOf(pod)));
  }

  *#active(): Generator<VirtualPod> {
    for (const ref of this.active.values()) {
      const pod = this.#pods.get(ref);
      if (pod !== undefined) yield pod;
    }
  }
}

/** The ReplicaSets of one Deployment, whose pods are neighbours on a node. */
type Family = { readonly sets: Set<PodsOfSet>; readonly perNode: Map<string, number> };

/** Keeps count of the pods of every ReplicaSet, one change at a time. */
export class PodsOfSets {
  readonly #sets = new Map<string, PodsOfSet>();
  readonly #families = new Map<string, Family>();
  readonly #pods: Collection<VirtualPod>;
  readonly #familyOf: (pod: VirtualPod) => string;

  /** `familyOf` names what a pod's ReplicaSet belongs to. */
  constructor(pods: Collection<VirtualPod>, familyOf: (pod: VirtualPod) => string) {
    this.#pods = pods;
    this.#familyOf = familyOf;
    pods.subscribe(({ type, object, before }) => {
      const set = this.#setOf(object);
      if (set === undefined) return;
      if (before !== undefined) count(set, before, -1);
      if (type !== 'DELETED') count(set, object, 1);
      if (type === 'DELETED' || isTerminating(object)) set.active.delete(uidOf(object));
      else if (before === undefined) set.active.set(uidOf(object), object.metadata);
      settle(set.family, stayingOn(before), type === 'DELETED' ? undefined : stayingOn(object));
      if (type !== 'DELETED' && mayComeForward(object, before)) forget(set.family);
    });
  }

  /** Of the ReplicaSet with this uid; undefined as long as it has had none. */
  of(uid: string): PodsOfSet | undefined {
    return this.#sets.get(uid);
  }

  #setOf(pod: VirtualPod): PodsOfSet | undefined {
    const uid = ownerOf(pod)?.uid;
    if (uid === undefined) return undefined;
    let set = this.#sets.get(uid);
    if (set === undefined) {
      set = new PodsOfSet(this.#pods, this.#family(this.#familyOf(pod)));
      set.family.sets.add(set);
      this.#sets.set(uid, set);
    }
    return set;
  }

  #family(name: string): Family {
    const known = this.#families.get(name);
    if (known !== undefined) return known;
    const family: Family = { sets: new Set(), perNode: new Map() };
    this.#families.set(name, family);
    return family;
  }
}

const count = (set: PodsOfSet, pod: VirtualPod, by: 1 | -1): void => {
  if (isTerminating(pod)) {
    set.terminating += by;
    return;
  }
  if (isReady(pod)) set.ready += by;
};

/** The node of a pod that is not being deleted. */
const stayingOn = (pod: VirtualPod | undefined): string | undefined =>
  pod === undefined || isTerminating(pod) ? undefined : pod.spec.nodeName;

/** A pod has come from one node, or none, to another. */
const settle = ({ perNode }: Family, from: string | undefined, to: string | undefined): void => {
  if (from === to) return;
  if (from !== undefined) perNode.set(from, (perNode.get(from) ?? 0) - 1);
  if (to !== undefined) perNode.set(to, (perNode.get(to) ?? 0) + 1);
};

/** Whether the order of the pods may be another one now. A pod that goes changes it in one way only, which the order knows. */
const mayComeForward = (pod: VirtualPod, before: VirtualPod | undefined): boolean =>
  !isTerminating(pod) || before === undefined;

const forget = ({ sets }: Family): void => {
  for (const set of sets) set.ranking = undefined;
};
