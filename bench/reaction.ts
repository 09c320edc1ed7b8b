import { decide } from '../src/upgrade/decide.ts';
import type { Leg } from '../src/upgrade/leg.ts';
import type { SideObservation } from '../src/upgrade/observation.ts';
import { percentile } from '../src/upgrade/rehearsal.ts';
import { type PerSide, perSide, SIDES, type Side } from '../src/upgrade/side.ts';
import type { Happening } from './happenings.ts';
import type { Figure } from './report.ts';

/** How long it took, in ms, each time. */
export type Reactions = {
  /** From the moment at which a replica was due, by the rule and the pods as the API server had them, to the write that asked for it. */
  readonly writesMs: readonly number[];
  /** From a pod that became ready until Kubernetes' own controllers wrote it into the status of the Deployment. */
  readonly statusMs: readonly number[];
};

/**
 * Plays what happened to both Deployments of an upgrade through the rule: so it is known when each replica was due, whatever
 * the driver knew of it then. What is due from the beginning is left out; and no pod may have failed on the way.
 */
export const reactionsOf = (leg: Leg, happenings: PerSide<readonly Happening[]>): Reactions => {
  const seen = perSide((side): { -readonly [K in keyof SideObservation]: SideObservation[K] } => {
    const { [side]: replicas } = leg.from;
    return { asked: replicas, ready: replicas, existing: replicas, terminating: 0 };
  });
  /** Since when each replica of a side's way is due; NaN from the beginning. */
  const dueSinceMs = perSide((): number[] => []);
  const due = (side: Side, replicas: number, atMs: number): void => {
    const way = Math.abs(replicas - leg.from[side]);
    while (dueSinceMs[side].length < way) dueSinceMs[side].push(atMs);
  };
  const decided = (atMs: number): void => {
    for (const { side, to } of decide(leg, seen).scales) due(side, to, atMs);
  };
  decided(Number.NaN);
  const writesMs: number[] = [];
  const happened = SIDES.flatMap((side) => happenings[side].map((happening) => ({ ...happening, side })));
  for (const { side, ...happening } of happened.toSorted((a, b) => a.atMs - b.atMs)) {
    const { atMs } = happening;
    const now = seen[side];
    if (happening.what === 'ready') now.ready += 1;
    if (happening.what === 'gone') now.existing -= 1;
    if (happening.what === 'asked') {
      // A watch may tell of a pod before the server has noted that it has answered.
      due(side, happening.replicas, atMs);
      const [before, after] = [now.asked, happening.replicas].map((asked) => Math.abs(asked - leg.from[side]));
      for (const since of dueSinceMs[side].slice(before, after)) writesMs.push(atMs - since);
      now.asked = happening.replicas;
    }
    decided(atMs);
  }
  return {
    writesMs: writesMs.filter((ms) => !Number.isNaN(ms)),
    statusMs: SIDES.flatMap((side) => statusLagsMs(leg.from[side], happenings[side])),
  };
};

/** Of the pods that are gone it says nothing: a status counts them out before they are. */
const statusLagsMs = (before: number, happenings: readonly Happening[]): readonly number[] => {
  const shown = happenings.filter(({ what }) => what === 'shown');
  return happenings
    .filter(({ what }) => what === 'ready')
    .flatMap(({ atMs }, index): number[] => {
      const first = shown.find((each) => each.what === 'shown' && each.ready > before + index);
      return first === undefined ? [] : [Math.max(0, first.atMs - atMs)];
    });
};

export type Spread = { readonly p50: number; readonly p99: number };

export const spreadOf = (values: readonly number[]): Spread => {
  const sorted = values.toSorted((a, b) => a - b);
  return { p50: percentile(sorted, 0.5) ?? Number.NaN, p99: percentile(sorted, 0.99) ?? Number.NaN };
};

/** The goal of the median, over that of Kubernetes' own controllers. */
const P50_OVER_STATUS_MS = 10;
const P99_MS = 50;

/** How soon writes follow, with the goals beside, and how soon Kubernetes' own controllers show a ready pod. */
export const reactionFigures = (of: string, reaction: Spread, statusLag: Spread): readonly Figure[] => [
  {
    what: `${of}: from a replica that is due to its write, median`,
    measured: reaction.p50,
    unit: 'ms',
    goal: statusLag.p50 + P50_OVER_STATUS_MS,
  },
  { what: `${of}: from a replica that is due to its write, p99`, measured: reaction.p99, unit: 'ms', goal: P99_MS },
  { what: `${of}: from a ready pod to the status of the Deployment, median`, measured: statusLag.p50, unit: 'ms' },
  { what: `${of}: from a ready pod to the status of the Deployment, p99`, measured: statusLag.p99, unit: 'ms' },
];
