import { type Cluster, ClusterError, type Follower, type Namespace } from '../cluster/port.ts';
import type { UpgradeSpec } from '../upgrade/spec.ts';
import { missingAccess } from './access.ts';
import { namespacesOf } from './rights.ts';

/**
 * Follows the namespaces of an upgrade. One that is to be deleted says so at once, where nothing in it does for the first five
 * seconds. None of it is needed: where it may not be followed, its end is noticed later (`Departure`).
 */
export class Namespaces {
  readonly #cluster: Cluster;
  readonly #spec: UpgradeSpec;
  readonly #leaving: (namespace: string) => void;
  readonly #followers: Follower<Namespace>[] = [];
  #isClosed = false;

  /** `leaving` is called with the name of one that is being deleted. */
  constructor(cluster: Cluster, spec: UpgradeSpec, leaving: (namespace: string) => void) {
    this.#cluster = cluster;
    this.#spec = spec;
    this.#leaving = leaving;
  }

  /** Resolves when it follows what it may. */
  async open(): Promise<void> {
    try {
      const missing = await missingAccess(this.#cluster, this.#spec, 'notice');
      if (missing.length === 0) await Promise.all(namespacesOf(this.#spec).map((name) => this.#follow(name)));
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const follower of this.#followers) follower.close();
  }

  #follow(name: string): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    const follower = this.#cluster.follow('namespaces', { name }, (changes) => {
      if (changes.some(({ object }) => object.metadata.deletionTimestamp !== undefined)) this.#leaving(name);
    });
    this.#followers.push(follower);
    return follower.synced;
  }
}
