import type { PastUpgrade } from './past.ts';
import type { JournalEntry } from './record.ts';
import type { State } from './status.ts';
import type { PerSide } from './side.ts';

/** One upgrade in a history: a past one, or the one whose record it is. */
export type HistoryEntry = Omit<PastUpgrade, 'endedAt' | 'phase'> & {
  readonly name: string;
  readonly namespace: string;
  readonly state: State;
  readonly endedAt?: string;
  /** Until now where it has not ended. */
  readonly durationMs: number;
  /** Where it is to end. */
  readonly targets: PerSide<number>;
};

/** What `dupgrade history NAME` shows; `-o json` prints it as it is. */
export type UpgradeHistory = {
  readonly name: string;
  readonly namespace: string;
  /** The oldest first; the last one is the one of the record. */
  readonly upgrades: readonly HistoryEntry[];
  /** What was done in the last one, the oldest first. */
  readonly journal: readonly JournalEntry[];
  /** Entries that the journal no longer holds. */
  readonly journalDropped: number;
};
