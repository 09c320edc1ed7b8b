import { type Cluster, ClusterError } from '../cluster/port.ts';
import type { Told, UpgradeEvent } from '../upgrade/events.ts';
import { exitCodeOf, interruptedBy, type Outcome, reasonOf } from '../upgrade/outcome.ts';
import { type UpgradeRecord, withRunEnded, withSeen } from '../upgrade/record.ts';
import { SIDES } from '../upgrade/side.ts';
import { Announcer, announceVerb } from './announce.ts';
import { type Clock, isoTime, unlessInterrupted, within } from './clock.ts';
import { endingOf, summaryOf } from './ending.ts';
import { FollowedSides } from './followed-sides.ts';
import type { Lock } from './lock.ts';
import { type Stored, updateRecord } from './records.ts';
import { Run, type RunOptions } from './run.ts';

export type DriveDeps = {
  readonly cluster: Cluster;
  readonly clock: Clock;
  /** Who drives: `user@host pid`, or the URL of a CI job. */
  readonly holder: string;
  /** Aborted with the name of the signal that interrupts the run. */
  readonly signal: AbortSignal;
  readonly emit: (event: UpgradeEvent) => void;
};

/** An upgrade that this process has taken on. */
export type TakenOn = {
  readonly stored: Stored;
  /** Of both Deployments; `drive` gives it back. */
  readonly lock: Lock;
  /** Whether it had begun before. */
  readonly resumed: boolean;
  /** Where they are followed already; `drive` ends it. */
  readonly sides?: FollowedSides;
};

/** How long the end of a run waits for what is good to have but not needed: Events, the record's last entry, the lock. */
const FAREWELL_MS = 5_000;

/**
 * Moves an upgrade on, with the lock held, until it has arrived, is held and need not be waited for, or cannot go on.
 * Every expected ending is an Outcome; it is also the last event.
 */
export const drive = async (
  deps: DriveDeps,
  { stored, lock, resumed, sides = new FollowedSides(deps.cluster, stored.record.spec.deployments) }: TakenOn,
  options: RunOptions,
): Promise<Outcome> => {
  const { clock, cluster, holder } = deps;
  const tell = (event: Told): void => deps.emit({ ...event, at: clock.now() });
  const { wakeup } = sides;
  lock.onChange(() => wakeup.wake());
  const announcer = new Announcer(cluster, clock, holder, (message, error) => {
    tell({ type: 'note', level: 'detail', message });
    if (error instanceof ClusterError && error.fault === 'namespace-leaving') run?.askForNamespaces();
  });
  let run: Run | undefined;
  let outcome: Outcome;
  const work = async (): Promise<Outcome> => {
    const opened = await sides.both();
    if ('kind' in opened) return opened;
    // That may have been waited for no longer.
    if (deps.signal.aborted) return interruptedBy(deps.signal);
    if (!resumed) announceVerb(announcer, stored.record, 'start');
    run = new Run({ ...deps, tell, lock, wakeup, announcer, sides: opened }, { stored, resumed }, options);
    return run.toItsEnd();
  };
  try {
    outcome = (await unlessInterrupted(clock, deps.signal, work())) ?? interruptedBy(deps.signal);
  } catch (error) {
    const expected = endingOf(error);
    if (expected === undefined) {
      await within(clock, FAREWELL_MS, lock.release());
      throw error;
    }
    outcome = expected;
  } finally {
    run?.close();
    sides.close();
  }
  const { record, inOrder } = await leave(deps, run?.stored ?? stored, lock, announcer, outcome);
  if (!inOrder) {
    const message = 'the cluster gives no answer, so the lock could not be given back; it lapses by itself';
    tell({ type: 'note', level: 'warning', message });
  }
  tell({ type: 'ended', outcome, exitCode: exitCodeOf(outcome), summary: summaryOf(record, clock) });
  return outcome;
};

/** Writes down how the run ended and gives the lock back; a cluster that does not answer does not keep the process. */
const leave = async (
  deps: DriveDeps,
  stored: Stored,
  lock: Lock,
  announcer: Announcer,
  outcome: Outcome,
): Promise<{ readonly record: UpgradeRecord; readonly inOrder: boolean }> => {
  let { record } = stored;
  announceEnd(announcer, record, outcome);
  const farewell = async (): Promise<void> => {
    if (lock.holds() && !isArrival(outcome)) record = (await recordEnd(deps, stored, lock, outcome)) ?? record;
    await lock.release();
    await announcer.flush();
  };
  const inOrder = await within(deps.clock, FAREWELL_MS, farewell());
  return { record, inOrder };
};

/** Whether a run has written down its end, along with that of the upgrade. */
const isArrival = ({ kind }: Outcome): boolean => kind === 'reached' || kind === 'rolled-back';

const recordEnd = async (
  { cluster, clock, holder: by }: DriveDeps,
  stored: Stored,
  lock: Lock,
  outcome: Outcome,
): Promise<UpgradeRecord | undefined> => {
  const at = isoTime(clock);
  const latest = await updateRecord(
    cluster,
    stored,
    (newest) => withRunEnded(withSeen(newest, stored.record), outcome, { at, by }),
    () => lock.holds(),
  ).catch(() => undefined);
  return latest?.record;
};

const announceEnd = (announcer: Announcer, { spec, deployments }: UpgradeRecord, outcome: Outcome): void => {
  const message = `Upgrade ${spec.name} ended its run: ${reasonOf(outcome) ?? outcome.kind}`;
  const type = exitCodeOf(outcome) === 0 ? 'Normal' : 'Warning';
  for (const side of SIDES) {
    announcer.announce({ ...spec.deployments[side], uid: deployments[side].uid }, 'UpgradeEnded', message, type);
  }
};
