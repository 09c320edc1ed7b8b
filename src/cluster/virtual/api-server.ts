import {
  type CreatableKind,
  FIELD_MANAGER,
  type Kinds,
  type ObjectRef,
  type Selection,
  type WritableKind,
} from '../port.ts';
import { isSameJson } from '../../upgrade/same-json.ts';
import type { Collection } from './collection.ts';
import { facetOf, type Listener } from './listeners.ts';
import { admitted } from './admission.ts';
import { madeBy, scaledBy, templateWrittenBy } from './field-owners.ts';
import type { MissingKind, PodTemplate, StoredKind, StoredKinds, VirtualDeployment, VirtualPod } from './objects.ts';
import type { Plane } from './plane.ts';
import { conflict, exists, invalid, namespaceLeaving, notFound, notInstalled, otherUid } from './refusals.ts';
import { namespaceOf, selecting } from './selecting.ts';

const MISSING: ReadonlySet<StoredKind> = new Set<MissingKind>(['scaledobjects', 'verticalpodautoscalers']);

/** `spec.replicas` is an int32. */
const MOST_REPLICAS = 2_147_483_647;

type Adders = { readonly [K in CreatableKind]: (object: Kinds[K], manager: string) => Kinds[K] };

/** Answers requests as the API server does, at once. What it refuses it throws as a ClusterError, in its own words. */
export class ApiServer {
  readonly #plane: Plane;
  /** Adds a new object of each kind that the port makes. */
  readonly #add: Adders = {
    configmaps: (object) => this.#plane.store.writable('configmaps').add(object),
    leases: (object) => this.#plane.store.writable('leases').add(object),
    events: (object) => this.#plane.store.writable('events').add(object),
    deployments: (object, manager) =>
      this.#plane.store.of('deployments').add(admitted(object, madeBy(manager, this.#plane.time()))),
  };

  constructor(plane: Plane) {
    this.#plane = plane;
  }

  get<K extends StoredKind>(kind: K, ref: ObjectRef): StoredKinds[K] | undefined {
    return this.#plane.store.of(kind).get(ref);
  }

  /** Those of a selection, and the version of the cluster that they are of. */
  list<K extends StoredKind>(
    kind: K,
    selection: Selection,
  ): { readonly items: readonly StoredKinds[K][]; readonly resourceVersion: string } {
    if (MISSING.has(kind)) throw notInstalled(kind);
    const isSelected = selecting(kind, selection);
    const items: StoredKinds[K][] = [];
    for (const object of this.#candidates(kind, selection)) if (isSelected(object)) items.push(object);
    return { items, resourceVersion: this.#plane.store.version };
  }

  /** What may be of a selection: of a thousand upgrades each asks for its own few pods, among those of all. */
  #candidates<K extends StoredKind>(kind: K, selection: Selection): Iterable<StoredKinds[K]> {
    const objects: Pick<Collection<StoredKinds[K]>, 'in' | 'with'> = this.#plane.store.of(kind);
    const namespace = namespaceOf(kind, selection);
    const facet = facetOf(selection);
    return facet === undefined ? objects.in(namespace) : objects.with(facet, namespace);
  }

  /**
   * Tells of every change of a kind from now on, as it is made; the answer ends it. The listener must not write. With a
   * `selection` it need not be told of what is not of it, and may be told all the same.
   */
  watch<K extends StoredKind>(kind: K, listener: Listener<StoredKinds[K]>, selection: Selection = {}): () => void {
    return this.#plane.store.of(kind).subscribe(listener, facetOf(selection));
  }

  /** `manager` is who makes it; it is kept of a Deployment only. */
  create<K extends CreatableKind>(kind: K, object: Kinds[K], manager = FIELD_MANAGER): Kinds[K] {
    const { metadata } = object;
    this.demandNamespace(metadata.namespace);
    if (metadata.resourceVersion !== undefined)
      throw invalid('resourceVersion should not be set on objects to be created');
    if (this.get(kind, metadata) !== undefined) throw exists(kind, metadata);
    return this.#add[kind]({ ...object, metadata: { ...metadata, ...this.#plane.born() } }, manager);
  }

  replace<K extends WritableKind>(kind: K, object: Kinds[K]): Kinds[K] {
    const { metadata } = object;
    const collection = this.#plane.store.writable(kind);
    const found = collection.get(metadata);
    if (found === undefined) throw notFound(kind, metadata.name);
    const { uid = '', resourceVersion, creationTimestamp } = found.metadata;
    if (metadata.uid !== undefined && metadata.uid !== uid) throw otherUid(kind, metadata, metadata.uid, uid);
    if (metadata.resourceVersion !== undefined && metadata.resourceVersion !== resourceVersion) {
      throw conflict(kind, metadata);
    }
    const own = { uid, ...(resourceVersion && { resourceVersion }), ...(creationTimestamp && { creationTimestamp }) };
    const wanted = { ...object, metadata: { ...metadata, ...own } };
    // What changes nothing is not written.
    return isSameJson(found, wanted) ? found : collection.put(found, wanted);
  }

  /** Sets `spec.replicas` through the scale subresource; where a version is given, only of that one. */
  scale(
    ref: ObjectRef,
    replicas: number,
    { manager, resourceVersion }: { readonly manager: string; readonly resourceVersion?: string },
  ): VirtualDeployment {
    const found = this.#deployment(ref);
    if (!Number.isInteger(replicas) || replicas < 0 || replicas > MOST_REPLICAS) {
      throw invalid(
        `Scale.autoscaling "${ref.name}" is invalid: spec.replicas: Invalid value: ${replicas}: must be greater than or equal to 0`,
      );
    }
    if (resourceVersion !== undefined && resourceVersion !== found.metadata.resourceVersion) {
      throw conflict('deployments', ref);
    }
    if (found.spec.replicas === replicas) return found;
    return this.#writeSpec(found, { ...found.spec, replicas }, scaledBy(found.metadata, manager, replicas));
  }

  setTemplate(ref: ObjectRef, manager: string, change: (template: PodTemplate) => PodTemplate): VirtualDeployment {
    const found = this.#deployment(ref);
    const template = change(found.spec.template);
    if (isSameJson(template, found.spec.template)) return found;
    const managedFields = templateWrittenBy(found.metadata, manager, this.#plane.time());
    return this.#writeSpec(found, { ...found.spec, template }, managedFields);
  }

  /**
   * Deletes an object; a pod that is on a node stays for its grace period, with a deletion timestamp, until its kubelet
   * says that it has ended. A grace period of 0 removes it at once. A namespace is on its way out for ever: nothing can be made
   * in it, but nobody takes away what is in it.
   */
  remove(kind: StoredKind, ref: ObjectRef, graceSeconds?: number): void {
    if (kind === 'pods') return this.#removePod(ref, graceSeconds);
    if (kind === 'namespaces') return this.#removeNamespace(ref);
    if (!this.#plane.store.of(kind).removeAt(ref)) throw notFound(kind, ref.name);
  }

  /** Throws ClusterError where nothing can be made in it. */
  demandNamespace(name: string): void {
    const found = this.#plane.store.of('namespaces').get({ namespace: '', name });
    if (found === undefined) throw notFound('namespaces', name);
    if (found.metadata.deletionTimestamp !== undefined) throw namespaceLeaving(name);
  }

  #removeNamespace(ref: ObjectRef): void {
    const namespaces = this.#plane.store.of('namespaces');
    const found = namespaces.get(ref);
    if (found === undefined) throw notFound('namespaces', ref.name);
    namespaces.put(found, { ...found, metadata: { ...found.metadata, deletionTimestamp: this.#plane.time() } });
  }

  #deployment(ref: ObjectRef): VirtualDeployment {
    const found = this.get('deployments', ref);
    if (found === undefined) throw notFound('deployments', ref.name);
    return found;
  }

  #writeSpec(
    found: VirtualDeployment,
    spec: VirtualDeployment['spec'],
    managedFields: NonNullable<VirtualDeployment['metadata']['managedFields']>,
  ): VirtualDeployment {
    const generation = (found.metadata.generation ?? 0) + 1;
    const metadata = { ...found.metadata, generation, managedFields };
    return this.#plane.store.of('deployments').put(found, { ...found, metadata, spec });
  }

  #removePod(ref: ObjectRef, given?: number): void {
    const pods = this.#plane.store.of('pods');
    const pod = pods.get(ref);
    if (pod === undefined) throw notFound('pods', ref.name);
    const graceSeconds = given ?? pod.spec.terminationGracePeriodSeconds;
    // A pod that no kubelet knows of is gone at once.
    if (graceSeconds === 0 || pod.spec.nodeName === undefined) return pods.remove(pod);
    if (pod.metadata.deletionTimestamp === undefined) pods.put(pod, this.#doomed(pod, graceSeconds));
  }

  #doomed(pod: VirtualPod, graceSeconds: number): VirtualPod {
    const metadata = {
      ...pod.metadata,
      deletionTimestamp: this.#plane.time(graceSeconds * 1000),
      deletionGracePeriodSeconds: graceSeconds,
    };
    return { ...pod, metadata };
  }
}
