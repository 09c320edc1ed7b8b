import { Heap, type Ranked } from './heap.ts';
import { conditionOf, isReady, type VirtualPod } from './objects.ts';

/**
 * The order in which a ReplicaSet gives its pods up, as `ActivePodsWithRanks` of Kubernetes has it: those without a node
 * first, then pending before running, unready before ready, those on a node with more pods of the same Deployment, those
 * that turned ready last, those that restarted more often, the newer ones. Spans of time count by their power of two, and
 * within one the uid decides.
 */
type Candidate = {
  readonly pod: VirtualPod;
  readonly stage: number;
  readonly readyTime: string;
  readonly readyAge: number;
  readonly restarts: number;
  readonly createdAge: number;
};

/** Of two at the same stage with as many neighbours. */
const compared = (a: Candidate, b: Candidate): number => {
  if (a.readyTime !== b.readyTime) return a.readyAge - b.readyAge || byUid(a, b);
  return b.restarts - a.restarts || a.createdAge - b.createdAge || byUid(a, b);
};

const byUid = (a: Candidate, b: Candidate): number => (uidOf(a) < uidOf(b) ? -1 : 1);

const uidOf = ({ pod }: Candidate): string => pod.metadata.uid ?? '';

const stageOf = (pod: VirtualPod): number => {
  if (pod.spec.nodeName === undefined) return 0;
  if (pod.status.phase === 'Pending') return 1;
  return isReady(pod) ? 3 : 2;
};

/** How many pods of the same Deployment a node has. */
export type Neighbours = (node: string) => number;

/**
 * The pods of a ReplicaSet in that order, made once and taken from bit by bit, since an upgrade may take ten thousand pods
 * one at a time. It holds while no pod joins, leaves the set but by `take`, or turns ready; the number of neighbours, which
 * then only falls, is looked up again before a pod is taken.
 */
export class PodRanking {
  readonly #heap = new Heap<Ranked & { readonly candidate: Candidate }>();
  readonly #neighbours: Neighbours;

  constructor(pods: Iterable<VirtualPod>, neighbours: Neighbours, nowMs: number) {
    this.#neighbours = neighbours;
    const candidates = Array.from(pods, (pod) => candidateOf(pod, nowMs)).toSorted(compared);
    for (const [order, candidate] of candidates.entries())
      this.#heap.push({ rank: this.#rankOf(candidate), order, candidate });
  }

  /** The next `count`, at most. `isThere` tells of a pod that it is still of the set. */
  take(count: number, isThere: (pod: VirtualPod) => boolean): readonly VirtualPod[] {
    const taken: VirtualPod[] = [];
    while (taken.length < count) {
      const next = this.#heap.pop();
      if (next === undefined) break;
      if (!isThere(next.candidate.pod)) continue;
      const rank = this.#rankOf(next.candidate);
      if (rank === next.rank) taken.push(next.candidate.pod);
      else this.#heap.push({ ...next, rank });
    }
    return taken;
  }

  /** By the stage, and within it those with more neighbours first. */
  #rankOf({ pod, stage }: Candidate): number {
    return (stage + 1) * MOST_NEIGHBOURS - this.#neighbours(pod.spec.nodeName ?? '');
  }
}

/** More than there are pods on a node. */
const MOST_NEIGHBOURS = 2 ** 40;

const candidateOf = (pod: VirtualPod, nowMs: number): Candidate => {
  const ready = conditionOf(pod.status, 'Ready');
  const readyTime = ready?.status === 'True' ? (ready.lastTransitionTime ?? '') : '';
  const containers = pod.status.containerStatuses ?? [];
  return {
    pod,
    stage: stageOf(pod),
    readyTime,
    readyAge: powerOfTwo(nowMs - Date.parse(readyTime)),
    restarts: containers.reduce((most, { restartCount = 0 }) => Math.max(most, restartCount), 0),
    createdAge: powerOfTwo(nowMs - Date.parse(pod.metadata.creationTimestamp ?? '')),
  };
};

/** Kubernetes takes it of ns; objects have seconds. */
const powerOfTwo = (ms: number): number => (ms > 0 ? Math.floor(Math.log2(ms * 1e6)) : -1);
