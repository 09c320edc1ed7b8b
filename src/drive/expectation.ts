import { courseOf, type Course, type Eta, etaOf } from '../upgrade/eta.ts';
import type { Standing } from '../upgrade/events.ts';
import { isSlowOnly } from '../upgrade/health.ts';
import type { Leg } from '../upgrade/leg.ts';
import type { Observation } from '../upgrade/observation.ts';
import { isSameJson } from '../upgrade/same-json.ts';
import { type PerSide, perSide, sameCounts } from '../upgrade/side.ts';
import type { UpgradeSpec } from '../upgrade/spec.ts';
import { graceMsOf } from './capacity.ts';
import type { SideObjects } from './observe.ts';
import { startTimesOf } from './ready-times.ts';

/** What is waited for, what keeps it, and for how long nothing has come of it. */
type Wait = Pick<Standing, 'waiting' | 'causes'> & { readonly idleMs: number };

/** What is left of an upgrade, by the start times of its pods so far. It remembers the forecast, which takes time. */
export class Expectation {
  readonly #spec: Pick<UpgradeSpec, 'limits' | 'podReplacementPolicy'>;
  #course: Course | undefined;
  /** What the forecast was made of. */
  #leg: Leg | undefined;
  #learnt: PerSide<number> | undefined;

  constructor(spec: Pick<UpgradeSpec, 'limits' | 'podReplacementPolicy'>) {
    this.#spec = spec;
  }

  /**
   * `idleMs`: since progress was last made. Undefined where no pod is ready to learn from, where the leg cannot arrive, and
   * where more than time is needed: nobody knows how long pods take that cannot be scheduled, or crash.
   */
  eta(leg: Leg, seen: Observation, objects: PerSide<SideObjects>, { idleMs, waiting, causes }: Wait): Eta | undefined {
    if (causes.some((cause) => !isSlowOnly(cause) && waiting.some(({ side }) => side === cause.side))) return undefined;
    const learnt = perSide((side) => bucketOf(seen[side].ready));
    const isKnown = this.#learnt !== undefined && sameCounts(learnt, this.#learnt) && isSameJson(leg, this.#leg);
    this.#leg = leg;
    if (!isKnown) {
      this.#learnt = learnt;
      this.#course = courseOf(leg, {
        starts: perSide((side) => startTimesOf(objects[side])),
        graceMs: perSide((side) => graceMsOf(objects[side])),
        limits: this.#spec.limits,
        policy: this.#spec.podReplacementPolicy,
      });
    }
    return this.#course && etaOf(leg, this.#course, seen, idleMs);
  }
}

/** A leg is forecast anew when there are twice as many ready pods to learn from: a forecast of a long one takes a while. */
const bucketOf = (pods: number): number => Math.floor(Math.log2(pods + 1));
