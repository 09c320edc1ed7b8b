import type { Side } from './side.ts';

/** Why an upgrade stands still or ended, as one word that scripts may rely on. */
export type Reason =
  // Why pods do not become ready, or do not go.
  | 'unschedulable'
  | 'quota'
  | 'image'
  | 'crash'
  | 'config'
  | 'not-ready'
  | 'starting'
  | 'terminating'
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
  /** One of them. */
  readonly example?: string;
  /** What Kubernetes says of it. */
  readonly message?: string;
};
