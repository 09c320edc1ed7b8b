import type { PodStatus, VirtualPod, VirtualReplicaSet } from './objects.ts';
import type { Plane } from './plane.ts';
import type { Quotas } from './quotas.ts';

/** What all pods of a ReplicaSet have in common when they are made. */
type Alike = {
  readonly ownerReferences: NonNullable<VirtualPod['metadata']['ownerReferences']>;
  readonly status: PodStatus;
};

/** Makes pods of a ReplicaSet's template. */
export class PodMaker {
  readonly #plane: Plane;
  readonly #quotas: Quotas;
  readonly #shown: (pod: VirtualPod) => VirtualPod;
  /** By the uid of the ReplicaSet. */
  readonly #alike = new Map<string, Alike>();

  /** `shown` gives what a new pod has come to when it is seen for the first time. */
  constructor(plane: Plane, quotas: Quotas, shown: (pod: VirtualPod) => VirtualPod) {
    this.#plane = plane;
    this.#quotas = quotas;
    this.#shown = shown;
  }

  /** Throws a ClusterError where a quota is in the way. */
  make({ metadata, spec }: VirtualReplicaSet): void {
    const { namespace, name } = metadata;
    const pods = this.#plane.store.of('pods');
    let ref = { namespace, name: `${name}-${this.#plane.suffix()}` };
    while (pods.get(ref) !== undefined) ref = { namespace, name: `${name}-${this.#plane.suffix()}` };
    const { ownerReferences, status } = this.#alikeOf(metadata);
    const { uid, creationTimestamp } = this.#plane.born();
    const { labels } = spec.template.metadata;
    const pod: VirtualPod = {
      metadata: { namespace, name: ref.name, uid, creationTimestamp, labels, ownerReferences },
      spec: spec.template.spec,
      status,
    };
    const refusal = this.#quotas.refusal(pod);
    if (refusal !== undefined) throw refusal;
    pods.add(this.#shown(pod));
  }

  #alikeOf({ name, uid = '' }: VirtualReplicaSet['metadata']): Alike {
    const known = this.#alike.get(uid);
    if (known !== undefined) return known;
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid, controller: true };
    const alike: Alike = { ownerReferences: [owner], status: { phase: 'Pending', conditions: [] } };
    this.#alike.set(uid, alike);
    return alike;
  }
}
