import type { Eta } from './eta.ts';
import type { Cause } from './health.ts';
import type { Leg, Way } from './leg.ts';
import type { Limits } from './limits.ts';
import type { SideObservation } from './observation.ts';
import type { Outcome, Summary } from './outcome.ts';
import type { Verb } from './record.ts';
import type { PerSide, Side } from './side.ts';
import type { DeploymentRef } from './spec.ts';

/** What pods of a side are waited for: to become ready, or to be gone. */
export type Waiting = { readonly side: Side; readonly until: 'ready' | 'gone'; readonly pods: number };

/** Both sides as they stand, with what is aimed at and waited for. */
export type Standing = {
  readonly sides: PerSide<SideObservation & { readonly target: number }>;
  /** Ready pods of both sides together. */
  readonly ready: number;
  /** Existing pods of both sides together. */
  readonly pods: number;
  /** The bounds of the leg that is under way. */
  readonly floor: number;
  readonly ceiling: number;
  readonly waiting: readonly Waiting[];
  readonly causes: readonly Cause[];
  /** How long it takes yet, from the moment that this was told; undefined where that is not known, and where it is held. */
  readonly eta?: Eta;
};

/** What happens to an upgrade, as the driver tells it. `at` is in ms since the epoch. */
export type UpgradeEvent = {
  readonly at: number;
} /** A driver has begun to move the upgrade, for the first time or again. */ & (
  | {
      readonly type: 'started';
      readonly resumed: boolean;
      readonly driver: string;
      /** When the upgrade was begun, by its first driver: ISO 8601. */
      readonly startedAt: string;
      readonly deployments: PerSide<DeploymentRef>;
      readonly before: PerSide<number>;
      /** The replicas asked for when this driver began. */
      readonly counts: PerSide<number>;
      readonly targets: PerSide<number>;
      readonly way: Way;
      readonly limits: Limits;
    }
  /** A leg has begun: the targets or the way there were set. `cause` says by what. */
  | { readonly type: 'leg'; readonly leg: Leg; readonly cause: Verb | 'scaled-by-others'; readonly by: string }
  /** Counts have changed. */
  | { readonly type: 'observed'; readonly standing: Standing }
  /** A write was accepted by the API server. */
  | { readonly type: 'scaled'; readonly side: Side; readonly from: number; readonly to: number }
  /** A limit holds a write back. */
  | { readonly type: 'limited'; readonly side: Side; readonly limit: keyof Limits; readonly value: number }
  /** The upgrade is held: paused, or arrived at targets that are not those of the spec. */
  | { readonly type: 'held'; readonly reason: 'paused' | 'off-spec'; readonly by: string }
  /** Nothing has happened for a while, and the driver lives. `idleMs`: since progress was last made. */
  | { readonly type: 'alive'; readonly standing: Standing; readonly idleMs: number; readonly held: boolean }
  /** Something that the driver gets over by itself. */
  | { readonly type: 'note'; readonly level: 'warning' | 'detail'; readonly message: string }
  | { readonly type: 'ended'; readonly outcome: Outcome; readonly exitCode: number; readonly summary: Summary }
);

/** An event before the time is put on it. */
export type Told = UpgradeEvent extends infer E ? (E extends { readonly at: number } ? Omit<E, 'at'> : never) : never;
