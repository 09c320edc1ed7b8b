import { msOf } from '../../upgrade/time-text.ts';
import { Heap, type Ranked } from './heap.ts';
import { uidOf } from './key.ts';
import { conditionOf, isReady, type VirtualPod } from './objects.ts';

/**
 * The order in which a ReplicaSet gives its pods up, as `ActivePodsWithRanks` of Kubernetes has it: those without a node
 * first, then pending before running, unready before ready, those on a node with more pods of the same Deployment, those
 * that turned ready last, those that restarted more often, the newer ones. Spans of time count by their power of two, and
 * within one the uid decides.
 */
type Candidate = {
  readonly pod: VirtualPod;
  readonly uid: string;
  /** The first digits of the uid, which are lower-case hexadecimal ones as in any UUID: nearly all are told apart by them. */
  readonly uidNumber: number;
  readonly stage: number;
  readonly readyTime: string;
  readonly readyAge: number;
  readonly restarts: number;
  readonly createdAge: number;
  /** Its place among those with as many neighbours. */
  order: number;
};

/** Of two at the same stage with as many neighbours. */
const compared = (a: Candidate, b: Candidate): number => {
  if (a.readyTime !== b.readyTime) return a.readyAge - b.readyAge || byUid(a, b);
  return b.restarts - a.restarts || a.createdAge - b.createdAge || byUid(a, b);
};

const byUid = (a: Candidate, b: Candidate): number => a.uidNumber - b.uidNumber || (a.uid < b.uid ? -1 : 1);

const stageOf = (pod: VirtualPod): number => {
  if (pod.spec.nodeName === undefined) return 0;
  if (pod.status.phase === 'Pending') return 1;
  return isReady(pod) ? 3 : 2;
};

/** How many pods of the same Deployment a node has. */
export type Neighbours = (node: string) => number;

/** Those at one stage on one node, the first to go last: they have the same rank, whatever becomes of the others. */
type Group = { readonly stage: number; readonly node: string; readonly candidates: Candidate[] };

/**
 * The pods of a ReplicaSet in that order, made once and taken from bit by bit, since an upgrade may take ten thousand pods
 * one at a time. It holds while no pod joins, leaves the set but by `take`, or turns ready; the number of neighbours, which
 * then only falls, is looked up again before a pod is taken.
 */
export class PodRanking {
  readonly #groups = new Heap<Ranked & { readonly group: Group }>();
  readonly #neighbours: Neighbours;

  constructor(pods: Iterable<VirtualPod>, neighbours: Neighbours, nowMs: number) {
    this.#neighbours = neighbours;
    const groups = new Map<string, Group>();
    const candidates = Array.from(pods, (pod) => candidateOf(pod, nowMs)).toSorted((a, b) => compared(b, a));
    for (const [at, candidate] of candidates.entries()) {
      candidate.order = -at;
      const node = candidate.pod.spec.nodeName ?? '';
      const key = `${candidate.stage}/${node}`;
      const group = groups.get(key) ?? { stage: candidate.stage, node, candidates: [] };
      group.candidates.push(candidate);
      groups.set(key, group);
    }
    for (const group of groups.values()) this.#push(group);
  }

  /** The next `count`, at most. `isThere` tells of a pod that it is still of the set. */
  take(count: number, isThere: (pod: VirtualPod) => boolean): readonly VirtualPod[] {
    const taken: VirtualPod[] = [];
    while (taken.length < count) {
      const next = this.#groups.pop();
      if (next === undefined) break;
      const { group, rank } = next;
      // Its neighbours are fewer than they were: others may come before it now.
      if (rank === this.#rankOf(group)) {
        const candidate = group.candidates.pop();
        if (candidate !== undefined && isThere(candidate.pod)) taken.push(candidate.pod);
      }
      this.#push(group);
    }
    return taken;
  }

  #push(group: Group): void {
    const first = group.candidates.at(-1);
    if (first !== undefined) this.#groups.push({ rank: this.#rankOf(group), order: first.order, group });
  }

  /** By the stage, and within it those with more neighbours first. */
  #rankOf({ stage, node }: Group): number {
    return (stage + 1) * MOST_NEIGHBOURS - this.#neighbours(node);
  }
}

/** More than there are pods on a node. */
const MOST_NEIGHBOURS = 2 ** 40;

const candidateOf = (pod: VirtualPod, nowMs: number): Candidate => {
  const ready = conditionOf(pod.status, 'Ready');
  const readyTime = ready?.status === 'True' ? (ready.lastTransitionTime ?? '') : '';
  const containers = pod.status.containerStatuses ?? [];
  const uid = uidOf(pod);
  return {
    pod,
    uid,
    uidNumber: Number.parseInt(uid.slice(0, 8), 16),
    stage: stageOf(pod),
    readyTime,
    readyAge: powerOfTwo(nowMs - msOf(readyTime)),
    restarts: containers.reduce((most, { restartCount = 0 }) => Math.max(most, restartCount), 0),
    createdAge: powerOfTwo(nowMs - msOf(pod.metadata.creationTimestamp ?? '')),
    order: 0,
  };
};

/** Kubernetes takes it of ns; objects have seconds. */
const powerOfTwo = (ms: number): number => (ms > 0 ? Math.floor(Math.log2(ms * 1e6)) : -1);
