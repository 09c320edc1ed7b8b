import { Heap } from './heap.ts';
import { conditionOf, isReady, type VirtualPod } from './objects.ts';

/**
 * The order in which a ReplicaSet gives its pods up, as `ActivePodsWithRanks` of Kubernetes has it: those without a node
 * first, then pending before running, unready before ready, those on a node with more pods of the same Deployment, those
 * that turned ready last, those that restarted more often, the newer ones. Spans of time count by their power of two, and
 * within one the uid decides.
 */
type Ranked = {
  readonly pod: VirtualPod;
  readonly stage: number;
  readonly neighbours: number;
  readonly readyTime: string;
  readonly readyAge: number;
  readonly restarts: number;
  readonly createdAge: number;
};

const isBefore = (a: Ranked, b: Ranked): boolean => {
  if (a.stage !== b.stage) return a.stage < b.stage;
  if (a.neighbours !== b.neighbours) return a.neighbours > b.neighbours;
  if (a.readyTime !== b.readyTime) {
    return a.readyAge === b.readyAge ? uidOf(a) < uidOf(b) : a.readyAge < b.readyAge;
  }
  if (a.restarts !== b.restarts) return a.restarts > b.restarts;
  return a.createdAge === b.createdAge ? uidOf(a) < uidOf(b) : a.createdAge < b.createdAge;
};

const uidOf = ({ pod }: Ranked): string => pod.metadata.uid ?? '';

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
  readonly #heap = new Heap(isBefore);
  readonly #neighbours: Neighbours;

  constructor(pods: Iterable<VirtualPod>, neighbours: Neighbours, nowMs: number) {
    this.#neighbours = neighbours;
    for (const pod of pods) this.#heap.push(this.#ranked(pod, nowMs));
  }

  /** The next `count`, at most. `isThere` tells of a pod that it is still of the set. */
  take(count: number, isThere: (pod: VirtualPod) => boolean): readonly VirtualPod[] {
    const taken: VirtualPod[] = [];
    while (taken.length < count) {
      const next = this.#heap.pop();
      if (next === undefined) break;
      if (!isThere(next.pod)) continue;
      const neighbours = this.#neighbours(next.pod.spec.nodeName ?? '');
      if (neighbours === next.neighbours) taken.push(next.pod);
      else this.#heap.push({ ...next, neighbours });
    }
    return taken;
  }

  #ranked(pod: VirtualPod, nowMs: number): Ranked {
    const ready = conditionOf(pod.status, 'Ready');
    const readyTime = ready?.status === 'True' ? (ready.lastTransitionTime ?? '') : '';
    const containers = pod.status.containerStatuses ?? [];
    return {
      pod,
      stage: stageOf(pod),
      neighbours: this.#neighbours(pod.spec.nodeName ?? ''),
      readyTime,
      readyAge: powerOfTwo(nowMs - Date.parse(readyTime)),
      restarts: Math.max(0, ...containers.map(({ restartCount = 0 }) => restartCount)),
      createdAge: powerOfTwo(nowMs - Date.parse(pod.metadata.creationTimestamp ?? '')),
    };
  }
}

/** Kubernetes takes it of ns; objects have seconds. */
const powerOfTwo = (ms: number): number => (ms > 0 ? Math.floor(Math.log2(ms * 1e6)) : -1);
