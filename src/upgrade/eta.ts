import { forecast, type Forecast } from './forecast.ts';
import type { Leg } from './leg.ts';
import type { Limits } from './limits.ts';
import type { Observation, PodReplacementPolicy } from './observation.ts';
import { type PerSide, perSide, type Side } from './side.ts';

/** How long pods took to become ready: the quickest, the median and the slowest that were seen. */
export type StartTimes = { readonly leastMs: number; readonly typicalMs: number; readonly mostMs: number };

/** How long a leg takes yet, where pods go on to start as those did that were seen. */
export type Eta = StartTimes;

/** What a leg is forecast by. */
export type Pace = {
  /** Of the pods of a side; undefined where none is ready. */
  readonly starts: PerSide<StartTimes | undefined>;
  /** The longest that a removed pod may take to be gone. */
  readonly graceMs: PerSide<number>;
  readonly limits: Limits;
  readonly policy: PodReplacementPolicy;
};

/** A leg from its beginning to its end, with pods of each speed. */
export type Course = { readonly [K in keyof Eta]: Forecast };

/**
 * Forecasts a whole leg. A side of which no pod is ready is taken to start as the other does; a removed pod takes nothing,
 * where all goes well, and else its grace period. Undefined where no start was seen, and where limits end the leg early.
 */
export const courseOf = (leg: Leg, { starts, graceMs, limits, policy }: Pace): Course | undefined => {
  const other: PerSide<Side> = { main: 'grey', grey: 'main' };
  const own = perSide((side) => starts[side] ?? starts[other[side]]);
  const { main, grey } = own;
  if (main === undefined || grey === undefined) return undefined;
  const times = { main, grey };
  const by = (speed: keyof Eta): Forecast => {
    const goneMs = perSide((side) => (speed === 'leastMs' ? 0 : graceMs[side]));
    return forecast(leg, { readyMs: perSide((side) => times[side][speed]), goneMs }, limits, policy);
  };
  const course = { leastMs: by('leastMs'), typicalMs: by('typicalMs'), mostMs: by('mostMs') };
  return course.typicalMs.arrives ? course : undefined;
};

/**
 * What is left of a leg that is under way, by how many replicas have been asked for, and for how long nothing has come of
 * it. 30 → 0 / 0 → 30, step 3, starts of 60 s and nothing to be gone: 10 steps, 600 s.
 *
 *     grey 3, main 30, 0 s since     600 s left
 *     grey 3, main 30, 45 s since    555 s
 *     grey 3, main 30, 90 s since    540 s: it is late by 30 s, and all that follows with it
 *     grey 30, main 3, 0 s since      60 s
 *     grey 3, main 30, 121 s since   not known: it takes more than twice as long as the slowest did
 */
export const etaOf = (leg: Leg, course: Course, seen: Observation, idleMs: number): Eta | undefined => {
  const asked = askedTotal(leg, { main: seen.main.asked, grey: seen.grey.asked });
  const most = leftOf(leg, course.mostMs, asked, idleMs);
  if (idleMs > LATEST * Math.max(most.stepMs, HESITATION_MS)) return undefined;
  return {
    leastMs: leftOf(leg, course.leastMs, asked, idleMs).ms,
    typicalMs: leftOf(leg, course.typicalMs, asked, idleMs).ms,
    mostMs: most.ms,
  };
};

/** How many times as long as the slowest a step may take before what was seen says nothing of it any more. */
const LATEST = 2;

/** A cluster takes its time where pods take none. */
const HESITATION_MS = 10_000;

/** What is left, and how long the step that is waited for takes in all. */
const leftOf = (
  leg: Leg,
  { waypoints, durationMs }: Forecast,
  asked: number,
  idleMs: number,
): { readonly ms: number; readonly stepMs: number } => {
  const at = lastOf(waypoints, (each) => askedTotal(leg, each) <= asked);
  const [reached, next] = [waypoints[at], waypoints[at + 1]];
  const reachedMs = reached?.atMs ?? 0;
  const nextMs = next?.atMs ?? durationMs;
  const begun = askedTotal(leg, reached ?? leg.from);
  // Between two decisions of the forecast, since a window asks for pods one by one.
  const share = next === undefined ? 0 : (asked - begun) / (askedTotal(leg, next) - begun);
  const nowMs = reachedMs + share * (nextMs - reachedMs);
  const ms = Math.max(0, Math.round(durationMs - nowMs - Math.min(idleMs, nextMs - nowMs)));
  return { ms, stepMs: nextMs - reachedMs };
};

/** The place of the last of those that something holds of; it holds of the first, and of none after one of which it does not. */
const lastOf = <T>(items: readonly T[], holds: (item: T) => boolean): number => {
  let [at, past] = [0, items.length];
  while (past - at > 1) {
    const middle = (at + past) >> 1;
    const item = items[middle];
    if (item !== undefined && holds(item)) at = middle;
    else past = middle;
  }
  return at;
};

const askedTotal = ({ from }: Leg, { main, grey }: PerSide<number>): number =>
  Math.abs(main - from.main) + Math.abs(grey - from.grey);

/** The same some time later, when nothing has happened since. */
export const etaLater = (eta: Eta, ms: number): Eta => ({
  leastMs: Math.max(0, eta.leastMs - ms),
  typicalMs: Math.max(0, eta.typicalMs - ms),
  mostMs: Math.max(0, eta.mostMs - ms),
});
