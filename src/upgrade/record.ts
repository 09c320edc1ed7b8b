import type { CurvePoint } from './curve.ts';
import type { Leg, Way } from './leg.ts';
import { type Outcome, reasonOf } from './outcome.ts';
import type { PastUpgrade } from './past.ts';
import type { PerSide, Side } from './side.ts';
import type { UpgradeSpec } from './spec.ts';

/** Whether an upgrade goes to its targets or back to the counts before its start. */
export type Course = 'forward' | 'back';

/** What people want of an upgrade. Every change counts `revision` up by one; the driver begins a new leg for it. */
export type Intent = {
  readonly revision: number;
  readonly paused: boolean;
  readonly course: Course;
  readonly targets: PerSide<number>;
  readonly way: Way;
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
};

export type Verb = 'start' | 'pause' | 'resume' | 'set-target' | 'abort' | 'rollback';

/** One thing that was done: by a person (a verb), or by the driver. */
export type JournalEntry = { readonly at: string; readonly by: string } & (
  | { readonly did: 'verb'; readonly verb: Verb; readonly targets?: PerSide<number>; readonly way?: Way }
  | { readonly did: 'scaled'; readonly side: Side; readonly from: number; readonly to: number }
  | { readonly did: 'leg'; readonly from: PerSide<number>; readonly to: PerSide<number> }
  | { readonly did: 'ended'; readonly outcome: Outcome['kind']; readonly reason?: string }
);

/** `active` until the targets of the spec are reached, or a rollback is done, or somebody aborts. */
export type Phase = 'active' | 'completed' | 'rolled-back' | 'aborted';

/** An upgrade's state in the cluster. */
export type UpgradeRecord = {
  readonly spec: UpgradeSpec;
  /** The spec file as it was given. */
  readonly source: string;
  /** What the Deployments were when the upgrade began: the same uid later is the same Deployment. */
  readonly deployments: PerSide<{
    readonly uid: string;
    /** `spec.replicas` before the start, for the way back. */
    readonly before: number;
    /** The `pod-template-hash` of its current ReplicaSet: another one is another version. */
    readonly template: string;
  }>;
  readonly startedAt: string;
  readonly startedBy: string;
  readonly phase: Phase;
  readonly endedAt?: string;
  readonly intent: Intent;
  /** The leg under way, and the revision of the intent that it serves. */
  readonly leg: Leg & { readonly revision: number; readonly arrivedAt?: string };
  /** `spec.replicas` of both sides as the driver last left them. */
  readonly asked: PerSide<number>;
  readonly tally: { readonly writes: number; readonly lowestReady: number; readonly highestPods: number };
  /** The pods over the time since `startedAt`, at most CURVE_LIMIT points. It may be some seconds behind the rest. */
  readonly curve: readonly CurvePoint[];
  /** How the last run of a driver ended; none while the first is under way. */
  readonly lastRun?: {
    readonly at: string;
    readonly by: string;
    readonly outcome: Outcome['kind'];
    readonly reason?: string;
  };
  readonly journal: readonly JournalEntry[];
  /** Entries that the journal no longer holds. */
  readonly journalDropped: number;
  /** Upgrades of this name that ended before this one, the oldest first. */
  readonly past: readonly PastUpgrade[];
};

export const JOURNAL_LIMIT = 300;

export const beforeOf = (record: UpgradeRecord): PerSide<number> => ({
  main: record.deployments.main.before,
  grey: record.deployments.grey.before,
});

/** The record with one more entry, the oldest dropped where it would pass its bound. */
export const journaled = (record: UpgradeRecord, ...entries: readonly JournalEntry[]): UpgradeRecord => {
  const journal = [...record.journal, ...entries];
  const excess = Math.max(0, journal.length - JOURNAL_LIMIT);
  return { ...record, journal: journal.slice(excess), journalDropped: record.journalDropped + excess };
};

/** With the end of a driver's run. */
export const withRunEnded = (
  record: UpgradeRecord,
  outcome: Outcome,
  { at, by }: { readonly at: string; readonly by: string },
): UpgradeRecord => {
  const reason = reasonOf(outcome);
  const ending = { at, by, outcome: outcome.kind, ...(reason === undefined ? {} : { reason }) };
  return journaled({ ...record, lastRun: ending }, { ...ending, did: 'ended' });
};

/** With so many ready pods, and pods in all, counted into its tally; the record itself where they are no news. */
export const tallied = (record: UpgradeRecord, { ready, pods }: { ready: number; pods: number }): UpgradeRecord => {
  const { tally } = record;
  const lowestReady = Math.min(tally.lowestReady, ready);
  const highestPods = Math.max(tally.highestPods, pods);
  const isNews = lowestReady !== tally.lowestReady || highestPods !== tally.highestPods;
  return isNews ? { ...record, tally: { ...tally, lowestReady, highestPods } } : record;
};

/** The tally and the curve live in memory between writes; whichever saw more holds. */
export const withSeen = (record: UpgradeRecord, mine: UpgradeRecord): UpgradeRecord => ({
  ...record,
  tally: {
    writes: Math.max(record.tally.writes, mine.tally.writes),
    lowestReady: Math.min(record.tally.lowestReady, mine.tally.lowestReady),
    highestPods: Math.max(record.tally.highestPods, mine.tally.highestPods),
  },
  curve: endOf(record.curve) > endOf(mine.curve) ? record.curve : mine.curve,
});

const endOf = (curve: readonly CurvePoint[]): number => curve.at(-1)?.atMs ?? 0;
