import type { PerSide } from './side.ts';

/** What the cluster shows of one side at one moment, in replicas. */
export type SideObservation = {
  /** `spec.replicas` of the Deployment: S in the rule. */
  readonly asked: number;
  /** Ready pods of the current template that are not being deleted: R in the rule. */
  readonly ready: number;
  /** Pods that hold resources, by the spec's podReplacementPolicy: E in the rule. */
  readonly existing: number;
  /** Pods with a deletion timestamp that are not gone yet. */
  readonly terminating: number;
  /** Those among `existing` that are terminating: they are not of those that were asked for. None unless told. */
  readonly leaving?: number;
  /** GPUs that its pods hold on nodes, those too that are to go; undefined where the template asks for none. */
  readonly gpus?: number;
};

export type Observation = PerSide<SideObservation>;

/**
 * Whether a removed pod counts until it is gone (`TerminationComplete`: it may still hold its GPU) or only until its
 * deletion began (`TerminationStarted`). The names are those of a Job's `spec.podReplacementPolicy` in Kubernetes.
 */
export type PodReplacementPolicy = 'TerminationComplete' | 'TerminationStarted';

export const POD_REPLACEMENT_POLICIES: readonly PodReplacementPolicy[] = ['TerminationComplete', 'TerminationStarted'];

export const readyTotal = (seen: Observation): number => seen.main.ready + seen.grey.ready;

export const existingTotal = (seen: Observation): number => seen.main.existing + seen.grey.existing;
