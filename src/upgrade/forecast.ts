import { arrived, decide } from './decide.ts';
import type { Leg } from './leg.ts';
import type { Limits } from './limits.ts';
import type { Observation, PodReplacementPolicy, SideObservation } from './observation.ts';
import { bothSides, type PerSide, perSide, SIDES, type Side } from './side.ts';

/** How long every pod of a side takes to become ready, and to be gone once its deletion began. */
export type PodTimes = { readonly readyMs: PerSide<number>; readonly goneMs: PerSide<number> };

/** The pods at one moment. `existing` counts every pod that is not gone, whatever the podReplacementPolicy. */
export type CurvePoint = {
  readonly atMs: number;
  readonly main: number;
  readonly grey: number;
  /** Ready pods of both sides together. */
  readonly ready: number;
  readonly existing: number;
};

export type Forecast = {
  /** Until it has arrived; where it does not, until nothing happens any more. */
  readonly durationMs: number;
  /** Whether it ends at the leg's targets; limits can make that impossible. */
  readonly arrives: boolean;
  /** `spec.replicas` of both sides after each decision, and when it is made; begins with those of the start. */
  readonly waypoints: readonly (PerSide<number> & { readonly atMs: number })[];
  /** The pods after each write and after each time that pods became ready or were gone. */
  readonly curve: readonly CurvePoint[];
  readonly lowestReady: number;
  readonly highestExisting: number;
};

/**
 * Follows the rule over a cluster that begins settled, where pods are made and marked for deletion at once, and every pod
 * of a side takes exactly as long. The pods of one write go together, so that it takes as many turns as the rule takes
 * decisions, whatever the number of pods.
 *
 * 30 → 0 / 0 → 30, step 3, with 1 min to ready and 10 s to go:
 *
 *     scaleOutPriority     0:00 grey 3, ready at 1:00, so main 27, gone at 1:10, so grey 6 …   10 × 70 s = 11:40; 30 and 33
 *     scaleInPriority      0:00 main 27, gone at 0:10, so grey 3, ready at 1:10, so main 24 …  10 × 70 s = 11:40; 27 and 30
 *     scaleSimultaneously  0:00 both; main gone at 0:10, grey ready at 1:00, then both …       10 × 60 s = 10:00; 27 and 33
 *
 * (lowest ready and highest existing last). `batch` and `window` differ where pods of one step differ, so here hardly.
 */
export const forecast = (
  leg: Leg,
  times: PodTimes,
  limits: Limits = {},
  policy: PodReplacementPolicy = 'TerminationComplete',
): Forecast => {
  const pods = new ExactPods(leg, times, policy);
  const waypoints = [{ atMs: 0, ...leg.from }];
  const curve = [pods.point()];
  let arrivedMs: number | undefined;
  for (;;) {
    if (arrived(leg, pods.seen, leg.from)) arrivedMs ??= pods.nowMs;
    const { scales } = decide(leg, pods.seen, limits);
    if (scales.length > 0) {
      for (const { side, to } of scales) {
        pods.scale(side, to);
        curve.push(pods.point());
      }
      waypoints.push({ atMs: pods.nowMs, ...pods.asked });
    } else if (pods.next()) {
      curve.push(pods.point());
    } else {
      break;
    }
  }
  return {
    durationMs: arrivedMs ?? pods.nowMs,
    arrives: arrivedMs !== undefined,
    waypoints,
    curve,
    lowestReady: curve.reduce((lowest, { ready }) => Math.min(lowest, ready), Number.POSITIVE_INFINITY),
    highestExisting: curve.reduce((highest, { existing }) => Math.max(highest, existing), 0),
  };
};

/** Pods of one write, on their way. */
type Wave = { readonly atMs: number; readonly pods: number };

/** What a side has on its way. Every wave takes as long as the one before, so that the first to begin ends first. */
class Waves {
  #waves: Wave[] = [];
  #first = 0;

  get first(): Wave | undefined {
    return this.#waves[this.#first];
  }

  add(wave: Wave): void {
    this.#waves.push(wave);
  }

  drop(): void {
    this.#first += 1;
  }
}

type Counts = { readonly asked: number; readonly ready: number; readonly terminating: number };

/** The pods of both sides. On a leg a side only adds or only removes, so that no pod is removed before it is ready. */
class ExactPods {
  nowMs = 0;
  readonly #times: PodTimes;
  readonly #policy: PodReplacementPolicy;
  readonly #coming = perSide(() => new Waves());
  readonly #going = perSide(() => new Waves());
  #sides: PerSide<Counts>;

  constructor({ from }: Leg, times: PodTimes, policy: PodReplacementPolicy) {
    this.#times = times;
    this.#policy = policy;
    this.#sides = perSide((side) => ({ asked: from[side], ready: from[side], terminating: 0 }));
  }

  get asked(): PerSide<number> {
    return perSide((side) => this.#sides[side].asked);
  }

  get seen(): Observation {
    return perSide((side): SideObservation => {
      const { asked, ready, terminating } = this.#sides[side];
      return {
        asked,
        ready,
        terminating,
        existing: asked + (this.#policy === 'TerminationComplete' ? terminating : 0),
      };
    });
  }

  point(): CurvePoint {
    const { main, grey } = this.#sides;
    const existing = bothSides(perSide((side) => this.#sides[side].asked + this.#sides[side].terminating));
    return { atMs: this.nowMs, main: main.ready, grey: grey.ready, ready: main.ready + grey.ready, existing };
  }

  scale(side: Side, asked: number): void {
    const before = this.#sides[side];
    const added = asked - before.asked;
    if (added > 0) {
      this.#coming[side].add({ atMs: this.nowMs + this.#times.readyMs[side], pods: added });
      this.#change(side, { asked });
    } else {
      this.#going[side].add({ atMs: this.nowMs + this.#times.goneMs[side], pods: -added });
      this.#change(side, { asked, ready: before.ready + added, terminating: before.terminating - added });
    }
  }

  /** Goes on to the next moment at which pods become ready or are gone; false where none are on their way. */
  next(): boolean {
    const ends = SIDES.flatMap((side) => [this.#coming[side].first, this.#going[side].first]);
    const atMs = Math.min(...ends.map((wave) => wave?.atMs ?? Number.POSITIVE_INFINITY));
    if (atMs === Number.POSITIVE_INFINITY) return false;
    this.nowMs = atMs;
    for (const side of SIDES) {
      const { ready, terminating } = this.#sides[side];
      this.#change(side, {
        ready: ready + this.#ended(this.#coming[side]),
        terminating: terminating - this.#ended(this.#going[side]),
      });
    }
    return true;
  }

  /** Takes out the waves that have ended by now; answers with their pods. */
  #ended(waves: Waves): number {
    let pods = 0;
    for (let wave = waves.first; wave !== undefined && wave.atMs <= this.nowMs; wave = waves.first) {
      pods += wave.pods;
      waves.drop();
    }
    return pods;
  }

  #change(side: Side, change: Partial<Counts>): void {
    this.#sides = { ...this.#sides, [side]: { ...this.#sides[side], ...change } };
  }
}
