import type { CurvePoint } from './curve.ts';
import type { Reason } from './health.ts';
import type { Mode, Pacing } from './leg.ts';
import type { Limits } from './limits.ts';
import type { Refusal } from './refusal.ts';
import type { PerSide, Side } from './side.ts';
import type { DeploymentRef } from './spec.ts';

/** How a rehearsed run ended. `never-ends`: not in any time that somebody would wait. */
export type RehearsedEnd =
  | { readonly kind: 'reached' }
  | {
      readonly kind: 'ended';
      /** As the outcome of a real run has it: `stuck`, `foreign-write`, … */
      readonly outcome: string;
      readonly reason: Reason;
      /** Whose pods were waited for, and what Kubernetes says of one, where pods are the cause. */
      readonly side?: Side;
      readonly message?: string;
    }
  | { readonly kind: 'never-ends'; readonly afterMs: number };

/** One run of an upgrade on a virtual cluster: all of one seed. */
export type RehearsedRun = {
  readonly seed: number;
  readonly end: RehearsedEnd;
  readonly durationMs: number;
  /** The fewest ready pods, the most pods and the most GPUs of both sides together, by the cluster's own events. */
  readonly lowestReady: number;
  readonly highestPods: number;
  readonly peakGpus: number;
  readonly writes: number;
  /** `spec.replicas` at the end. */
  readonly counts: PerSide<number>;
};

/** Runs that ended alike, short of the targets. */
export type Shortfall = {
  readonly end: Exclude<RehearsedEnd, { readonly kind: 'reached' }>;
  readonly runs: number;
  /** A run that ended so: `--seed` and one seed show it again. */
  readonly seed: number;
  /** Where that run stood in the end, and when. */
  readonly counts: PerSide<number>;
  readonly atMs: number;
};

/** What all runs of one way came to. */
export type Rehearsed = {
  readonly runs: number;
  readonly reached: number;
  /** Of the runs that reached the targets; left out where none did. */
  readonly durations?: { readonly p50Ms: number; readonly p90Ms: number; readonly worstMs: number };
  readonly lowestReady: number;
  readonly highestPods: number;
  readonly peakGpus: number;
  /** The commonest first. */
  readonly shortfalls: readonly Shortfall[];
};

export type RehearsedWay = { readonly mode: Mode; readonly pacing: Pacing; readonly step: PerSide<number> };

/** One of several ways: what its runs came to, or the limit that ends it short of the targets whatever pods do. */
export type Alternative = RehearsedWay &
  (({ readonly blockedBy?: never } & Rehearsed) | { readonly blockedBy: keyof Limits });

/** What a rehearsal takes for granted: what nobody may or can know, and what would take too long. */
export type Assumption =
  /** Whatever is asked for is free; but for GPUs, where it is said how many are. `message`: why nodes could not be read. */
  | { readonly kind: 'room'; readonly butForGpus: boolean; readonly message?: string }
  /** Pods of a side take as long to become ready as those of the other, of which some run. */
  | { readonly kind: 'ready-as-other'; readonly side: Side }
  /** A removed pod takes its whole grace period. */
  | { readonly kind: 'grace-period'; readonly ms: PerSide<number> }
  /** There are so many pods that they become ready, and go, only every so often. */
  | { readonly kind: 'grain'; readonly everyMs: number };

/** Everything that `dupgrade rehearse` shows; `-o json` prints it as it is. */
export type RehearsalReport = {
  readonly name: string;
  readonly namespace: string;
  readonly deployments: PerSide<DeploymentRef>;
  /** What it was rehearsed on: a scenario file, a copy of the cluster, or what the command line says. */
  readonly source: 'scenario' | 'cluster' | 'given';
  readonly from: PerSide<number>;
  readonly to: PerSide<number>;
  readonly limits: Limits;
  readonly seeds: { readonly first: number; readonly count: number };
  /** What was made to fail, as it was given. */
  readonly failures: readonly string[];
  readonly assumptions: readonly Assumption[];
  /** What `start` would refuse on the cluster. */
  readonly obstacles: readonly Refusal[];
  /** Between what a run stays, as long as pods do not fail by themselves. */
  readonly floor: number;
  readonly ceiling: number;
  /** The run in the middle: of those that reached the targets by duration, else one that did not. */
  readonly example: RehearsedRun & { readonly curve: readonly CurvePoint[] };
  /** All durations in ms, of the runs that reached the targets, the shortest first. */
  readonly durationsMs: readonly number[];
  /** Other modes, pacings and steps, with `--all-modes`; the spec's own is among them. */
  readonly alternatives?: readonly Alternative[];
} & RehearsedWay &
  Rehearsed;

/** What runs came to together. Takes at least one. */
export const summarize = (runs: readonly RehearsedRun[]): Rehearsed => {
  const durations = durationsOf(runs);
  const [p50Ms, p90Ms, worstMs] = [0.5, 0.9, 1].map((share) => percentile(durations, share));
  return {
    runs: runs.length,
    reached: durations.length,
    ...(p50Ms === undefined || p90Ms === undefined || worstMs === undefined
      ? {}
      : { durations: { p50Ms, p90Ms, worstMs } }),
    lowestReady: least(runs.map(({ lowestReady }) => lowestReady)),
    highestPods: most(runs.map(({ highestPods }) => highestPods)),
    peakGpus: most(runs.map(({ peakGpus }) => peakGpus)),
    shortfalls: shortfallsOf(runs),
  };
};

const least = (counts: readonly number[]): number => counts.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);

const most = (counts: readonly number[]): number => counts.reduce((a, b) => Math.max(a, b), 0);

export const durationsOf = (runs: readonly RehearsedRun[]): readonly number[] =>
  runs
    .filter(({ end }) => end.kind === 'reached')
    .map(({ durationMs }) => durationMs)
    .toSorted((a, b) => a - b);

/**
 * The least of the values that at least `share` of them do not exceed (nearest rank: no value is made up). Of 1, 2, 3, 4:
 * 0.5 is 2, 0.9 is 4. Takes them sorted; undefined of none.
 */
export const percentile = (sorted: readonly number[], share: number): number | undefined =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];

const shortfallsOf = (runs: readonly RehearsedRun[]): readonly Shortfall[] => {
  const alike = new Map<string, Shortfall>();
  for (const { seed, end, counts, durationMs } of runs) {
    if (end.kind === 'reached') continue;
    const key = end.kind === 'never-ends' ? end.kind : `${end.outcome} ${end.reason} ${end.side}`;
    const known = alike.get(key) ?? { end, runs: 0, seed, counts, atMs: durationMs };
    alike.set(key, { ...known, runs: known.runs + 1 });
  }
  return [...alike.values()].toSorted((a, b) => b.runs - a.runs);
};

/** The run that stands for all: of those that reached the targets the one of the median duration, else the first. */
export const exampleOf = <T extends RehearsedRun>(runs: readonly T[]): T | undefined => {
  const median = percentile(durationsOf(runs), 0.5);
  return runs.find(({ end, durationMs }) => end.kind === 'reached' && durationMs === median) ?? runs[0];
};
