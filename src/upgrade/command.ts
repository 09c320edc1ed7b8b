import type { Mode, Pacing, Step, Way } from './leg.ts';
import { beforeOf, type Intent, type JournalEntry, journaled, type UpgradeRecord, type Verb } from './record.ts';
import { type PerSide, SIDES, sameCounts } from './side.ts';

/** A change of the way to the targets; what is left out stays as it is. */
export type WayChange = {
  readonly mode?: Mode | undefined;
  readonly step?: Partial<PerSide<Step>> | undefined;
  readonly pacing?: Pacing | undefined;
};

/** What a person asks of an upgrade that has begun. */
export type Command =
  | { readonly verb: 'pause' }
  /** Goes on to the targets of the spec, or with `keepTargets` to those that hold now. */
  | { readonly verb: 'resume'; readonly keepTargets: boolean }
  | { readonly verb: 'set-target'; readonly targets: Partial<PerSide<number>>; readonly way: WayChange }
  | { readonly verb: 'abort' }
  | { readonly verb: 'rollback'; readonly way: WayChange };

export type Author = { readonly by: string; readonly at: string };

/** Why a command changes nothing, or may not. */
export type Because = 'already-so' | 'already-ended' | 'ended';

export type Verdict =
  | { readonly kind: 'changed'; readonly record: UpgradeRecord }
  | { readonly kind: 'unchanged'; readonly because: Because }
  | { readonly kind: 'refused'; readonly because: Because };

const UNCHANGED: Verdict = { kind: 'unchanged', because: 'already-so' };
const REFUSED: Verdict = { kind: 'refused', because: 'ended' };

/**
 * What a command makes of an upgrade's record. Every command has an answer in every state, and the same command given
 * twice changes nothing the second time:
 *
 *     verb        under way                   completed        rolled-back   aborted
 *     pause       pauses                      refused          refused       refused
 *     resume      goes to the spec's targets  nothing to do    refused       refused
 *     set-target  goes there, lifts a pause   refused          refused       refused
 *     abort       closes                      nothing to do    nothing to do nothing to do
 *     rollback    goes back                   reopens, back    nothing to do reopens, back
 *
 * A change of the way alone (mode, step, pacing) does not lift a pause.
 */
export const obey = (record: UpgradeRecord, command: Command, author: Author): Verdict => {
  switch (command.verb) {
    case 'pause':
      if (record.phase !== 'active') return REFUSED;
      return intend(record, author, 'pause', { ...record.intent, paused: true });
    case 'resume':
      if (record.phase === 'completed') return { kind: 'unchanged', because: 'already-ended' };
      if (record.phase !== 'active') return REFUSED;
      return intend(record, author, 'resume', resumed(record, command.keepTargets));
    case 'set-target':
      if (record.phase !== 'active') return REFUSED;
      return intend(record, author, 'set-target', retargeted(record, command.targets, command.way));
    case 'abort':
      if (record.phase !== 'active') return { kind: 'unchanged', because: 'already-ended' };
      return { kind: 'changed', record: aborted(record, author) };
    case 'rollback':
      if (record.phase === 'rolled-back') return { kind: 'unchanged', because: 'already-ended' };
      return intend(reopened(record), author, 'rollback', turnedBack(record, command.way), record.phase !== 'active');
  }
};

/** `base` with the changes of a command line over it. */
export const changedWay = (base: Way, change: WayChange): Way => ({
  mode: change.mode ?? base.mode,
  step: { ...base.step, ...change.step },
  pacing: change.pacing ?? base.pacing,
});

const resumed = ({ intent, spec }: UpgradeRecord, keepTargets: boolean): Intent => {
  if (keepTargets) return { ...intent, paused: false };
  // A way that was set on the way there stays; one that was set for the way back does not hold for the way there.
  const way = intent.course === 'back' ? spec.way : intent.way;
  return { ...intent, paused: false, course: 'forward', targets: spec.targets, way };
};

const retargeted = ({ intent, spec }: UpgradeRecord, targets: Partial<PerSide<number>>, change: WayChange): Intent => {
  const moves = targets.main !== undefined || targets.grey !== undefined;
  if (!moves) return { ...intent, way: changedWay(intent.way, change) };
  const base = intent.course === 'back' ? spec.way : intent.way;
  return {
    ...intent,
    paused: false,
    course: 'forward',
    targets: { ...intent.targets, ...targets },
    way: changedWay(base, change),
  };
};

const turnedBack = (record: UpgradeRecord, change: WayChange): Intent => {
  const { intent, spec } = record;
  const base = intent.course === 'back' ? intent.way : spec.way;
  return { ...intent, paused: false, course: 'back', targets: beforeOf(record), way: changedWay(base, change) };
};

const reopened = (record: UpgradeRecord): UpgradeRecord => {
  if (record.phase === 'active') return record;
  const { endedAt: _, ...open } = record;
  return { ...open, phase: 'active' };
};

const aborted = (record: UpgradeRecord, { by, at }: Author): UpgradeRecord =>
  journaled({ ...record, phase: 'aborted', endedAt: at }, { at, by, did: 'verb', verb: 'abort' });

const intend = (record: UpgradeRecord, { by, at }: Author, verb: Verb, wanted: Intent, always = false): Verdict => {
  if (!always && sameIntent(record.intent, wanted)) return UNCHANGED;
  const intent = { ...wanted, revision: record.intent.revision + 1, by, at };
  const entry: JournalEntry = { at, by, did: 'verb', verb, targets: intent.targets, way: intent.way };
  return { kind: 'changed', record: journaled({ ...record, intent }, entry) };
};

const sameIntent = (a: Intent, b: Intent): boolean =>
  a.paused === b.paused && a.course === b.course && sameCounts(a.targets, b.targets) && sameWay(a.way, b.way);

const sameWay = (a: Way, b: Way): boolean =>
  a.mode === b.mode && a.pacing === b.pacing && SIDES.every((side) => a.step[side] === b.step[side]);
