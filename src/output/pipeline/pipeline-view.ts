import type { UpgradeEvent } from '../../upgrade/events.ts';
import type { Leg } from '../../upgrade/leg.ts';
import { type EventOf, legSides } from '../event-text.ts';
import { glyphsOf } from '../glyphs.ts';
import { openLinesView } from '../lines-view.ts';
import { endingMessage, endingOf, type Told } from '../outcome-text.ts';
import { printableValue } from '../printable.ts';
import { EMPTY_CURVE, extended } from '../run-curve.ts';
import { isWanted, type View, type ViewContext } from '../view.ts';
import type { Markup } from './markup.ts';
import { summaryPage } from './summary.ts';

/** The view of lines, each leg in a part of its own, with warnings and the end beside the log, and a summary of the step. */
export const openPipelineView = (context: ViewContext, markup: Markup): View => {
  const { terminal, upgrade, program, summarize, prefix } = context;
  const lines = openLinesView(context);
  const told: Told = printableValue({ program, upgrade, glyphs: glyphsOf(terminal.unicode) });
  const title = `${told.upgrade.name} in ${told.upgrade.namespace}`;
  let curve = EMPTY_CURVE;
  let isOpen = false;
  const close = (at: number): void => {
    if (isOpen) terminal.out.write(markup.close(at));
    isOpen = false;
  };
  const open = (name: string, at: number): void => {
    close(at);
    terminal.out.write(markup.open(name, at));
    isOpen = true;
  };
  return {
    show: (given) => {
      const event = printableValue(given);
      curve = extended(curve, event);
      // Parts of several upgrades would be in one another.
      const begun = context.quiet || prefix !== undefined ? undefined : legBegunBy(event);
      if (begun !== undefined) open(legSides(begun, told.glyphs), event.at);
      if (event.type === 'ended') close(event.at);
      lines.show(given);
      if (!isWanted(event, context)) return;
      if (event.type === 'note' && event.level === 'warning')
        terminal.out.write(markup.annotate('warning', title, event.message));
      if (event.type !== 'ended') return;
      terminal.out.write(annotation(event, title, told, markup));
      summarize?.(summaryPage(event, told, curve.points, curve.floor));
    },
    close: () => {
      close(context.now());
      lines.close();
    },
  };
};

/** Where the counts go from and to, where an event begins to go there; `started` has told what the first leg would. */
const legBegunBy = (event: UpgradeEvent): Pick<Leg, 'from' | 'to'> | undefined => {
  if (event.type === 'started') return { from: event.counts, to: event.targets };
  return event.type === 'leg' && event.cause !== 'start' && event.cause !== 'pause' ? event.leg : undefined;
};

const annotation = (event: EventOf<'ended'>, title: string, told: Told, markup: Markup): string => {
  const { exitCode } = event;
  const ending = endingOf(event.outcome, event.summary, { ...told, exitCode });
  const kind = exitCode === 0 ? 'notice' : exitCode === 4 || exitCode === 6 ? 'warning' : 'error';
  return markup.annotate(kind, title, `${ending.title}: ${endingMessage(ending)}`);
};
