import { demandAccess } from '../drive/access.ts';
import { announceCommand } from '../drive/announce.ts';
import { driverOf } from '../drive/inspect.ts';
import type { Stored } from '../drive/records.ts';
import { readyNow, steer } from '../drive/steer.ts';
import { isoTime } from '../drive/clock.ts';
import { glyphsOf } from '../output/glyphs.ts';
import type { Addressee } from '../output/next-step.ts';
import { printable, printableJson } from '../output/printable.ts';
import { type Steering, steeringRefusedText, steeringText } from '../output/steered-text.ts';
import { type Command as UpgradeCommand, obey } from '../upgrade/command.ts';
import { beginLeg } from '../upgrade/leg.ts';
import type { UpgradeRecord } from '../upgrade/record.ts';
import { blockedByLimits } from '../upgrade/refusal.ts';
import type { PerSide } from '../upgrade/side.ts';
import { namespaceOf } from '../upgrade/spec.ts';
import { CommandError } from './command-error.ts';
import type { SharedOptions } from './options.ts';
import type { Connected, Session } from './session.ts';

export const addresseeOf = (session: Session, { spec }: UpgradeRecord): Addressee => ({
  program: session.program,
  upgrade: { name: spec.name, namespace: namespaceOf(spec) },
});

/**
 * Gives a command to an upgrade and says what it changed: the record is written, a driver that lives carries it out.
 * Answers with the record as it stands then; throws a CommandError where the command is refused.
 */
export const giveCommand = async (
  session: Session,
  connected: Connected,
  stored: Stored,
  command: UpgradeCommand,
  options: SharedOptions & { readonly dryRun?: boolean },
): Promise<Commanded> => {
  const commanded = await carryOut(session, connected, stored, command, options.dryRun);
  tell(session, options, commanded.steering, addresseeOf(session, stored.record));
  // It is no failure of the command, which has been carried out: who wants details is told.
  await announceSteering(session, connected, commanded.steering, (message) => {
    if (options.verbose > 0) session.err.write(printable(`${message}\n`));
  });
  return commanded;
};

/** Tells both Deployments of a command that has changed something, as Events. */
export const announceSteering = async (
  { clock, actor }: Session,
  { cluster }: Connected,
  { verb, verdict, after, dryRun }: Steering,
  failed: (message: string) => void,
): Promise<void> => {
  if (!dryRun && verdict.kind === 'changed') await announceCommand({ cluster, clock }, actor, after, verb, failed);
};

export type Commanded = { readonly stored: Stored; readonly steering: Steering };

/** Gives a command to an upgrade and says nothing. Throws a CommandError where it is refused. */
export const carryOut = async (
  session: Session,
  { cluster }: Connected,
  stored: Stored,
  command: UpgradeCommand,
  dryRun = false,
): Promise<Commanded> => {
  const { clock, actor } = session;
  const author = { by: actor, at: isoTime(clock) };
  const before = stored.record;
  if (!dryRun) await demandAccess(cluster, before.spec, 'steer');
  const steered = dryRun
    ? { verdict: obey(before, command, author), stored }
    : await steer(cluster, stored, command, author);
  const to = addresseeOf(session, before);
  if (steered === undefined)
    throw new CommandError(3, `the record of ${to.upgrade.name} was deleted a moment ago`, 'record-gone');
  const { verdict } = steered;
  if (verdict.kind === 'refused') throw new CommandError(3, steeringRefusedText(command.verb, before, to));
  const after = verdict.kind === 'changed' ? verdict.record : before;
  const driver = await driverOf({ cluster, clock }, before.spec);
  const blocked = verdict.kind === 'changed' ? limitsRefusal(after) : undefined;
  const steering = { verb: command.verb, before, after, verdict, dryRun, driver: driver?.holder, blocked };
  return { stored: steered.stored, steering };
};

/** What is ready right now, as targets. Throws a CommandError where a Deployment is gone. */
export const readyTargets = async ({ cluster }: Connected, { record: { spec } }: Stored): Promise<PerSide<number>> => {
  const now = await readyNow(cluster, spec);
  if (now === undefined) throw new CommandError(3, `a Deployment of ${spec.name} is gone`, 'deployment-gone');
  return now;
};

/** The limit that the way from the present counts cannot keep, if there is one. */
const limitsRefusal = ({ spec, intent, asked, phase }: UpgradeRecord): Steering['blocked'] =>
  phase === 'active' ? blockedByLimits(beginLeg(asked, intent.targets, intent.way), spec.limits) : undefined;

const tell = (session: Session, options: SharedOptions, steering: Steering, to: Addressee): void => {
  const { out, unicode } = session.terminal(options);
  if (options.output === 'json') out.write(`${printableJson(steeringObject(steering, to))}\n`);
  else if (!options.quiet) out.write(steeringText(steering, to, glyphsOf(unicode)));
};

const steeringObject = (
  { verb, before, after, verdict, dryRun, driver }: Steering,
  { upgrade }: Addressee,
): object => ({
  type: 'command',
  upgrade: upgrade.name,
  namespace: upgrade.namespace,
  verb,
  changed: verdict.kind === 'changed',
  dryRun,
  before: intentObject(before),
  after: intentObject(after),
  driver,
});

const intentObject = ({ phase, intent: { paused, course, targets, way } }: UpgradeRecord): object => ({
  phase,
  paused,
  course,
  targets,
  way,
});
