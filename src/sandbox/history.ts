import type { ApiServer } from '../cluster/virtual/api-server.ts';
import type { Change } from '../cluster/virtual/listeners.ts';
import type { StoredKinds } from '../cluster/virtual/objects.ts';
import { SERVED_KINDS, type ServedKind } from './resources.ts';

export type StoredObject = StoredKinds[ServedKind];
export type StoredChange = Change<StoredObject>;

type Past = {
  changes: StoredChange[];
  /** The newest version of which it is not known any more what came after it. */
  forgotten: number;
};

/** The last changes of every kind, so that a watch can begin at a version that has passed. */
export class History {
  readonly #api: ApiServer;
  readonly #most: number;
  readonly #pasts = new Map<ServedKind, Past>();
  readonly #ends: (() => void)[] = [];

  /** Keeps at least `most` changes of each kind, and at most twice as many. */
  constructor(api: ApiServer, most: number) {
    this.#api = api;
    this.#most = most;
    const begin = this.version;
    for (const kind of SERVED_KINDS) {
      const past: Past = { changes: [], forgotten: begin - 1 };
      this.#pasts.set(kind, past);
      this.#ends.push(api.watch(kind, (change) => this.#keep(past, change)));
    }
  }

  /** Of the newest change of all. */
  get version(): number {
    return Number(this.#api.list('namespaces', {}).resourceVersion);
  }

  /** What happened after a version; undefined where that is not known any more. */
  since(kind: ServedKind, version: number): readonly StoredChange[] | undefined {
    const past = this.#pasts.get(kind);
    if (past === undefined || version < past.forgotten) return undefined;
    return past.changes.filter((change) => versionOf(change) > version);
  }

  /** Tells of what happens from now on; the answer ends it. */
  follow(kind: ServedKind, listener: (change: StoredChange) => void): () => void {
    return this.#api.watch(kind, listener);
  }

  close(): void {
    for (const end of this.#ends) end();
  }

  #keep(past: Past, change: StoredChange): void {
    past.changes.push(change);
    if (past.changes.length <= 2 * this.#most) return;
    const forgotten = past.changes.splice(0, this.#most).at(-1);
    if (forgotten !== undefined) past.forgotten = versionOf(forgotten);
  }
}

const versionOf = ({ object }: StoredChange): number => Number(object.metadata.resourceVersion);
