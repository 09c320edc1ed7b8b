import { courseOf, type Course, type Eta, etaOf } from '../upgrade/eta.ts';
import type { Leg } from '../upgrade/leg.ts';
import type { Observation } from '../upgrade/observation.ts';
import { isSameJson } from '../upgrade/same-json.ts';
import { type PerSide, perSide, sameCounts } from '../upgrade/side.ts';
import type { UpgradeSpec } from '../upgrade/spec.ts';
import { graceMsOf } from './capacity.ts';
import type { SideObjects } from './observe.ts';
import { readyTimesOf } from './ready-times.ts';

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

  /** `idleMs`: since progress was last made. Undefined where no pod is ready to learn from, or the leg cannot arrive. */
  eta(leg: Leg, seen: Observation, objects: PerSide<SideObjects>, idleMs: number): Eta | undefined {
    const learnt = perSide((side) => bucketOf(seen[side].ready));
    const isKnown = this.#learnt !== undefined && sameCounts(learnt, this.#learnt) && isSameJson(leg, this.#leg);
    this.#leg = leg;
    if (!isKnown) {
      this.#learnt = learnt;
      this.#course = courseOf(leg, {
        starts: perSide((side) => startsOf(objects[side])),
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

const startsOf = (objects: SideObjects) => {
  const times = readyTimesOf(objects);
  return times && { leastMs: times.samplesMs[0] ?? times.medianMs, typicalMs: times.medianMs, mostMs: times.longestMs };
};
