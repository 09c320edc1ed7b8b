import type { Command } from 'commander';
import type { Cluster } from '../cluster/port.ts';
import { demandAccess } from '../drive/access.ts';
import { findUpgrade } from '../drive/find.ts';
import { driverOf } from '../drive/inspect.ts';
import { otherUpgrades } from '../drive/preflight.ts';
import { readRecord, type Stored } from '../drive/records.ts';
import { takeUpgradeLock } from '../drive/start.ts';
import { refusalText } from '../output/refusal-text.ts';
import type { Steering } from '../output/steered-text.ts';
import type { Command as UpgradeCommand } from '../upgrade/command.ts';
import type { UpgradeEvent } from '../upgrade/events.ts';
import { exitCodeOf, interruptedBy, type Outcome } from '../upgrade/outcome.ts';
import { fullNameOf, namespaceOf } from '../upgrade/spec.ts';
import type { Act } from './act.ts';
import { CommandError } from './command-error.ts';
import { driveHere, heldByText, tellWaiting, viewOf } from './driving.ts';
import { keyboardOf, leavable } from './keys.ts';
import {
  type DriveOptions,
  type SharedOptions,
  upgradeName,
  type WayOptions,
  withDriveOptions,
  withSharedOptions,
  withWayOptions,
} from './options.ts';
import type { Connected, Session } from './session.ts';
import { addresseeOf, giveCommand } from './steering.ts';

type Options = SharedOptions & DriveOptions & { readonly dryRun?: boolean };

export const addResume = (command: Command, session: Session, act: Act): void => {
  command
    .description(
      'Lifts a pause and goes on to the targets of the spec. Drives the upgrade in this process where no driver is alive; else leaves it to the one that is.',
    )
    .argument('[name]', 'the upgrade (default: the unfinished one of the namespace)', upgradeName)
    .option('--keep-targets', 'go on to the targets that hold now, not to those of the spec')
    .option('--dry-run', 'only say what would change')
    .addHelpText(
      'after',
      `\nExamples:\n  $ ${session.program} resume llama-v2 -n serving\n  $ ${session.program} resume --keep-targets --timeout 1h`,
    );
  withSharedOptions(withDriveOptions(command), ['text', 'json']).action(
    act((name: string | undefined, options: Options & { keepTargets?: boolean }) =>
      commandAndDrive(session, name, { verb: 'resume', keepTargets: options.keepTargets ?? false }, options),
    ),
  );
};

export const addRollback = (command: Command, session: Session, act: Act): void => {
  command
    .description(
      'Brings both sides back to the counts before the start, step by step by the same rule, also after the upgrade has ended. Drives in this process where no driver is alive; else leaves it to the one that is.',
    )
    .argument('[name]', 'the upgrade (default: the unfinished one of the namespace)', upgradeName)
    .option('--dry-run', 'only say what would change')
    .addHelpText(
      'after',
      `\nExamples:\n  $ ${session.program} rollback llama-v2 -n serving\n  $ ${session.program} rollback --mode scaleSimultaneously --step 50%`,
    );
  withSharedOptions(withDriveOptions(withWayOptions(command)), ['text', 'json']).action(
    act((name: string | undefined, options: Options & WayOptions) => {
      const { mode, step, pacing } = options;
      return commandAndDrive(session, name, { verb: 'rollback', way: { mode, step, pacing } }, options);
    }),
  );
};

const commandAndDrive = async (
  session: Session,
  name: string | undefined,
  command: UpgradeCommand,
  options: Options,
): Promise<number> => {
  const connected = await session.connect(options);
  try {
    const { cluster, namespace } = connected;
    const found = await findUpgrade(cluster, namespace, name, { ended: false });
    await demandAlone(session, cluster, found);
    const driver = await driverOf({ cluster, clock: session.clock }, found.record.spec);
    if (driver === undefined && !options.dryRun) await demandAccess(cluster, found.record.spec);
    const { stored, steering } = await giveCommand(session, connected, found, command, options);
    if (options.dryRun || stored.record.phase !== 'active') return 0;
    return await driveUnlessDriven(session, connected, { stored, ...steering }, options);
  } finally {
    await connected.close();
  }
};

/** Refuses where another unfinished upgrade moves one of the Deployments. */
const demandAlone = async (session: Session, cluster: Cluster, { record }: Stored): Promise<void> => {
  const others = await otherUpgrades(cluster, record.spec);
  if (others.length === 0) return;
  const to = addresseeOf(session, record);
  throw new CommandError(3, others.map((other) => refusalText(other, to)).join('\n'));
};

/** Takes the upgrade on, unless the driver that held it is alive: that one has been told by the record. */
const driveUnlessDriven = async (
  given: Session,
  connected: Connected,
  { stored: told, verb, driver }: Steering & { readonly stored: Stored },
  options: Options,
): Promise<number> => {
  const leave = leavable(given);
  const { session } = leave;
  const { clock, holder } = session;
  const signal = session.interruption();
  const { cluster } = connected;
  const { spec } = told.record;
  const view = await viewOf(session, options, spec, keyboardOf(leave, connected, spec, options, true));
  try {
    // Who is to carry it out was said already; that it is looked whether that process lives is a detail.
    const waiting = tellWaiting(session, view, 'detail');
    const lock = await takeUpgradeLock({ cluster, clock, holder, signal, waiting }, spec, options);
    if ('holder' in lock) {
      if (signal.aborted) return exitCodeOf(interruptedBy(signal));
      // Held for this upgrade, its driver has been told by the record; held for another, nobody has.
      if (lock.upgrade === undefined || lock.upgrade === fullNameOf(spec)) return 0;
      throw new CommandError(8, heldByText(lock, addresseeOf(session, told.record)), 'locked');
    }
    if (driver !== undefined) {
      const message = `${driver} does not renew its lock any more; driving in this process`;
      view.show({ type: 'note', level: 'warning', message, at: clock.now() });
    }
    const stored = await readRecord(cluster, namespaceOf(spec), spec.name).catch(async (error: unknown) => {
      await lock.release();
      throw error;
    });
    if (stored?.record.phase !== 'active') {
      await lock.release();
      // The driver that was alive a moment ago has carried it out and ended.
      if (stored !== undefined) return 0;
      throw new CommandError(3, `the record of ${spec.name} was deleted a moment ago`, 'record-gone');
    }
    // A rollback that was asked for and done is what this command is for; for a `start` it is an ending of its own.
    const codeOf = (outcome: Outcome): number =>
      verb === 'rollback' && outcome.kind === 'rolled-back' ? 0 : exitCodeOf(outcome);
    const show = (event: UpgradeEvent): void =>
      view.show(event.type === 'ended' ? { ...event, exitCode: codeOf(event.outcome) } : event);
    return codeOf(await driveHere(session, connected, { stored, lock, resumed: true }, options, show));
  } finally {
    view.close();
  }
};
