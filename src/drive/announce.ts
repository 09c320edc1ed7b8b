import type { Cluster } from '../cluster/port.ts';
import type { Side } from '../upgrade/side.ts';
import type { DeploymentRef } from '../upgrade/spec.ts';
import { type Clock, isoTime } from './clock.ts';

const COMPONENT = 'dupgrade';

/** Writes Kubernetes Events on Deployments, so that `kubectl describe` shows what was done to them, and by whom. */
export class Announcer {
  readonly #cluster: Cluster;
  readonly #clock: Clock;
  readonly #holder: string;
  readonly #failed: (message: string) => void;
  #pending = new Set<Promise<void>>();
  #count = 0;

  constructor(cluster: Cluster, clock: Clock, holder: string, failed: (message: string) => void) {
    this.#cluster = cluster;
    this.#clock = clock;
    this.#holder = holder;
    this.#failed = failed;
  }

  /** Does not wait, and does not fail: an upgrade never stands still for an Event. */
  announce(
    on: DeploymentRef & { readonly uid: string },
    reason: string,
    message: string,
    type: 'Normal' | 'Warning' = 'Normal',
  ): void {
    const time = isoTime(this.#clock);
    this.#count += 1;
    const { namespace, name, uid } = on;
    const written = this.#cluster
      .create('events', {
        metadata: { namespace, name: `${name}.${this.#clock.now().toString(16)}.${this.#count}` },
        involvedObject: { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name, uid },
        type,
        reason,
        message: `${message}, by ${this.#holder}`,
        source: { component: COMPONENT },
        reportingComponent: COMPONENT,
        reportingInstance: this.#holder.slice(0, 128),
        firstTimestamp: time,
        lastTimestamp: time,
        count: 1,
      })
      .then(
        () => undefined,
        (error: unknown) =>
          this.#failed(
            `the Event "${message}" was not written: ${error instanceof Error ? error.message : String(error)}`,
          ),
      )
      .finally(() => this.#pending.delete(written));
    this.#pending.add(written);
  }

  /** Waits for what is under way. */
  async flush(): Promise<void> {
    await Promise.all(this.#pending);
  }
}

/** What an Event says of a change of scale. */
export const scaledMessage = (upgrade: string, side: Side, from: number, to: number): string =>
  `Scaled ${side} of upgrade ${upgrade} from ${from} to ${to}`;
