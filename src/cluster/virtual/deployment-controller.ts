import { isSameStatus, statusOf } from './deployment-status.ts';
import { keyOf, refOf } from './key.ts';
import { ownerOf, type PodTemplate, type VirtualDeployment, type VirtualReplicaSet } from './objects.ts';
import type { Plane } from './plane.ts';
import { nameHashOf } from './random.ts';
import { replicasOfCurrent, replicasOfOld, roomOfRollout, type SetCounts } from './rollout.ts';
import { WorkQueue } from './work-queue.ts';

const REVISION = 'deployment.kubernetes.io/revision';
const DESIRED = 'deployment.kubernetes.io/desired-replicas';
const MOST = 'deployment.kubernetes.io/max-replicas';

/**
 * Makes a ReplicaSet for each template of a Deployment, gives them their replicas, and sums their status up. It leaves out
 * what an upgrade does not meet: a scaling in the middle of a rolling update is not spread over the ReplicaSets in
 * proportion, but goes the way of the update.
 */
export class DeploymentController {
  readonly queue: WorkQueue;
  readonly #plane: Plane;
  /** The ReplicaSets of each Deployment, by the key of the Deployment, the oldest first. */
  readonly #sets = new Map<string, Map<string, VirtualReplicaSet>>();

  constructor(plane: Plane) {
    this.#plane = plane;
    this.queue = new WorkQueue(plane, (key) => this.#sync(key));
    plane.store.of('deployments').subscribe(({ type, object, before }) => {
      // Its own writes of the status are no news to it.
      if (type === 'DELETED') this.#sets.delete(keyOf(object));
      else if (object.metadata.generation !== before?.metadata.generation) this.queue.add(keyOf(object));
    });
    plane.store.of('replicasets').subscribe(({ type, object }) => {
      const owner = ownerOf(object);
      if (owner === undefined) return;
      const key = keyOf({ metadata: { namespace: object.metadata.namespace, name: owner.name } });
      const sets = this.#sets.get(key) ?? new Map<string, VirtualReplicaSet>();
      if (type === 'DELETED') sets.delete(object.metadata.name);
      else this.#sets.set(key, sets.set(object.metadata.name, object));
      this.queue.add(key);
    });
  }

  #sync(key: string): void {
    const { store } = this.#plane;
    let deployment = store.of('deployments').get(refOf(key));
    if (deployment === undefined) return;
    const { uid } = deployment.metadata;
    const own = [...(this.#sets.get(key)?.values() ?? [])].filter((set) => ownerOf(set)?.uid === uid);
    const hash = templateHashOf(deployment.spec.template);
    const isCurrent = ({ metadata }: VirtualReplicaSet): boolean => metadata.labels?.['pod-template-hash'] === hash;
    const old = own.filter((set) => !isCurrent(set));
    const revision = String(Math.max(0, ...old.map(revisionOf)) + 1);
    let current = own.find(isCurrent);
    if (current !== undefined && old.length > 0 && revisionOf(current) < Number(revision)) {
      current = store.of('replicasets').put(current, annotated(current, { [REVISION]: revision }));
    }
    current ??= this.#make(deployment, hash, revision, old);
    const shown = current.metadata.annotations?.[REVISION] ?? revision;
    if (deployment.metadata.annotations?.[REVISION] !== shown) {
      deployment = store.of('deployments').put(deployment, annotated(deployment, { [REVISION]: shown }));
    }
    const [newest, ...rest] = this.#scale(deployment, current, old);
    const status = statusOf(deployment, newest, rest, this.#plane.time());
    if (!isSameStatus(deployment.status, status)) store.of('deployments').put(deployment, { ...deployment, status });
  }

  #scale(
    { spec }: VirtualDeployment,
    current: VirtualReplicaSet,
    old: readonly VirtualReplicaSet[],
  ): readonly [VirtualReplicaSet, ...VirtualReplicaSet[]] {
    const desired = spec.replicas;
    const oldReplicas = old.reduce((sum, set) => sum + set.spec.replicas, 0);
    const wanted = replicasOfCurrent(desired, current.spec.replicas, oldReplicas);
    const scaled = this.#setReplicas(current, wanted, desired);
    if (oldReplicas === 0 || scaled !== current) return [scaled, ...old];
    const downTo = replicasOfOld(desired, countsOf(current), old.map(countsOf));
    return [current, ...old.map((set, i) => this.#setReplicas(set, downTo[i] ?? set.spec.replicas, desired))];
  }

  #setReplicas(set: VirtualReplicaSet, replicas: number, desired: number): VirtualReplicaSet {
    if (set.spec.replicas === replicas) return set;
    const { metadata } = annotated(set, limitsOf(desired));
    const generation = (metadata.generation ?? 0) + 1;
    const spec = { ...set.spec, replicas };
    return this.#plane.store.of('replicasets').put(set, { ...set, metadata: { ...metadata, generation }, spec });
  }

  #make(
    { metadata, spec }: VirtualDeployment,
    hash: string,
    revision: string,
    old: readonly VirtualReplicaSet[],
  ): VirtualReplicaSet {
    const labels = { ...spec.template.metadata.labels, 'pod-template-hash': hash };
    const replicas = replicasOfCurrent(
      spec.replicas,
      0,
      old.reduce((sum, set) => sum + set.spec.replicas, 0),
    );
    const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: metadata.name, uid: metadata.uid ?? '' };
    return this.#plane.store.of('replicasets').add({
      metadata: {
        namespace: metadata.namespace,
        name: `${metadata.name}-${hash}`,
        ...this.#plane.born(),
        generation: 1,
        labels,
        annotations: { ...limitsOf(spec.replicas), [REVISION]: revision },
        ownerReferences: [{ ...owner, controller: true }],
      },
      spec: {
        replicas,
        selector: { matchLabels: { ...spec.selector.matchLabels, 'pod-template-hash': hash } },
        template: { metadata: { labels }, spec: spec.template.spec },
      },
      status: {},
    });
  }
}

const countsOf = ({ spec, status }: VirtualReplicaSet): SetCounts => ({
  replicas: spec.replicas,
  available: status.availableReplicas ?? 0,
});

const hashes = new WeakMap<PodTemplate, string>();

const templateHashOf = (template: PodTemplate): string => {
  const hash = hashes.get(template) ?? nameHashOf(JSON.stringify(template));
  hashes.set(template, hash);
  return hash;
};

const revisionOf = ({ metadata }: VirtualReplicaSet): number => Number(metadata.annotations?.[REVISION] ?? 0);

const limitsOf = (desired: number): Readonly<Record<string, string>> => ({
  [DESIRED]: String(desired),
  [MOST]: String(desired + roomOfRollout(desired).surge),
});

const annotated = <T extends VirtualDeployment | VirtualReplicaSet>(
  object: T,
  annotations: Readonly<Record<string, string>>,
): T => ({
  ...object,
  metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, ...annotations } },
});
