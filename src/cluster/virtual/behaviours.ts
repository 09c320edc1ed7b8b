import type { ObjectRef } from '../port.ts';
import { keyOf } from './key.ts';
import type { Plane } from './plane.ts';
import type { Random } from './random.ts';
import type { DeploymentSetup, Failure } from './scenario.ts';

/** What will become of one pod. */
export type PodPlan = {
  readonly readyAfterMs: number;
  readonly terminationMs: number;
  readonly failure?: Failure;
};

type Behaviour = {
  readonly setup: Pick<DeploymentSetup, 'readyAfter' | 'termination' | 'failures'>;
  readonly random: Random;
};

/** How pods behave of which nobody said anything. */
const UNKNOWN: Behaviour['setup'] = {
  readyAfter: { kind: 'fixed', ms: 1000 },
  termination: { kind: 'fixed', ms: 1000 },
  failures: [],
};

/** How the pods of each Deployment behave. Each has a stream of chance of its own, so that none changes another. */
export class Behaviours {
  readonly #plane: Plane;
  readonly #deployments = new Map<string, Behaviour & { made: number }>();

  constructor(plane: Plane) {
    this.#plane = plane;
  }

  set(setup: DeploymentSetup): void {
    this.#deployments.set(keyOf({ metadata: setup }), { setup, random: this.#random(setup), made: 0 });
  }

  /** Of the next pod of a Deployment. What happens to the others never changes what is drawn for it. */
  next(deployment: ObjectRef): PodPlan {
    const key = keyOf({ metadata: deployment });
    const known = this.#deployments.get(key) ?? { setup: UNKNOWN, random: this.#random(deployment), made: 0 };
    this.#deployments.set(key, known);
    known.made += 1;
    const { setup, random, made } = known;
    const plan = { readyAfterMs: random.draw(setup.readyAfter), terminationMs: random.draw(setup.termination) };
    if (setup.failures.length === 0) return plan;
    const lots = setup.failures.map((failure) => isMeant(failure, made, random.next()));
    const failure = setup.failures.find((_, i) => lots[i]);
    return failure === undefined ? plan : { ...plan, failure };
  }

  #random(deployment: ObjectRef): Random {
    return this.#plane.random(`pods of ${keyOf({ metadata: deployment })}`);
  }
}

/** Whether a failure is that of the pod with this number. */
const isMeant = ({ pods, share }: Failure, number: number, lot: number): boolean => {
  if (pods !== undefined) return pods.includes(number);
  return share === undefined || lot < share;
};
