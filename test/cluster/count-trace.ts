import { applyChange, follow, type KubeList } from './follow.ts';
import type { Deployment } from './objects.ts';
import type { TestNamespace } from './workload.ts';

export const MAIN = 'server-v1';
export const GREY = 'server-v2';

const TIMEOUT_MS = 30_000;

export type Counts = readonly [main: number, grey: number];

/**
 * What both sides were asked for, one state after the other, by a watch on the Deployments. The audit log does not say so of
 * a write whose asker went away before the answer (it has the same 504 for one that was done and for one that was not), nor
 * of those that an API server had when it was killed.
 */
export class CountTrace {
  readonly #namespace: TestNamespace;
  readonly #deployments = new Map<string, Deployment>();
  readonly #counts: Counts[] = [];
  readonly #end = new AbortController();
  readonly #following: Promise<void>;
  #changed = (): void => {};

  private constructor(namespace: TestNamespace) {
    this.#namespace = namespace;
    this.#following = follow<Deployment>(
      namespace.client,
      namespace.path('deployments'),
      {},
      (change) => {
        applyChange(this.#deployments, change);
        this.#note(this.#asked(MAIN), this.#asked(GREY));
      },
      this.#end.signal,
    );
  }

  /** Starts watching; resolves when it knows what both sides are asked for now. */
  static async of(namespace: TestNamespace): Promise<CountTrace> {
    const trace = new CountTrace(namespace);
    try {
      await trace.#until(() => trace.#counts.length > 0);
    } catch (error) {
      await trace.close();
      throw error;
    }
    return trace;
  }

  /** All of them, up to what is there when this is called; ends the watch. Rejects when the watch does not get there. */
  async upToNow(): Promise<readonly Counts[]> {
    try {
      const { items } = await this.#namespace.client.get<KubeList<Deployment>>(this.#namespace.path('deployments'));
      await this.#until(() => items.every((listed) => this.#hasSeen(listed)));
    } finally {
      await this.close();
    }
    return this.#counts;
  }

  async close(): Promise<void> {
    this.#end.abort();
    await this.#following.catch(() => undefined);
  }

  async #until(holds: () => boolean): Promise<void> {
    const reached = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      const seen = this.#counts.map((counts) => counts.join()).join(' ');
      reached.reject(new Error(`the watch of the Deployments does not get there, it has seen: ${seen || 'nothing'}`));
    }, TIMEOUT_MS);
    this.#changed = () => {
      if (holds()) reached.resolve();
    };
    this.#changed();
    try {
      await Promise.race([reached.promise, this.#following]);
    } finally {
      clearTimeout(timer);
    }
  }

  #hasSeen({ metadata: { uid, resourceVersion } }: Deployment): boolean {
    const seen = this.#deployments.get(uid)?.metadata.resourceVersion;
    return seen !== undefined && BigInt(seen) >= BigInt(resourceVersion);
  }

  #asked(name: string): number | undefined {
    return [...this.#deployments.values()].find(({ metadata }) => metadata.name === name)?.spec.replicas;
  }

  #note(main: number | undefined, grey: number | undefined): void {
    if (main === undefined || grey === undefined) return;
    if (this.#counts.at(-1)?.join() !== [main, grey].join()) this.#counts.push([main, grey]);
    this.#changed();
  }
}
