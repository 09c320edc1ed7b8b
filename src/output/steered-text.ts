import type { Verdict } from '../upgrade/command.ts';
import type { Course, UpgradeRecord, Verb } from '../upgrade/record.ts';
import type { Refusal } from '../upgrade/refusal.ts';
import { SIDES } from '../upgrade/side.ts';
import { wayText } from './event-text.ts';
import type { Glyphs } from './glyphs.ts';
import { type Addressee, keepTargets, startAnew } from './next-step.ts';
import { printableValue } from './printable.ts';
import { refusalText } from './refusal-text.ts';

/** What a command is about to do, or has done, to an upgrade. */
export type Steering = {
  readonly verb: Verb;
  readonly before: UpgradeRecord;
  readonly after: UpgradeRecord;
  readonly verdict: Verdict;
  readonly dryRun: boolean;
  /** The process that drives the upgrade and will carry the command out. */
  readonly driver?: string | undefined;
  /** The limit that ends the new way at these counts, short of its targets, even when every pod is ready at once. */
  readonly blocked?: Extract<Refusal, { readonly check: 'limits' }> | undefined;
};

/** What a command does, in lines: before, after, and who carries it out. */
export const steeringText = (given: Steering, to: Addressee, glyphs: Glyphs): string => {
  const steering = printableValue(given);
  const { verb, before, verdict, dryRun } = steering;
  if (verdict.kind === 'unchanged') return `${to.upgrade.name}: ${unchangedText(verb, before)}\n`;
  const lines = changesText(steering, glyphs).map((line) => `  ${line}`);
  const title = dryRun
    ? `${verb} would change ${to.upgrade.name} (dry run, nothing was written):`
    : `${verb} ${to.upgrade.name}:`;
  const warning = steering.blocked === undefined ? '' : `warning: ${refusalText(steering.blocked, to)}`;
  return `${[title, ...lines, warning, carriedOutText(steering, to)].filter((line) => line !== '').join('\n')}\n`;
};

const changesText = ({ before, after }: Steering, { arrow }: Glyphs): readonly string[] => {
  const changes: string[] = [];
  if (before.phase !== after.phase) changes.push(`state: ${before.phase} ${arrow} ${after.phase}`);
  if (before.intent.paused !== after.intent.paused) changes.push(after.intent.paused ? 'paused' : 'no longer paused');
  if (before.intent.course !== after.intent.course) changes.push(`course: ${COURSES[after.intent.course]}`);
  for (const side of SIDES) {
    const [was, is] = [before.intent.targets[side], after.intent.targets[side]];
    if (was !== is) changes.push(`${side}: target ${was} ${arrow} ${is}`);
  }
  const [was, is] = [wayText(before.intent.way), wayText(after.intent.way)];
  if (was !== is) changes.push(`way: ${was} ${arrow} ${is}`);
  return changes;
};

const COURSES: Readonly<Record<Course, string>> = {
  forward: 'forward, to the targets',
  back: 'back, to the counts before the start',
};

const carriedOutText = ({ verb, driver, dryRun }: Steering, to: Addressee): string => {
  if (verb === 'abort') return driver === undefined ? '' : `${driver} will end its run`;
  if (driver !== undefined) return `${driver} ${dryRun ? 'would carry' : 'carries'} it out`;
  if (verb === 'set-target') return `no driver runs; carry it out with: ${keepTargets(to).command}`;
  return verb === 'pause' ? 'no driver runs' : '';
};

const unchangedText = (verb: Verb, { phase }: UpgradeRecord): string => {
  if (phase !== 'active') return `nothing to do, it has ended (${phase})`;
  switch (verb) {
    case 'pause':
      return 'it is paused already';
    case 'resume':
      return 'it is on its way to these targets already';
    case 'rollback':
      return 'it is on its way back already';
    default:
      return 'nothing to change';
  }
};

/** Why a command is refused in the state that an upgrade is in. */
export const steeringRefusedText = (verb: Verb, record: UpgradeRecord, to: Addressee): string => {
  const { why, command } = startAnew(to);
  return `${to.upgrade.name} has ended (${record.phase}), so there is nothing to ${verb === 'set-target' ? 'set targets of' : verb}; ${why}: ${command}`;
};
