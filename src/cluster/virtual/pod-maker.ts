import type { VirtualPod, VirtualReplicaSet } from './objects.ts';
import type { Plane } from './plane.ts';
import type { Quotas } from './quotas.ts';

/** Makes pods of a ReplicaSet's template. */
export class PodMaker {
  readonly #plane: Plane;
  readonly #quotas: Quotas;

  constructor(plane: Plane, quotas: Quotas) {
    this.#plane = plane;
    this.#quotas = quotas;
  }

  /** Throws a ClusterError where a quota is in the way. */
  make({ metadata, spec }: VirtualReplicaSet): void {
    const { namespace, name, uid = '' } = metadata;
    const pods = this.#plane.store.of('pods');
    let ref = { namespace, name: `${name}-${this.#plane.suffix()}` };
    while (pods.get(ref) !== undefined) ref = { namespace, name: `${name}-${this.#plane.suffix()}` };
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid, controller: true };
    const pod: VirtualPod = {
      metadata: { ...ref, ...this.#plane.born(), labels: spec.template.metadata.labels, ownerReferences: [owner] },
      spec: spec.template.spec,
      status: { phase: 'Pending', conditions: [] },
    };
    const refusal = this.#quotas.refusal(pod);
    if (refusal !== undefined) throw refusal;
    pods.add(pod);
  }
}
