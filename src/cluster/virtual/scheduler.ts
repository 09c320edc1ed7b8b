import { Candidates } from './candidates.ts';
import { uidOf } from './key.ts';
import { NodeRoom } from './node-room.ts';
import type { PodSpec, VirtualNode, VirtualPod } from './objects.ts';
import type { Plane } from './plane.ts';
import type { Recorder } from './recorder.ts';
import { scheduled, unschedulable } from './pod-states.ts';
import { roomOf } from './room.ts';
import type { Room } from './scenario.ts';
import { WorkQueue } from './work-queue.ts';

/** Among so many nodes that fit the emptiest is taken: as the real one does, it does not look at all of a large cluster. */
const ENOUGH_TO_CHOOSE = 32;

const ROUND = 'round';

/** Binds pods to nodes; what fits nowhere waits, with a reason, until room is freed. */
export class Scheduler {
  readonly queue: WorkQueue;
  readonly #plane: Plane;
  readonly #recorder: Recorder;
  readonly #nodes: NodeRoom[] = [];
  readonly #byName = new Map<string, NodeRoom>();
  /** Not looked at yet. */
  readonly #fresh = new Map<string, VirtualPod>();
  /** Did not fit, the longest waiting first; alike ones together, since where one does not fit, none does. */
  readonly #waiting = new Map<string, Map<string, VirtualPod>>();
  /** Nodes on which there may be room that was not there before. */
  readonly #freed = new Set<NodeRoom>();
  /** The nodes on which there may be room for pods of a kind. */
  readonly #candidates = new Map<string, Candidates>();
  /** Why pods of a kind fit nowhere, as this round found it. */
  readonly #explained = new Map<string, string>();
  #next = 0;

  constructor(plane: Plane, recorder: Recorder) {
    this.#plane = plane;
    this.#recorder = recorder;
    this.queue = new WorkQueue(plane, () => this.#round());
    plane.store.of('nodes').subscribe(({ type, object }) => {
      const isTainted = (object.spec.taints ?? []).length > 0;
      const known = this.#byName.get(object.metadata.name);
      if (type === 'DELETED') return;
      const node = known ?? this.#add(object);
      node.isTainted = isTainted;
      this.#free(node);
    });
    plane.store.of('pods').subscribe(({ type, object, before }) => this.#see(type, object, before));
  }

  #add(object: VirtualNode): NodeRoom {
    const node = new NodeRoom(object, this.#nodes.length);
    this.#nodes.push(node);
    this.#byName.set(node.name, node);
    return node;
  }

  #see(type: 'ADDED' | 'MODIFIED' | 'DELETED', pod: VirtualPod, before: VirtualPod | undefined): void {
    const { nodeName } = pod.spec;
    if (nodeName === undefined) {
      if (type === 'ADDED') {
        this.#fresh.set(uidOf(pod), pod);
        this.queue.add(ROUND);
      } else if (type === 'DELETED') this.#forget(pod);
      return;
    }
    const node = this.#byName.get(nodeName);
    if (node === undefined) return;
    if (type === 'DELETED') {
      node.take(roomOf(pod.spec), -1);
      this.#free(node);
    } else if (before?.spec.nodeName === undefined) node.take(roomOf(pod.spec), 1);
  }

  #free(node: NodeRoom): void {
    this.#freed.add(node);
    for (const candidates of this.#candidates.values()) candidates.add(node.number);
    if (this.#waiting.size > 0) this.queue.add(ROUND);
  }

  #forget(pod: VirtualPod): void {
    this.#fresh.delete(uidOf(pod));
    const alike = kindOf(pod.spec);
    const pods = this.#waiting.get(alike);
    pods?.delete(uidOf(pod));
    if (pods?.size === 0) this.#waiting.delete(alike);
  }

  /** Whether no pod waits for it, that would have to come first. */
  get isIdle(): boolean {
    return this.#fresh.size === 0 && this.#waiting.size === 0;
  }

  /** A pod that is not there yet, on the node that it will be on; as it is, where there is none. */
  placed(pod: VirtualPod): VirtualPod {
    const node = this.#nodeFor(pod);
    return node === undefined ? pod : scheduled(pod, node.name, this.#plane.time());
  }

  #round(): void {
    for (const node of this.#freed) this.#fill(node);
    this.#freed.clear();
    this.#explained.clear();
    for (const pod of this.#fresh.values()) {
      this.#fresh.delete(uidOf(pod));
      const node = this.#nodeFor(pod);
      if (node === undefined) this.#wait(pod);
      else this.#bind(pod, node);
    }
  }

  /** Gives the freed room of a node to those who wait for it. */
  #fill(node: NodeRoom): void {
    for (const pods of this.#waiting.values()) {
      for (const pod of pods.values()) {
        if (!node.fits(roomOf(pod.spec), pod.spec.nodeSelector)) break;
        this.#forget(pod);
        this.#bind(pod, node);
      }
    }
  }

  #nodeFor({ spec }: VirtualPod): NodeRoom | undefined {
    return this.#waiting.has(kindOf(spec)) ? undefined : this.#choose(spec);
  }

  /** The emptiest of the next that fit, from another node on each time. */
  #choose(spec: PodSpec): NodeRoom | undefined {
    const room = roomOf(spec);
    const start = this.#next;
    this.#next = this.#nodes.length === 0 ? 0 : (start + 1) % this.#nodes.length;
    let best: NodeRoom | undefined;
    let fitting = 0;
    for (const at of this.#candidatesFrom(spec, start)) {
      const node = this.#nodes[at];
      if (node === undefined || !node.fits(room, spec.nodeSelector)) {
        this.#candidatesOf(spec).delete(at);
        continue;
      }
      fitting += 1;
      if (best === undefined || node.freeShare > best.freeShare) best = node;
      if (fitting === ENOUGH_TO_CHOOSE) break;
    }
    return best;
  }

  /** From a node on, once round. */
  *#candidatesFrom(spec: PodSpec, start: number): Generator<number> {
    const candidates = this.#candidatesOf(spec);
    for (let at = candidates.from(start); at !== undefined; at = candidates.from(at + 1)) yield at;
    for (let at = candidates.from(0); at !== undefined && at < start; at = candidates.from(at + 1)) yield at;
  }

  #candidatesOf(spec: PodSpec): Candidates {
    const alike = kindOf(spec);
    const candidates = this.#candidates.get(alike) ?? new Candidates(this.#nodes.length);
    this.#candidates.set(alike, candidates);
    return candidates;
  }

  #bind(pod: VirtualPod, { name }: NodeRoom): void {
    this.#plane.store.of('pods').put(pod, scheduled(pod, name, this.#plane.time()));
  }

  #wait(pod: VirtualPod): void {
    const alike = kindOf(pod.spec);
    const why = this.#explained.get(alike) ?? this.#explain(pod.spec);
    this.#explained.set(alike, why);
    const told = unschedulable(pod, why, this.#plane.timeNow());
    this.#recorder.scheduler(pod, { type: 'Warning', reason: 'FailedScheduling', message: why });
    const pods = this.#waiting.get(alike) ?? new Map<string, VirtualPod>();
    this.#waiting.set(alike, pods.set(uidOf(pod), this.#plane.store.of('pods').put(pod, told)));
  }

  /** "0/10 nodes are available: 10 Insufficient nvidia.com/gpu. preemption: …", in the words of kube-scheduler 1.36. */
  #explain(spec: PodSpec): string {
    const total = this.#nodes.length;
    if (total === 0) return 'no nodes available to schedule pods';
    const refusals = this.#nodes.map((node) => node.refusal(roomOf(spec), spec.nodeSelector));
    const why = histogram(refusals.flatMap(({ reasons }) => reasons));
    const preemption = histogram(
      refusals.map(({ couldFit }) =>
        couldFit ? 'No preemption victims found for incoming pod' : 'Preemption is not helpful for scheduling',
      ),
    );
    const none = `0/${total} nodes are available`;
    return `${none}: ${why}. no new claims to deallocate, preemption: ${none}: ${preemption}.`;
  }
}

const kinds = new WeakMap<Room, string>();

/** Pods that ask for the same, of the same nodes, are alike to a scheduler. */
const kindOf = (spec: PodSpec): string => {
  const room = roomOf(spec);
  const known = kinds.get(room) ?? `${room.cpuMilli}/${room.memoryBytes}/${room.gpus}`;
  kinds.set(room, known);
  return spec.nodeSelector === undefined ? known : `${known}/${JSON.stringify(spec.nodeSelector)}`;
};

/** "2 Insufficient cpu, 8 Insufficient memory", in the order of their text, as the scheduler sorts it. */
const histogram = (words: readonly string[]): string => {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts]
    .map(([word, count]) => `${count} ${word}`)
    .toSorted()
    .join(', ');
};
