import type { ApiServer } from './api-server.ts';
import type { Kubelet } from './kubelet.ts';
import { isReady, isTerminating, type VirtualNode, type VirtualPod } from './objects.ts';
import type { Plane } from './plane.ts';
import { silent } from './pod-states.ts';
import { quantitiesOf } from './room.ts';
import { notFound } from './refusals.ts';
import type { NodePool } from './scenario.ts';

/** After how long of silence a node counts as lost, and how much later its pods are evicted: Kubernetes' own defaults. */
const SILENCE_MS = 50_000;
const EVICTION_MS = 300_000;

const UNREACHABLE = 'node.kubernetes.io/unreachable';

/** The nodes, and what becomes of them. */
export class Nodes {
  readonly #plane: Plane;
  readonly #api: ApiServer;
  readonly #kubelet: Kubelet;
  /** What is to happen next to a node that fell silent. */
  readonly #silences = new Map<string, () => void>();

  constructor(plane: Plane, api: ApiServer, kubelet: Kubelet) {
    this.#plane = plane;
    this.#api = api;
    this.#kubelet = kubelet;
  }

  make(pool: NodePool): void {
    const capacity = { ...quantitiesOf(pool), pods: String(pool.pods) };
    for (let i = 0; i < pool.count; i += 1) {
      const name = `${pool.name}-${i}`;
      this.#plane.store.of('nodes').add({
        metadata: {
          namespace: '',
          name,
          ...this.#plane.born(),
          labels: { ...pool.labels, 'kubernetes.io/hostname': name },
        },
        spec: {},
        status: { capacity, allocatable: capacity, conditions: [this.#readiness('True', 'KubeletReady')] },
      });
    }
  }

  /** Its pods are not ready any more, and nobody knows why: the node says that it is well. */
  break(name: string): void {
    this.#demand(name);
    this.#kubelet.trouble(name, 'broken');
  }

  lose(name: string): void {
    this.#demand(name);
    this.#silences.get(name)?.();
    this.#kubelet.trouble(name, 'lost');
    this.#next(name, SILENCE_MS, () => {
      this.#taint(name, [{ key: UNREACHABLE, effect: 'NoSchedule' }], this.#readiness('Unknown', 'NodeStatusUnknown'));
      for (const pod of this.#podsOn(name)) {
        if (isReady(pod)) this.#plane.store.of('pods').put(pod, { ...pod, status: silent(pod, this.#plane.time()) });
      }
      this.#next(name, EVICTION_MS, () => {
        for (const pod of this.#podsOn(name)) if (!isTerminating(pod)) this.#api.remove('pods', pod.metadata);
      });
    });
  }

  mend(name: string): void {
    const node = this.#demand(name);
    this.#silences.get(name)?.();
    this.#silences.delete(name);
    if (node.spec.taints !== undefined) this.#taint(name, [], this.#readiness('True', 'KubeletReady'));
    this.#kubelet.mend(name);
  }

  #demand(name: string): VirtualNode {
    const node = this.#api.get('nodes', { namespace: '', name });
    if (node === undefined) throw notFound('nodes', name);
    return node;
  }

  #next(name: string, ms: number, call: () => void): void {
    this.#silences.set(name, this.#plane.clock.quietly(ms, call));
  }

  #podsOn(name: string): readonly VirtualPod[] {
    return [...this.#plane.store.of('pods').in()].filter(({ spec }) => spec.nodeName === name);
  }

  #taint(
    name: string,
    taints: NonNullable<VirtualNode['spec']['taints']>,
    readiness: VirtualNode['status']['conditions'][number],
  ): void {
    const node = this.#demand(name);
    const status = { ...node.status, conditions: [readiness] };
    this.#plane.store.of('nodes').put(node, { ...node, spec: taints.length > 0 ? { taints } : {}, status });
  }

  #readiness(status: 'True' | 'Unknown', reason: string): VirtualNode['status']['conditions'][number] {
    return { type: 'Ready', status, reason, lastTransitionTime: this.#plane.time() };
  }
}
