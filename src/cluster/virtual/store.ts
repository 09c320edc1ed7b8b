import type { Kinds, WritableKind } from '../port.ts';
import { Collection } from './collection.ts';
import type { StoredKind, StoredKinds } from './objects.ts';

type Writable = { readonly [K in WritableKind]: Collection<Kinds[K]> };
type Collections = { readonly [K in StoredKind]: Collection<StoredKinds[K]> };

/** Everything that the cluster keeps; every change has a version of its own, counted up over all kinds. */
export class Store {
  #version = 0;
  readonly #nextVersion = (): string => String((this.#version += 1));
  readonly #collections: Collections = {
    deployments: new Collection(this.#nextVersion),
    replicasets: new Collection(this.#nextVersion),
    pods: new Collection(this.#nextVersion),
    configmaps: new Collection(this.#nextVersion),
    leases: new Collection(this.#nextVersion),
    events: new Collection(this.#nextVersion),
    nodes: new Collection(this.#nextVersion),
    resourcequotas: new Collection(this.#nextVersion),
    namespaces: new Collection(this.#nextVersion),
    services: new Collection(this.#nextVersion),
    horizontalpodautoscalers: new Collection(this.#nextVersion),
    poddisruptionbudgets: new Collection(this.#nextVersion),
    scaledobjects: new Collection(this.#nextVersion),
    verticalpodautoscalers: new Collection(this.#nextVersion),
  };

  /** Of the newest change. */
  get version(): string {
    return String(this.#version);
  }

  of<K extends StoredKind>(kind: K): Collections[K] {
    return this.#collections[kind];
  }

  /** The kinds that the port writes, which are here just what they are there. */
  writable<K extends WritableKind>(kind: K): Writable[K] {
    const writable: Writable = this.#collections;
    return writable[kind];
  }
}
