import type { Advice } from './advice.ts';
import type { Limits } from './limits.ts';
import type { PodReplacementPolicy } from './observation.ts';
import type { Amounts, Free, Plan, Span } from './plan.ts';
import type { Refusal } from './refusal.ts';
import type { PerSide } from './side.ts';
import type { DeploymentRef } from './spec.ts';

/**
 * How long pods of a side take, and how that is known. `given`: on the command line. `pods`: from `pods` of them that run.
 * `other-side`: from those of the other side, as this one has none. `grace-period`: the most that the template allows.
 * `default-grace-period`: the most that Kubernetes allows where nobody says otherwise.
 */
export type KnownSpan = Span & {
  readonly source: 'given' | 'pods' | 'other-side' | 'grace-period' | 'default-grace-period';
  readonly pods?: number;
};

/** What is not known. `denied`: this user may not read it, and `message` is what the cluster says to that. */
export type Unknown = {
  readonly what: 'ready-time' | 'gpus' | 'room';
  readonly why: 'no-cluster' | 'no-ready-pods' | 'denied';
  readonly message?: string;
};

/** Everything that `dupgrade plan` shows; `-o json` prints it as it is. */
export type PlanReport = {
  readonly name: string;
  readonly namespace: string;
  readonly deployments: PerSide<DeploymentRef>;
  /** Where the counts of the beginning are from. */
  readonly source: 'cluster' | 'given';
  readonly limits: Limits;
  readonly podReplacementPolicy: PodReplacementPolicy;
  readonly known: {
    /** What one pod asks for. */
    readonly requests: PerSide<Amounts>;
    readonly free: PerSide<Free>;
    readonly ready?: PerSide<KnownSpan>;
    readonly gone: PerSide<KnownSpan>;
  };
  readonly unknown: readonly Unknown[];
  /** What `start` would refuse, besides limits. */
  readonly obstacles: readonly Refusal[];
  /** Every mode and pacing, with `--all-modes`. */
  readonly alternatives?: readonly Omit<Plan, 'stages'>[];
  readonly advice?: Advice;
} & Plan;
