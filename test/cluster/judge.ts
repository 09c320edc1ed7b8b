import { applyChange, follow, type Change, type KubeList } from './follow.ts';
import { isReady, type Pod } from './objects.ts';
import type { TestNamespace } from './workload.ts';

export interface Counts {
  /** Pods with a true Ready condition and no deletion timestamp. */
  readonly ready: number;
  /** Pods that have neither succeeded nor failed, terminating ones included: each may hold its GPU. */
  readonly existing: number;
}

/** The pods of a namespace right after one event. */
export interface Moment extends Counts {
  /** When the event arrived, in milliseconds since the epoch. */
  readonly time: number;
  readonly perDeployment: Readonly<Record<string, Counts>>;
}

export interface Verdict {
  /** What was there when `begin` was called (or the judge was made), and after every event since. */
  readonly history: readonly Moment[];
  readonly minReady: number;
  readonly maxExisting: number;
  /** How often the server had dropped the history that the watch needed. States in between were not seen then. */
  readonly gaps: number;
}

const catchUpTimeoutMs = 30_000;

/**
 * Watches the pods of a namespace and counts them after every event, for a test to compare with what a run promised.
 * A pod belongs to the Deployment that its `app` label names.
 */
export class Judge {
  readonly #namespace: TestNamespace;
  readonly #pods = new Map<string, Pod>();
  readonly #gone = new Set<string>();
  readonly #end = new AbortController();
  readonly #following: Promise<void>;
  #history: Moment[] = [];
  #lists = 0;
  #failure: unknown;
  #verdict: Promise<Verdict> | undefined;
  #onEvent = (): void => {};

  private constructor(namespace: TestNamespace) {
    this.#namespace = namespace;
    this.#following = follow<Pod>(
      namespace.client,
      namespace.path('pods'),
      {},
      (change) => this.#see(change),
      this.#end.signal,
    ).catch((error: unknown) => {
      this.#failure = error;
      this.#onEvent();
    });
  }

  /** Starts watching; resolves when the judge knows the pods that are there. */
  static async of(namespace: TestNamespace): Promise<Judge> {
    const judge = new Judge(namespace);
    await judge.begin();
    return judge;
  }

  /** Forgets the past: what is there now is the first moment of the history. */
  async begin(): Promise<void> {
    await this.#catchUp();
    this.#history = [this.#moment()];
    this.#lists = 1;
  }

  /** Ends the watch, once it has seen all that happened before this call. A second call gives the same verdict. */
  stop(): Promise<Verdict> {
    return (this.#verdict ??= this.#conclude());
  }

  /** Ends the watch, whatever it has seen: a cluster that was restored from a backup never shows what this waits for to `stop`. */
  async close(): Promise<void> {
    this.#end.abort();
    await this.#following.catch(() => undefined);
  }

  async #conclude(): Promise<Verdict> {
    try {
      await this.#catchUp();
    } finally {
      this.#end.abort();
      await this.#following;
    }
    return {
      history: this.#history,
      minReady: Math.min(...this.#history.map(({ ready }) => ready)),
      maxExisting: Math.max(...this.#history.map(({ existing }) => existing)),
      gaps: this.#lists - 1,
    };
  }

  #see(change: Change<Pod>): void {
    if (change.type === 'LISTED') {
      this.#lists++;
      const listed = new Set(change.items.map(({ metadata }) => metadata.uid));
      for (const uid of this.#pods.keys()) if (!listed.has(uid)) this.#gone.add(uid);
    } else if (change.type === 'DELETED') {
      this.#gone.add(change.object.metadata.uid);
    }
    applyChange(this.#pods, change);
    this.#history.push(this.#moment());
    this.#onEvent();
  }

  #moment(): Moment {
    const perDeployment: Record<string, { ready: number; existing: number }> = {};
    const total = { ready: 0, existing: 0 };
    for (const pod of this.#pods.values()) {
      const counts = (perDeployment[pod.metadata.labels?.['app'] ?? ''] ??= { ready: 0, existing: 0 });
      const exists = pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed';
      const ready = exists && isReady(pod) && pod.metadata.deletionTimestamp === undefined;
      for (const sum of [counts, total]) {
        sum.existing += Number(exists);
        sum.ready += Number(ready);
      }
    }
    return { time: Date.now(), ...total, perDeployment };
  }

  /**
   * A watch lags behind what its owner knows from elsewhere. This resolves when it has seen everything up to now: each
   * pod of a fresh list at that version or a later one, and no pod of an older version that the list does not have.
   */
  async #catchUp(): Promise<void> {
    const list = await this.#namespace.client.get<KubeList<Pod>>(this.#namespace.path('pods'));
    const timer = setTimeout(() => {
      this.#failure ??= new Error(`the watch of the pods of ${this.#namespace.name} does not catch up`);
      this.#onEvent();
    }, catchUpTimeoutMs);
    await new Promise<void>((done) => {
      this.#onEvent = () => {
        if (this.#failure !== undefined || this.#hasSeen(list)) done();
      };
      this.#onEvent();
    });
    clearTimeout(timer);
    this.#onEvent = () => {};
    if (this.#failure !== undefined) throw this.#failure;
  }

  #hasSeen({ items, metadata }: KubeList<Pod>): boolean {
    if (this.#lists === 0) return false;
    const listed = new Set(items.map((pod) => pod.metadata.uid));
    const isCurrent = (pod: Pod): boolean => {
      if (this.#gone.has(pod.metadata.uid)) return true;
      const seen = this.#pods.get(pod.metadata.uid);
      return seen !== undefined && version(seen) >= version(pod);
    };
    const mayBeThere = (pod: Pod): boolean =>
      listed.has(pod.metadata.uid) || version(pod) > BigInt(metadata.resourceVersion);
    return items.every(isCurrent) && [...this.#pods.values()].every(mayBeThere);
  }
}

const version = ({ metadata }: Pod): bigint => BigInt(metadata.resourceVersion);
