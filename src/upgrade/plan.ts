import { forecast } from './forecast.ts';
import { directionOf, type Leg, MODES, type Mode, PACINGS, type Pacing } from './leg.ts';
import type { Limits } from './limits.ts';
import type { PodReplacementPolicy } from './observation.ts';
import { type Envelope, envelope, route } from './route.ts';
import { bothSides, type PerSide, perSide, SIDES, sameCounts } from './side.ts';

export type Resource = 'gpus' | 'cpuMilli' | 'memoryBytes';

export const RESOURCES: readonly Resource[] = ['gpus', 'cpuMilli', 'memoryBytes'];

/** Amounts of resources; what is not known is left out. */
export type Amounts = { readonly [R in Resource]?: number };

/** What is free for the pods of a side: by resource, and in whole pods. */
export type Free = Amounts & { readonly pods?: number };

/** Pods of both sides together, and what they ask for. */
export type Load = Amounts & { readonly pods: number };

/** How long pods take: most of them, and the slowest. */
export type Span = { readonly typicalMs: number; readonly slowestMs: number };

/** What is known beside the leg itself. */
export type PlanFacts = {
  /** Of one pod. */
  readonly requests: PerSide<Amounts>;
  readonly free: PerSide<Free>;
  /** To become ready, and to be gone; only where both are known of both sides. */
  readonly times?: { readonly ready: PerSide<Span>; readonly gone: PerSide<Span> };
  readonly limits: Limits;
  readonly policy: PodReplacementPolicy;
};

/** The counts after a decision, and what may be met while they are being reached. */
export type Stage = PerSide<number> & {
  /** The fewest ready pods of both sides together. */
  readonly ready: number;
  /** The most pods of both sides together, by the spec's podReplacementPolicy. */
  readonly pods: number;
  /** The GPUs of those pods. */
  readonly gpus?: number;
  /** When the decision is made, where typical times are known. */
  readonly atMs?: number;
};

/** A peak that is more than what is free. `pods` is about whole pods: what is free may lie on too many nodes. */
export type Shortage = { readonly resource: Resource | 'pods'; readonly needed: number; readonly free: number };

export type Plan = {
  readonly mode: Mode;
  readonly pacing: Pacing;
  readonly step: PerSide<number>;
  readonly from: PerSide<number>;
  readonly to: PerSide<number>;
  /** `spec.replicas` after each decision, as `route` has them. */
  readonly waypoints: readonly PerSide<number>[];
  /** One for each waypoint. */
  readonly stages: readonly Stage[];
  /** Whether it ends at the targets; limits can make that impossible. */
  readonly arrives: boolean;
  readonly blockedBy?: keyof Limits;
  /** The fewest ready pods on the whole way. */
  readonly lowestReady: number;
  /** The most of everything on the whole way; not all of it need be at one moment. */
  readonly peak: Load;
  /** The peak over what the counts at the beginning take. */
  readonly extra: Load;
  readonly envelope: Envelope;
  /** Whether there is room for what it takes more than now. */
  readonly room: 'not-needed' | 'enough' | 'short' | 'unknown';
  readonly shortages: readonly Shortage[];
  /** With every pod typical, and with every pod as slow as the slowest. */
  readonly duration?: Span;
};

/**
 * The way of a leg before going it: the waypoints of an ideal cluster, and what is met between them. From (m, g) to
 * (m′, g′) no fewer than min(m,m′) + min(g,g′) are ready, and no more than max(m,m′) + max(g,g′) exist.
 *
 * scaleOutPriority, step 3, 30 → 0 / 0 → 30, 8 GPUs a pod:
 *
 *     (30,0)  ready 30, pods 30, 240 GPUs
 *     (30,3)  ready 30, pods 33, 264 GPUs   while 3 are added
 *     (27,3)  ready 30, pods 33, 264 GPUs   while 3 are removed; they count until they are gone
 *     …       peak 33 pods and 264 GPUs: 3 and 24 more than now
 */
export const plan = (leg: Leg, facts: PlanFacts): Plan => {
  const { waypoints, arrives, blockedBy } = route(leg, facts.limits);
  const typical = forecastOf(leg, facts, 'typicalMs');
  const slowest = forecastOf(leg, facts, 'slowestMs');
  // With pods that differ a window makes more and smaller decisions than the ideal cluster asks for.
  const sameWay =
    typical?.waypoints.length === waypoints.length &&
    typical.waypoints.every((at, index) => sameCounts(at, waypoints[index] ?? at));
  const loads = waypoints.map((at, index) => loadOf(most(waypoints[index - 1] ?? at, at), facts.requests));
  const stages = waypoints.map((at, index): Stage => {
    const { pods, gpus } = loads[index] ?? loadOf(at, facts.requests);
    const atMs = sameWay ? typical.waypoints[index]?.atMs : undefined;
    return {
      ...at,
      ready: bothSides(least(waypoints[index - 1] ?? at, at)),
      pods,
      ...(gpus === undefined ? {} : { gpus }),
      ...(atMs === undefined ? {} : { atMs }),
    };
  });
  const peak = loads.reduce((a, b) => combined(a, b, Math.max));
  const extra = combined(peak, loadOf(leg.from, facts.requests), (a, b) => a - b);
  return {
    mode: leg.mode,
    pacing: leg.pacing,
    step: leg.step,
    from: leg.from,
    to: leg.to,
    waypoints,
    stages,
    arrives,
    ...(blockedBy === undefined ? {} : { blockedBy }),
    lowestReady: stages.reduce((lowest, { ready }) => Math.min(lowest, ready), Number.POSITIVE_INFINITY),
    peak,
    extra,
    envelope: envelope(leg),
    ...roomFor(extra, freeFor(leg, facts.free)),
    ...(arrives && typical !== undefined && slowest !== undefined
      ? { duration: { typicalMs: typical.durationMs, slowestMs: slowest.durationMs } }
      : {}),
  };
};

/** The same leg in every mode and pacing. */
export const planAll = (leg: Leg, facts: PlanFacts): readonly Plan[] =>
  MODES.flatMap((mode) => PACINGS.map((pacing) => plan({ ...leg, mode, pacing }, facts)));

/** What of a plan is shown beside others. */
export const withoutStages = (whole: Plan): Omit<Plan, 'stages'> => {
  const { stages: _, ...rest } = whole;
  return rest;
};

const forecastOf = (leg: Leg, { times, limits, policy }: PlanFacts, which: keyof Span) => {
  if (times === undefined) return undefined;
  const readyMs = perSide((side) => times.ready[side][which]);
  const goneMs = perSide((side) => times.gone[side][which]);
  return forecast(leg, { readyMs, goneMs }, limits, policy);
};

const most = (a: PerSide<number>, b: PerSide<number>): PerSide<number> => perSide((side) => Math.max(a[side], b[side]));

const least = (a: PerSide<number>, b: PerSide<number>): PerSide<number> =>
  perSide((side) => Math.min(a[side], b[side]));

const loadOf = (counts: PerSide<number>, requests: PerSide<Amounts>): Load => ({
  pods: bothSides(counts),
  ...amountsOf((resource) => {
    const [main, grey] = [requests.main[resource], requests.grey[resource]];
    return main === undefined || grey === undefined ? undefined : counts.main * main + counts.grey * grey;
  }),
});

const combined = (a: Load, b: Load, combine: (a: number, b: number) => number): Load => ({
  pods: combine(a.pods, b.pods),
  ...amountsOf((resource) => {
    const [one, other] = [a[resource], b[resource]];
    return one === undefined || other === undefined ? undefined : combine(one, other);
  }),
});

/** The amounts that `amount` knows. */
export const amountsOf = (amount: (resource: Resource) => number | undefined): Amounts =>
  Object.fromEntries(
    RESOURCES.flatMap((resource) => {
      const known = amount(resource);
      return known === undefined ? [] : [[resource, known]];
    }),
  );

const less = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : Math.min(a, b);

/** What is free for the pods that a leg adds; where both sides add, the less of both. */
const freeFor = (leg: Leg, free: PerSide<Free>): Free => {
  const [first = {}, second = first] = SIDES.filter((side) => directionOf(leg, side) === 'adds').map(
    (side) => free[side],
  );
  const pods = less(first.pods, second.pods);
  return {
    ...amountsOf((resource) => less(first[resource], second[resource])),
    ...(pods === undefined ? {} : { pods }),
  };
};

const roomFor = (extra: Load, free: Free): Pick<Plan, 'room' | 'shortages'> => {
  const needs = ([...RESOURCES, 'pods'] as const).filter((resource) => (extra[resource] ?? 0) > 0);
  if (needs.length === 0) return { room: 'not-needed', shortages: [] };
  const known = needs.flatMap((resource): Shortage[] => {
    const [needed, has] = [extra[resource], free[resource]];
    return needed === undefined || has === undefined ? [] : [{ resource, needed, free: has }];
  });
  const shortages = known.filter(({ needed, free: has }) => needed > has);
  if (shortages.length > 0) return { room: 'short', shortages };
  return { room: known.length > 0 ? 'enough' : 'unknown', shortages };
};
