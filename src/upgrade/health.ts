import type { Side } from './side.ts';

/** Why pods do not become ready, or do not go: from what somebody has to mend to what only takes its time. */
export const POD_REASONS = [
  'quota',
  'image',
  'config',
  'crash',
  'node',
  'unschedulable',
  'not-ready',
  'starting',
  'terminating',
] as const;

export type PodReason = (typeof POD_REASONS)[number];

/** Why an upgrade stands still or ended, as one word that scripts may rely on. */
export type Reason =
  | PodReason
  // What else holds an upgrade up or ends it.
  | 'limit'
  | 'timeout'
  | 'paused'
  | 'off-spec'
  | 'aborted'
  | 'rolled-back'
  | 'interrupted'
  | 'locked'
  | 'foreign-write'
  | 'template-changed'
  | 'deployment-gone'
  | 'namespace-gone'
  | 'record-gone'
  | 'record-unreadable'
  | 'denied'
  | 'unreachable';

/** What keeps pods of a side from becoming ready or from going, the same for all that are counted. */
export type Cause = {
  readonly reason: Reason;
  readonly side: Side;
  /** How many pods are alike; 0 when the cause is that pods could not be made. */
  readonly pods: number;
  /** The one of them that has been so for the longest. */
  readonly example?: string;
  /** Where they are. */
  readonly namespace?: string;
  /** Since when that one has been so, by the cluster's clock: ISO 8601. */
  readonly since?: string;
  /** It cannot heal by itself: somebody has to change something. */
  readonly doomed?: true;
  /** What Kubernetes says of it. */
  readonly message?: string;
  readonly detail?: CauseDetail;
  /** The last lines that its container wrote. */
  readonly log?: readonly string[];
};

/** Whether a cause is only that things take their time. */
export const isSlowOnly = ({ reason }: Cause): boolean => reason === 'starting' || reason === 'terminating';

/** What is known of a cause beyond its reason. */
export type CauseDetail =
  /** Of `nodes` nodes, `short` have less of a resource free than the `needed` of one pod (cores, bytes, or a count). */
  | {
      readonly kind: 'shortage';
      readonly resource: string;
      readonly needed?: number;
      readonly nodes: number;
      readonly short: number;
    }
  | {
      readonly kind: 'exit';
      readonly container: string;
      readonly exitCode?: number;
      readonly outOfMemory: boolean;
      readonly restarts: number;
    }
  /** The probe that failed last. */
  | { readonly kind: 'probe'; readonly probe: Probe }
  /** Who holds a pod that is to go. */
  | { readonly kind: 'holder'; readonly finalizers: readonly string[]; readonly graceSeconds?: number }
  /** `restarts`: how often a container of it was started again, where one was. */
  | {
      readonly kind: 'start';
      readonly stage: StartStage;
      readonly server?: ModelServer;
      readonly percent?: number;
      readonly restarts?: number;
    }
  | { readonly kind: 'node'; readonly node: string };

export type Probe = 'readiness' | 'startup' | 'liveness';

/** How far a pod that is alive has come. */
export const START_STAGES = [
  'scheduling',
  'creating',
  'pulling-image',
  'init-container',
  'startup-probe',
  'readiness-probe',
  'downloading-model',
  'loading-model',
  'warming-up',
] as const;

export type StartStage = (typeof START_STAGES)[number];

/** Servers of models whose log lines are known. */
export const MODEL_SERVERS = ['vLLM', 'SGLang', 'TGI', 'Triton'] as const;

export type ModelServer = (typeof MODEL_SERVERS)[number];
