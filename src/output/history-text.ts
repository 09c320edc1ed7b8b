import type { HistoryEntry, UpgradeHistory } from '../upgrade/history.ts';
import type { Side } from '../upgrade/side.ts';
import { type Glyphs, glyphsOf } from './glyphs.ts';
import { datedJournalText, olderText } from './journal-text.ts';
import { tableText } from './list-text.ts';
import { printableValue } from './printable.ts';
import { durationText, momentText } from './wording.ts';

export type HistoryFrame = {
  readonly unicode: boolean;
  /** Whether the upgrades are of all namespaces, so that each must say which. */
  readonly allNamespaces: boolean;
};

/** What `dupgrade history` prints without a name: a line for each upgrade that there was, the last one last. */
export const renderHistories = (given: readonly UpgradeHistory[], frame: HistoryFrame): string => {
  const entries = given
    .flatMap(({ upgrades }) => upgrades)
    .map((entry) => printableValue(entry))
    .toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
  return entries.length === 0 ? 'No upgrades found.\n' : upgradesTable(entries, frame);
};

/** What `dupgrade history NAME` prints: the upgrades of that name, and everything that was done in the last one. */
export const renderHistory = (given: UpgradeHistory, frame: HistoryFrame): string => {
  const { upgrades, journal, journalDropped } = printableValue(given);
  const glyphs = glyphsOf(frame.unicode);
  const dropped = journalDropped === 0 ? [] : [olderText(journalDropped, glyphs)];
  const lines = [...dropped, ...journal.map((entry) => datedJournalText(entry, glyphs))];
  return `${upgradesTable(upgrades, frame)}\n${lines.map((line) => `${line}\n`).join('')}`;
};

const upgradesTable = (entries: readonly HistoryEntry[], { unicode, allNamespaces }: HistoryFrame): string => {
  const titles = ['NAME', 'STARTED', 'BY', 'STATE', 'TOOK', 'MAIN', 'GREY', 'WRITES', 'MINREADY', 'MAXPODS'];
  const rows = entries.map((entry) => cellsOf(entry, glyphsOf(unicode)));
  if (!allNamespaces) return tableText([titles, ...rows]);
  return tableText([['NAMESPACE', ...titles], ...rows.map((row, at) => [entries[at]?.namespace ?? '', ...row])]);
};

const cellsOf = (entry: HistoryEntry, glyphs: Glyphs): readonly string[] => [
  entry.name,
  momentText(Date.parse(entry.startedAt)),
  entry.startedBy,
  entry.state,
  durationText(entry.durationMs),
  sideCell(entry, 'main', glyphs),
  sideCell(entry, 'grey', glyphs),
  ...[entry.writes, entry.lowestReady, entry.highestPods].map(String),
];

/** `30→0`; where it stands elsewhere than it is to end, `30→12 (of 0)`. */
const sideCell = ({ from, to, targets }: HistoryEntry, side: Side, { arrow }: Glyphs): string => {
  const off = to[side] === targets[side] ? '' : ` (of ${targets[side]})`;
  return `${from[side]}${arrow}${to[side]}${off}`;
};
