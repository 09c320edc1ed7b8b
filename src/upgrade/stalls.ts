import type { JournalEntry } from './record.ts';

/** A span in which nothing was scaled for long, in ms since the start of the upgrade. */
export type Stall = {
  readonly fromMs: number;
  readonly toMs: number;
  /** Why, where the journal has it: the reason for which a run ended in it, or `paused`. */
  readonly reason?: string;
  /** Who paused it, or drove when the run ended. */
  readonly by?: string;
};

/** What a journal is of, in ms since the epoch. */
export type Period = {
  readonly startMs: number;
  readonly endMs: number;
  /** Whether it has lost its oldest entries. */
  readonly isCut: boolean;
};

/** Longer than others by this much is long. */
const LONG = 3;
/** Shorter than anybody waits for. */
const LEAST_MS = 10_000;
/** Of fewer waits nobody can say what is usual. */
const FEWEST_WAITS = 3;

/**
 * The spans between two scalings in which nothing moved for long. One that a run ended in as stuck is one in any case; the time
 * of a pause, or without a driver, where it is longer than is usual; any other where it is three times as long.
 *
 * Usual is the wait in which a moment of the rest of the time lies, by the median: where pods become ready one after
 * another at once, and then nothing happens until the next ones have started, it is the start that counts and not the
 * many short waits. Of 60 s, 1 s, 1 s, 1 s, 60 s, 1 s, 1 s, 1 s it is 60 s, so 190 s more would be a stall, and 170 s not.
 */
export const stallsOf = (journal: readonly JournalEntry[], period: Period): readonly Stall[] => {
  const waits = waitsOf(journal, period);
  return waits.flatMap((wait): Stall | [] => {
    const { fromMs, toMs, because } = wait;
    const usualMs = usualOf(waits.filter((other) => other !== wait && !isOutside(other)));
    const isLong = (times: number): boolean => usualMs !== undefined && lengthOf(wait) > times * usualMs;
    const isStall = because === undefined ? isLong(LONG) : usualMs === undefined || isLong(1);
    if (!isStuck(because) && (!isStall || lengthOf(wait) < LEAST_MS)) return [];
    const span = { fromMs: fromMs - period.startMs, toMs: toMs - period.startMs };
    return because === undefined ? span : { ...span, reason: reasonOf(because), by: because.by };
  });
};

type Because = Extract<JournalEntry, { readonly did: 'ended' | 'verb' }>;

type Wait = {
  readonly fromMs: number;
  readonly toMs: number;
  /** What was done in it that keeps anything from being scaled. */
  readonly because: Because | undefined;
};

const waitsOf = (journal: readonly JournalEntry[], { startMs, endMs, isCut }: Period): readonly Wait[] => {
  const waits: Wait[] = [];
  let fromMs = isCut ? undefined : startMs;
  let because: Because | undefined;
  const until = (toMs: number): void => {
    if (fromMs !== undefined && toMs > fromMs) waits.push({ fromMs, toMs, because });
    [fromMs, because] = [toMs, undefined];
  };
  for (const entry of journal) {
    if (entry.did === 'scaled') until(Date.parse(entry.at));
    else if (because === undefined && holdsUp(entry)) {
      // A run that gave up had waited until then; what a pause or the end of a driver holds up comes after.
      if (!isStuck(entry)) until(Date.parse(entry.at));
      because = entry;
    }
  }
  until(endMs);
  return waits;
};

const holdsUp = (entry: JournalEntry): entry is Because =>
  entry.did === 'verb'
    ? entry.verb === 'pause'
    : entry.did === 'ended' && entry.outcome !== 'reached' && entry.outcome !== 'rolled-back';

const isStuck = (entry: Because | undefined): boolean =>
  entry?.did === 'ended' && (entry.outcome === 'stuck' || entry.outcome === 'timed-out');

const reasonOf = (entry: Because): string => (entry.did === 'ended' ? (entry.reason ?? entry.outcome) : 'paused');

/** That somebody paused it, or that nobody drove it, says nothing of how long its pods take. */
const isOutside = ({ because }: Wait): boolean => because !== undefined;

const lengthOf = ({ fromMs, toMs }: Pick<Wait, 'fromMs' | 'toMs'>): number => toMs - fromMs;

/** The wait in the middle of the time of all of them; undefined of too few. */
const usualOf = (waits: readonly Wait[]): number | undefined => {
  if (waits.length < FEWEST_WAITS) return undefined;
  const lengths = waits.map(lengthOf).toSorted((a, b) => a - b);
  const half = lengths.reduce((sum, length) => sum + length, 0) / 2;
  let sum = 0;
  return lengths.find((length) => {
    sum += length;
    return sum >= half;
  });
};
