import type { UpgradeEvent } from '../../upgrade/events.ts';
import { moodOf } from '../ending-block.ts';
import { eventText } from '../event-text.ts';
import { glyphsOf } from '../glyphs.ts';
import { endingMessage, endingOf, type Told } from '../outcome-text.ts';
import type { Style } from '../palette.ts';
import { printableValue } from '../printable.ts';
import { isWanted } from '../view.ts';
import { afterEvent } from './model.ts';
import { openScreen } from './screen.ts';
import { sumUpOf } from './sum-up.ts';
import { labelsOf, type ManyContext, type ManyView } from './view.ts';

/** A row for each upgrade, redrawn in place; warnings and ends stay above it, and what it all came to stays behind. */
export const openManyLiveView = async (context: ManyContext): Promise<ManyView> => {
  const { terminal, program, upgrades } = context;
  const labels = labelsOf(upgrades);
  const { change, above, close } = await openScreen(context, labels);
  const sumUp = sumUpOf('live', context, labels);
  return {
    begin: (upgrade) => {
      const told = printableValue({ program, upgrade, glyphs: glyphsOf(terminal.unicode) });
      const label = labels.get(upgrade) ?? '';
      change(upgrade, (row) => ({ ...row, isBegun: true }));
      const show = (given: UpgradeEvent): void => {
        const event = printableValue(given);
        const line = isWanted(event, { ...context, upgrade }) ? lineAbove(event, label, told) : undefined;
        if (line !== undefined) above(line.text, line.style);
        change(upgrade, (row) => afterEvent(row, event));
      };
      return { show, close: () => {} };
    },
    failed: (upgrade, exitCode, text) => {
      for (const line of text.trimEnd().split('\n')) above(line, 'bad');
      change(upgrade, (row) => ({ ...row, failed: exitCode }));
    },
    sumUp: (results, exitCode) => {
      close();
      sumUp(results, exitCode);
    },
    close,
  };
};

/** What is told of an event above the table: what somebody should know of, and how each ended. What to do is told for all together. */
const lineAbove = (
  event: UpgradeEvent,
  label: string,
  told: Told,
): { readonly text: string; readonly style: Style } | undefined => {
  if (event.type === 'held') return { text: `${label}: ${eventText(event, told)}`, style: 'warn' };
  if (event.type === 'note')
    return { text: `${label}: ${eventText(event, told)}`, style: event.level === 'warning' ? 'warn' : 'dim' };
  if (event.type !== 'ended') return undefined;
  const { sign, style } = moodOf(event.outcome, told.glyphs);
  const ending = endingOf(event.outcome, event.summary, { ...told, exitCode: event.exitCode });
  return { text: `${sign} ${label}: ${ending.title}: ${endingMessage(ending)}`, style };
};
