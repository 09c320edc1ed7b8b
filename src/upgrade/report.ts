import type { CurvePoint } from './curve.ts';
import type { Leg } from './leg.ts';
import type { Limits } from './limits.ts';
import type { JournalEntry } from './record.ts';
import type { PerSide } from './side.ts';
import type { RehearsalReport, RehearsedRun } from './rehearsal.ts';
import type { DeploymentRef } from './spec.ts';
import type { Stall } from './stalls.ts';
import type { State } from './status.ts';

/** Everything that `dupgrade report` shows; `-o json` prints it as it is. Times are ISO 8601, durations ms. */
export type UpgradeReport = {
  readonly name: string;
  readonly namespace: string;
  readonly deployments: PerSide<DeploymentRef>;
  readonly state: State;
  readonly startedAt: string;
  readonly startedBy: string;
  readonly endedAt?: string;
  /** From the start to the end; of one that has not ended until now, or where no driver moves it until the last that is known. */
  readonly durationMs: number;
  readonly from: PerSide<number>;
  /** `spec.replicas` as the driver last left them. */
  readonly to: PerSide<number>;
  readonly targets: PerSide<number>;
  readonly limits: Limits;
  /** Below which the ready pods of both sides together do not go on the way of the spec, as long as no pod fails by itself. */
  readonly floor: number;
  readonly writes: number;
  readonly lowestReady: number;
  readonly highestPods: number;
  readonly peakGpus: number;
  /** Empty of an upgrade that a dupgrade has driven that did not keep it. */
  readonly curve: readonly CurvePoint[];
  readonly stalls: readonly Stall[];
  /** Each step of the way, and whatever else was done, the oldest first. */
  readonly journal: readonly JournalEntry[];
  /** Entries that the journal no longer holds. */
  readonly journalDropped: number;
} & Pick<Leg, 'mode' | 'pacing' | 'step'>;

/** What of a rehearsal is laid beside the upgrade that it rehearsed. */
export type RehearsalBeside = Pick<
  RehearsalReport,
  'floor' | 'runs' | 'reached' | 'durations' | 'lowestReady' | 'highestPods' | 'peakGpus'
> & {
  readonly example: Omit<RehearsedRun, 'end' | 'counts'> & {
    readonly end: { readonly kind: RehearsedRun['end']['kind'] };
    readonly curve: readonly CurvePoint[];
  };
};
