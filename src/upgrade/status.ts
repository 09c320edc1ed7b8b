import type { Standing } from './events.ts';
import type { Way } from './leg.ts';
import type { Summary } from './outcome.ts';
import type { JournalEntry, UpgradeRecord } from './record.ts';
import type { PerSide } from './side.ts';
import type { DeploymentRef } from './spec.ts';

/**
 * Where an upgrade is. `running`: a driver moves it. `paused`: somebody said so. `held`: it stands at targets that are not
 * those of the spec. `stuck`: its last driver gave up. `stopped`: no driver moves it and nothing is known to be wrong.
 */
export type State = 'running' | 'paused' | 'held' | 'stuck' | 'stopped' | 'completed' | 'rolled-back' | 'aborted';

/** Where an upgrade is, from its record and from whether a driver is alive. */
export const stateOf = (record: UpgradeRecord, driven: boolean): State => {
  if (record.phase !== 'active') return record.phase;
  if (record.intent.paused) return 'paused';
  const legServesIntent = record.leg.revision === record.intent.revision;
  if (legServesIntent && record.leg.arrivedAt !== undefined) return 'held';
  if (driven) return 'running';
  const gaveUp = record.lastRun?.outcome === 'stuck' || record.lastRun?.outcome === 'timed-out';
  return gaveUp ? 'stuck' : 'stopped';
};

/** Everything that `dupgrade status` shows; `-o json` prints it as it is. Times are ISO 8601, durations ms. */
export type UpgradeStatus = {
  readonly name: string;
  readonly namespace: string;
  readonly state: State;
  /** The process that moves it now, if one does. */
  readonly driver?: { readonly holder: string; readonly renewedAt: string };
  readonly deployments: PerSide<DeploymentRef>;
  readonly before: PerSide<number>;
  /** The targets of the spec. */
  readonly specTargets: PerSide<number>;
  /** The targets that hold now; they differ after `set-target` and `rollback`. */
  readonly targets: PerSide<number>;
  readonly course: 'forward' | 'back';
  readonly way: Way;
  /** Both sides as they stand; missing where a Deployment is gone. */
  readonly standing?: Standing;
  readonly startedAt: string;
  readonly startedBy: string;
  readonly endedAt?: string;
  readonly intent: { readonly revision: number; readonly by: string; readonly at: string };
  readonly lastRun?: UpgradeRecord['lastRun'];
  readonly summary: Summary;
  readonly journal: readonly JournalEntry[];
};
