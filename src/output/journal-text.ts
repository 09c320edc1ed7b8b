import type { JournalEntry } from '../upgrade/record.ts';
import { type PerSide, SIDES } from '../upgrade/side.ts';
import { wayText } from './event-text.ts';
import type { Glyphs } from './glyphs.ts';
import { outcomeTitle } from './outcome-text.ts';
import { agoText, momentText } from './wording.ts';

/** `12m04s ago  anna@laptop: set-target to main 18, grey 12`. */
export const journalText = (entry: JournalEntry, now: number, glyphs: Glyphs): string =>
  `${agoText(entry.at, now).padStart(10)}  ${entry.by}: ${doneText(entry, glyphs)}`;

/** `2026-11-23T10:12:04Z  anna@laptop: set-target to main 18, grey 12`. */
export const datedJournalText = (entry: JournalEntry, glyphs: Glyphs): string =>
  `${momentText(Date.parse(entry.at))}  ${entry.by}: ${doneText(entry, glyphs)}`;

/** `… 3 older entries`: of a journal that has lost its oldest. */
export const olderText = (dropped: number, { ellipsis }: Glyphs): string =>
  `${ellipsis} ${dropped === 1 ? '1 older entry' : `${dropped} older entries`}`;

/** `grey 3 → 6`: what was done, without when and by whom. */
export const doneText = (entry: JournalEntry, { arrow }: Glyphs): string => {
  switch (entry.did) {
    case 'verb': {
      const targets = entry.targets === undefined ? '' : ` to ${countsText(entry.targets)}`;
      return `${entry.verb}${targets}${entry.way === undefined ? '' : `; ${wayText(entry.way)}`}`;
    }
    case 'scaled':
      return `${entry.side} ${entry.from} ${arrow} ${entry.to}`;
    case 'leg':
      return `leg ${SIDES.map((side) => `${side} ${entry.from[side]} ${arrow} ${entry.to[side]}`).join(', ')}`;
    case 'ended':
      return outcomeTitle(entry.outcome, entry.reason);
  }
};

const countsText = (counts: PerSide<number>): string => SIDES.map((side) => `${side} ${counts[side]}`).join(', ');
