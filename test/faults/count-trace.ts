import { applyChange, follow } from '../cluster/follow.ts';
import type { Deployment } from '../cluster/objects.ts';
import { GREY, MAIN } from '../cluster/upgrade.ts';
import type { TestNamespace } from '../cluster/workload.ts';

type Counts = readonly [main: number, grey: number];

/**
 * What both sides were asked for, one state after the other, by a watch on the Deployments. The audit log of an API server
 * that is killed does not say what became of the requests that it had.
 */
export class CountTrace {
  readonly #counts: Counts[] = [];
  readonly #end = new AbortController();
  readonly #following: Promise<void>;
  #changed = (): void => {};

  constructor(namespace: TestNamespace) {
    const deployments = new Map<string, Deployment>();
    this.#following = follow<Deployment>(
      namespace.client,
      namespace.path('deployments'),
      {},
      (change) => {
        applyChange(deployments, change);
        const asked = (name: string): number | undefined =>
          [...deployments.values()].find(({ metadata }) => metadata.name === name)?.spec.replicas;
        this.#note(asked(MAIN), asked(GREY));
      },
      this.#end.signal,
    );
  }

  /** All of them, up to the state that is there now, as is known from elsewhere. Rejects when the watch does not get there. */
  async upTo(last: Counts): Promise<readonly Counts[]> {
    const timer = setTimeout(() => this.#end.abort(), 30_000);
    const reached = new Promise<void>((done) => {
      this.#changed = () => {
        if (this.#counts.at(-1)?.join() === last.join()) done();
      };
      this.#changed();
    });
    await Promise.race([reached, this.#following]);
    clearTimeout(timer);
    this.#end.abort();
    await this.#following;
    return this.#counts;
  }

  #note(main: number | undefined, grey: number | undefined): void {
    if (main === undefined || grey === undefined) return;
    if (this.#counts.at(-1)?.join() !== [main, grey].join()) this.#counts.push([main, grey]);
    this.#changed();
  }
}
