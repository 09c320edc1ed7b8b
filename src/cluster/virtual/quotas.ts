import type { ClusterError, Quantities } from '../port.ts';
import { amountOf, cpuQuantity, memoryQuantity } from '../quantity.ts';
import { keyOf, refOf } from './key.ts';
import type { VirtualPod, VirtualQuota } from './objects.ts';
import type { Plane } from './plane.ts';
import { forbidden } from './refusals.ts';
import { GPU, roomOf } from './room.ts';
import type { QuotaSetup } from './scenario.ts';
import { WorkQueue } from './work-queue.ts';

/** What can be limited: how much of it a pod takes, and how it is written. */
const LIMITED: Readonly<
  Record<string, { readonly of: (pod: VirtualPod) => number; readonly written: (amount: number) => string }>
> = {
  pods: { of: () => 1, written: String },
  'requests.cpu': {
    of: ({ spec }) => roomOf(spec).cpuMilli / 1000,
    written: (cores) => cpuQuantity(Math.round(cores * 1000)),
  },
  'requests.memory': { of: ({ spec }) => roomOf(spec).memoryBytes, written: memoryQuantity },
  [`requests.${GPU}`]: { of: ({ spec }) => roomOf(spec).gpus, written: String },
};

const ALL_LIMITED = Object.entries(LIMITED);

/** `spec.hard` of a quota. */
export const hardOf = ({ pods, cpuMilli, memoryBytes, gpus }: QuotaSetup): Quantities => ({
  ...(pods !== undefined && { pods: String(pods) }),
  ...(cpuMilli !== undefined && { 'requests.cpu': cpuQuantity(cpuMilli) }),
  ...(memoryBytes !== undefined && { 'requests.memory': memoryQuantity(memoryBytes) }),
  ...(gpus !== undefined && { [`requests.${GPU}`]: String(gpus) }),
});

/** What the pods of each namespace use, terminating ones included, and whether there is some left for another. */
export class Quotas {
  readonly queue: WorkQueue;
  readonly #plane: Plane;
  /** Of each namespace that has had a quota, by the name of what is limited. */
  readonly #used = new Map<string, Map<string, number>>();

  constructor(plane: Plane) {
    this.#plane = plane;
    this.queue = new WorkQueue(plane, (key) => this.#sync(key));
    plane.store.of('pods').subscribe(({ type, object }) => {
      if (type !== 'MODIFIED') this.#count(object, type === 'ADDED' ? 1 : -1);
    });
    plane.store.of('resourcequotas').subscribe(({ type, object }) => {
      if (type === 'DELETED') return;
      this.#countAll(object.metadata.namespace);
      this.queue.add(keyOf(object));
    });
  }

  /** Why a pod may not be made; undefined where it may. */
  refusal(pod: VirtualPod): ClusterError | undefined {
    if (!this.#used.has(pod.metadata.namespace)) return undefined;
    for (const quota of this.#plane.store.of('resourcequotas').in(pod.metadata.namespace)) {
      const over = Object.keys(quota.spec.hard)
        .filter((name) => this.#isOver(quota, name, pod))
        .toSorted();
      if (over.length === 0) continue;
      const listed = (amount: (name: string) => string): string =>
        over.map((name) => `${name}=${amount(name)}`).join(',');
      const written = (name: string, amount: number): string => LIMITED[name]?.written(amount) ?? String(amount);
      const requested = listed((name) => written(name, LIMITED[name]?.of(pod) ?? 0));
      const used = listed((name) => written(name, this.#usedOf(pod.metadata.namespace, name)));
      const limited = listed((name) => quota.spec.hard[name] ?? '');
      const why = `exceeded quota: ${quota.metadata.name}, requested: ${requested}, used: ${used}, limited: ${limited}`;
      return forbidden('pods', pod.metadata, why);
    }
    return undefined;
  }

  #isOver({ spec }: VirtualQuota, name: string, pod: VirtualPod): boolean {
    const requested = LIMITED[name]?.of(pod) ?? 0;
    const hard = amountOf(spec.hard[name] ?? '') ?? Number.POSITIVE_INFINITY;
    // Cores are thousandths to a float: 0.1 + 0.2 is not more than 0.3.
    return requested > 0 && this.#usedOf(pod.metadata.namespace, name) + requested > hard + 1e-6;
  }

  #usedOf(namespace: string, name: string): number {
    return this.#used.get(namespace)?.get(name) ?? 0;
  }

  /** From the first quota of a namespace on its pods are counted. */
  #countAll(namespace: string): void {
    if (this.#used.has(namespace)) return;
    this.#used.set(namespace, new Map());
    for (const pod of this.#plane.store.of('pods').in(namespace)) this.#count(pod, 1);
  }

  #count(pod: VirtualPod, by: number): void {
    const { namespace } = pod.metadata;
    const used = this.#used.get(namespace);
    if (used === undefined) return;
    for (const [name, { of }] of ALL_LIMITED) used.set(name, (used.get(name) ?? 0) + by * of(pod));
    for (const quota of this.#plane.store.of('resourcequotas').in(namespace)) this.queue.add(keyOf(quota));
  }

  /** Writes down what is used, for people to read. */
  #sync(key: string): void {
    const quotas = this.#plane.store.of('resourcequotas');
    const quota = quotas.get(refOf(key));
    if (quota === undefined) return;
    const { namespace } = quota.metadata;
    const { hard } = quota.spec;
    const used = Object.fromEntries(
      Object.keys(hard).map((name) => [name, LIMITED[name]?.written(this.#usedOf(namespace, name)) ?? '0']),
    );
    const isNew = Object.keys(hard).some(
      (name) => quota.status.used[name] !== used[name] || quota.status.hard[name] !== hard[name],
    );
    if (isNew) quotas.put(quota, { ...quota, status: { hard, used } });
  }
}
