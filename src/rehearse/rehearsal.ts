import type { Scenario } from '../cluster/virtual/scenario.ts';
import type { Mishap } from '../spec/mishap.ts';
import { beginLeg, type Leg, MODES, PACINGS, wayOf } from '../upgrade/leg.ts';
import type { CurvePoint } from '../upgrade/curve.ts';
import {
  type Alternative,
  durationsOf,
  exampleOf,
  type Rehearsed,
  type RehearsedRun,
  type RehearsedWay,
  summarize,
} from '../upgrade/rehearsal.ts';
import { blockedByLimits } from '../upgrade/refusal.ts';
import { envelope } from '../upgrade/route.ts';
import { type PerSide, perSide, SIDES, sameCounts } from '../upgrade/side.ts';
import type { UpgradeSpec } from '../upgrade/spec.ts';
import { eachSeed } from './each-seed.ts';
import type { Performance, Performer } from './rehearse-run.ts';
import { withMishaps } from './with-mishaps.ts';

export type RehearsalOptions = {
  readonly seeds: number;
  readonly mishaps: readonly Mishap[];
  /** Also every mode and pacing, each with these steps; without any, with half the spec's step, with it, and with twice. */
  readonly allModes?: { readonly steps: readonly number[] };
  /** They do the runs, each one at a time; the answer is the same however many they are. */
  readonly performers: readonly Performer[];
  /** Called before each run. */
  readonly onRun: (done: number, all: number) => void;
};

export type Rehearsal = RehearsedWay &
  Rehearsed & {
    readonly from: PerSide<number>;
    readonly to: PerSide<number>;
    readonly floor: number;
    readonly ceiling: number;
    readonly seeds: { readonly first: number; readonly count: number };
    readonly example: RehearsedRun & { readonly curve: readonly CurvePoint[] };
    readonly durationsMs: readonly number[];
    readonly alternatives?: readonly Alternative[];
  };

/** Of so many of the first runs the curve is kept; another that is to be shown is done once more. */
const MOST_CURVES = 100;

/**
 * Runs the upgrade of a spec on the cluster of a scenario, once for each seed from the scenario's own on. The pods of one
 * seed take the same times in every mode, so that modes can be compared. Throws RehearsalRefused and MishapImpossible.
 */
export const rehearse = async (
  scenario: Scenario,
  spec: UpgradeSpec,
  options: RehearsalOptions,
): Promise<Rehearsal> => {
  const from = perSide((side) => replicasIn(scenario, spec, side));
  const leg = beginLeg(from, spec.targets, spec.way);
  const ways = options.allModes === undefined ? [] : waysOf(leg, options.allModes.steps);
  const blocked = (way: RehearsedWay) => blockedByLimits({ ...leg, ...way }, spec.limits)?.limit;
  const others = ways.filter((way) => !isWayOf(leg, way) && blocked(way) === undefined);
  const all = (1 + others.length) * options.seeds;
  const rehearseOne = (perform: Performer, { mode, pacing, step }: RehearsedWay, seed: number, withCurve = false) =>
    perform(
      withMishaps({ ...scenario, seed }, options.mishaps, spec),
      { ...spec, way: { mode, pacing, step } },
      { withCurve },
    );
  let done = 0;
  const runAll = async (way: RehearsedWay, curves = 0): Promise<readonly Performance[]> => {
    const before = done;
    const runs = await eachSeed(options.seeds, options.performers, (index, performer) => {
      options.onRun(before + index, all);
      return rehearseOne(performer, way, scenario.seed + index, index < curves);
    });
    done += options.seeds;
    return runs;
  };
  const own = await runAll(leg, MOST_CURVES);
  const example = exampleOf(own);
  const [performer] = options.performers;
  if (example === undefined || performer === undefined) throw new Error('a rehearsal takes a seed and a performer');
  const { curve = [] } = example.curve ? example : await rehearseOne(performer, leg, example.seed, true);
  const alternatives: Alternative[] = [];
  for (const way of ways) {
    const blockedBy = blocked(way);
    if (blockedBy !== undefined) alternatives.push({ ...way, blockedBy });
    else alternatives.push({ ...way, ...summarize(isWayOf(leg, way) ? own : await runAll(way)) });
  }
  const { minReady, maxExisting } = envelope(leg);
  return {
    mode: leg.mode,
    pacing: leg.pacing,
    step: leg.step,
    from,
    to: leg.to,
    floor: minReady,
    ceiling: maxExisting,
    seeds: { first: scenario.seed, count: options.seeds },
    ...summarize(own),
    example: { ...example, curve },
    durationsMs: durationsOf(own),
    ...(options.allModes === undefined ? {} : { alternatives }),
  };
};

const replicasIn = ({ deployments }: Scenario, spec: UpgradeSpec, side: 'main' | 'grey'): number => {
  const { namespace, name } = spec.deployments[side];
  return deployments.find((each) => each.namespace === namespace && each.name === name)?.replicas ?? 0;
};

/** Every mode and pacing with every step, the spec's own way among them. */
const waysOf = (leg: Leg, steps: readonly number[]): readonly RehearsedWay[] => {
  const wanted =
    steps.length > 0 ? steps.map((step) => perSide(() => step)) : [scaled(leg, 0.5), leg.step, scaled(leg, 2)];
  const distinct = [...wanted, leg.step].filter(
    (step, at, all) => all.findIndex((other) => sameCounts(step, other)) === at,
  );
  const sorted = distinct.toSorted((a, b) => a.main + a.grey - (b.main + b.grey));
  return MODES.flatMap((mode) => PACINGS.flatMap((pacing) => sorted.map((step) => ({ mode, pacing, step }))));
};

/** The step times so much, at least 1 and at most the whole way. */
const scaled = (leg: Leg, by: number): PerSide<number> =>
  perSide((side) =>
    Math.max(1, Math.min(Math.ceil(leg.step[side] * by), Math.max(...SIDES.map((each) => wayOf(leg, each))))),
  );

const isWayOf = (leg: Leg, { mode, pacing, step }: RehearsedWay): boolean =>
  mode === leg.mode && pacing === leg.pacing && sameCounts(step, leg.step);
