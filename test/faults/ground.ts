import { freshNamespace, plane } from '../cluster/fixtures.ts';
import type { Plane } from '../cluster/plane.ts';
import { type Given, Upgrade } from '../cluster/upgrade.ts';
import type { TestNamespace } from '../cluster/workload.ts';
import { REPLICAS } from './course.ts';

/** A namespace in which one upgrade is made after the other: to make and end namespaces would cost more than the upgrades do. */
export class Ground {
  readonly #namespace: TestNamespace;
  readonly #plane: Plane;
  #isUsed = false;

  private constructor(namespace: TestNamespace, on: Plane) {
    this.#namespace = namespace;
    this.#plane = on;
  }

  static async on(some: Plane = plane): Promise<Ground> {
    return new Ground(await freshNamespace(some), some);
  }

  /** REPLICAS ready pods of main, and a grey without any. What the upgrade before has left is gone. */
  async upgrade(pods: Omit<Given, 'main' | 'grey'> = {}): Promise<Upgrade> {
    if (this.#isUsed) await this.#namespace.clear();
    this.#isUsed = true;
    return Upgrade.in(this.#namespace, { main: REPLICAS, ...pods }, this.#plane);
  }
}
