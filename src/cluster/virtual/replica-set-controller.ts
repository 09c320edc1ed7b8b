import { ClusterError } from '../port.ts';
import type { ApiServer } from './api-server.ts';
import { withCondition, withoutCondition } from './conditions.ts';
import { keyOf, refOf, uidOf } from './key.ts';
import { type Counts, ownerOf, type VirtualPod, type VirtualReplicaSet } from './objects.ts';
import type { Plane } from './plane.ts';
import { PodsOfSets } from './pods-of-sets.ts';
import type { PodMaker } from './pod-maker.ts';
import { WorkQueue } from './work-queue.ts';

/** The most pods that are made or deleted in one go. */
const BURST = 500;

/** The pause after a first failure to make pods; it doubles from failure to failure. */
const FIRST_RETRY_MS = 5;
const MOST_RETRY_MS = 1_000_000;

/** Makes and deletes the pods of ReplicaSets. */
export class ReplicaSetController {
  readonly queue: WorkQueue;
  readonly #plane: Plane;
  readonly #api: ApiServer;
  readonly #pods: PodMaker;
  readonly #counts: PodsOfSets;
  /** How often in a row each failed. */
  readonly #failures = new Map<string, number>();

  constructor(plane: Plane, api: ApiServer, pods: PodMaker) {
    this.#plane = plane;
    this.#api = api;
    this.#pods = pods;
    this.queue = new WorkQueue(plane, (key) => this.#sync(key));
    this.#counts = new PodsOfSets(plane.store.of('pods'), (pod) => this.#familyOf(pod));
    plane.store.of('replicasets').subscribe(({ type, object, before }) => {
      if (type === 'DELETED') this.#failures.delete(keyOf(object));
      else if (object.metadata.generation !== before?.metadata.generation) this.queue.add(keyOf(object));
    });
    const keys = new Map<string, string>();
    plane.store.of('pods').subscribe(({ object }) => {
      const owner = ownerOf(object);
      if (owner === undefined) return;
      const known = keys.get(owner.uid);
      const key = known ?? `${object.metadata.namespace}/${owner.name}`;
      if (known === undefined) keys.set(owner.uid, key);
      this.queue.add(key);
    });
  }

  /** The name of the Deployment behind a pod's ReplicaSet. */
  #familyOf(pod: VirtualPod): string {
    const { namespace } = pod.metadata;
    const name = ownerOf(pod)?.name ?? '';
    const set = this.#plane.store.of('replicasets').get({ namespace, name });
    return (set && ownerOf(set)?.uid) ?? `${namespace}/${name}`;
  }

  #sync(key: string): void {
    const set = this.#plane.store.of('replicasets').get(refOf(key));
    if (set === undefined) return;
    const failure = this.#manage(set, key);
    const status = this.#status(set, failure);
    if (!isSame(set.status, status)) this.#plane.store.of('replicasets').put(set, { ...set, status });
    if (failure === undefined) this.#failures.delete(key);
    else this.#retry(key);
  }

  /** Makes or deletes pods until there are as many as there should be; what was in the way of it. */
  #manage(set: VirtualReplicaSet, key: string): string | undefined {
    const pods = this.#counts.of(uidOf(set));
    const excess = (pods?.active.size ?? 0) - set.spec.replicas;
    if (excess > 0) {
      for (const { metadata } of pods?.victims(Math.min(excess, BURST), this.#plane.clock.now()) ?? []) {
        this.#api.remove('pods', metadata);
      }
    }
    try {
      if (excess < 0) this.#api.demandNamespace(set.metadata.namespace);
      for (let made = 0; made < Math.min(-excess, BURST); made += 1) this.#pods.make(set);
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      return error.message;
    }
    if (Math.abs(excess) > BURST) this.queue.add(key);
    return undefined;
  }

  #retry(key: string): void {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    this.queue.putOff(key, Math.min(MOST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures));
  }

  #status({ metadata, status }: VirtualReplicaSet, failure: string | undefined): SetStatus {
    const pods = this.#counts.of(metadata.uid ?? '');
    const [replicas, ready] = [pods?.active.size ?? 0, pods?.ready ?? 0];
    const conditions = status.conditions ?? [];
    return {
      observedGeneration: metadata.generation ?? 0,
      replicas,
      fullyLabeledReplicas: replicas,
      readyReplicas: ready,
      availableReplicas: ready,
      terminatingReplicas: pods?.terminating ?? 0,
      conditions:
        failure === undefined
          ? withoutCondition(conditions, 'ReplicaFailure')
          : withCondition(conditions, {
              type: 'ReplicaFailure',
              status: 'True',
              reason: 'FailedCreate',
              message: failure,
              lastTransitionTime: this.#plane.timeNow(),
            }),
    };
  }
}

type SetStatus = Counts & { readonly fullyLabeledReplicas: number };

const isSame = (a: Partial<Counts>, b: Counts): boolean =>
  a.observedGeneration === b.observedGeneration &&
  a.replicas === b.replicas &&
  a.readyReplicas === b.readyReplicas &&
  a.terminatingReplicas === b.terminatingReplicas &&
  (a.conditions === b.conditions || (a.conditions === undefined && b.conditions.length === 0));
