import type { Command } from '../../../src/upgrade/command.ts';
import type { Reason } from '../../../src/upgrade/health.ts';
import type { Mode, Pacing, Step } from '../../../src/upgrade/leg.ts';
import type { Limits } from '../../../src/upgrade/limits.ts';
import type { PerSide, Side } from '../../../src/upgrade/side.ts';

/** One side: where it stands, where it shall end, and how all of its pods behave. */
export type SideScenario = {
  readonly from: number;
  readonly to: number;
  /** From being on a node to ready, or the range from which it is drawn for each pod; 1 unless told. */
  readonly readySeconds?: number | readonly [earliest: number, latest: number];
  /** From its deletion to its end; 1 unless told. */
  readonly terminateSeconds?: number;
  /** `turn-unready`: two seconds after it was ready. */
  readonly failure?: 'never-ready' | 'crash-loop' | 'image-pull' | 'turn-unready';
  /** Of each pod; a node has 8. */
  readonly gpus?: number;
};

/**
 * When something is done, by what the driver tells: after so many of its scale writes, when a side has so many ready pods,
 * when it says what its pods are kept from, when it holds, when its run has ended. A time would be another place in the
 * upgrade on another cluster.
 */
export type When =
  | { readonly writes: number }
  | { readonly side: Side; readonly ready: number }
  | { readonly cause: Reason }
  | 'held'
  | 'ended';

/** What somebody does in the middle: a command to the upgrade, or something to the cluster. */
export type Act = Command | { readonly verb: 'start' } | { readonly verb: 'accept-ready' } | ForeignAct;

export type ForeignAct =
  /** As `kubectl scale` does. */
  | { readonly foreign: 'scale'; readonly side: Side; readonly replicas: number }
  | { readonly foreign: 'set-image'; readonly side: Side }
  | { readonly foreign: 'delete-deployment'; readonly side: Side }
  | { readonly foreign: 'set-quota'; readonly pods: number };

/** How a run of a driver ends; or that there is none, since the upgrade was refused before it began. */
export type EndingReason = 'reached' | 'refused' | Reason;

/** An upgrade and all that happens to it, the same on every cluster. */
export type Scenario = {
  readonly name: string;
  readonly main: SideScenario;
  readonly grey: SideScenario;
  readonly mode: Mode;
  readonly pacing: Pacing;
  readonly step: Step | PerSide<Step>;
  readonly limits?: Limits;
  /** How many pods the namespace may have. */
  readonly quota?: number;
  /** Far longer than it takes unless told: a busy machine is no failure. */
  readonly progressDeadlineSeconds?: number;
  /** `exit` unless told. */
  readonly onHold?: 'wait' | 'exit';
  /** Whether a run ends when what it waits for cannot heal by itself; not unless told. */
  readonly failFast?: boolean;
  /** One after the other. */
  readonly acts?: readonly (readonly [when: When, act: Act])[];
  /** How its runs end, in their order. */
  readonly ends: readonly EndingReason[];
};
