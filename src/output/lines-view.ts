import type { Standing, UpgradeEvent } from '../upgrade/events.ts';
import { isSlowOnly } from '../upgrade/health.ts';
import type { Mode } from '../upgrade/leg.ts';
import { SIDES } from '../upgrade/side.ts';
import { causeText } from './cause-text.ts';
import { eventText, totalsText } from './event-text.ts';
import { glyphsOf } from './glyphs.ts';
import { endingOf, type Told } from './outcome-text.ts';
import { printableValue } from './printable.ts';
import { isWanted, type View, type ViewContext } from './view.ts';
import { momentText } from './wording.ts';

/** Writes one line for each change, with the time in UTC: for a pipeline's log. Not a control character in it. */
export const openLinesView = (context: ViewContext): View => {
  const { terminal, program, prefix = '' } = context;
  const told = printableValue({ program, upgrade: context.upgrade, glyphs: glyphsOf(terminal.unicode) });
  let said = NOTHING_SAID;
  return {
    show: (event) => {
      const { lines, after } = linesOf(said, printableValue(event), told);
      said = after;
      if (!isWanted(event, context)) return;
      for (const line of lines) terminal.out.write(`${prefix}${momentText(event.at)} ${line}\n`);
    },
    close: () => {},
  };
};

/** What was said already and need not be said again. */
export type Said = {
  readonly standing?: Standing;
  /** What held pods or a side back when last looked at; a leg forgets it. */
  readonly obstacles: readonly string[];
  readonly mode?: Mode;
};

export const NOTHING_SAID: Said = { obstacles: [] };

/** The lines that an event is worth after what was said before it. */
export const linesOf = (
  said: Said,
  event: UpgradeEvent,
  to: Told,
): { readonly lines: readonly string[]; readonly after: Said } => {
  const text = eventText(event, { ...to, mode: said.mode });
  switch (event.type) {
    case 'leg': {
      // `started` has said what the first leg says, and `held` is about to say that somebody paused.
      const lines = event.cause === 'start' || event.cause === 'pause' ? [] : [text];
      return { lines, after: { ...said, obstacles: [], mode: event.leg.mode } };
    }
    case 'scaled': {
      const totals = said.standing === undefined ? '' : ` ${totalsText(said.standing)}`;
      return { lines: [`${text}${totals}`], after: said };
    }
    case 'observed':
      return observedLines(said, event.standing, text, to);
    case 'alive':
      return { lines: [text], after: { ...said, standing: event.standing } };
    case 'limited': {
      const obstacle = `${event.side} limit ${event.limit} ${event.value}`;
      if (said.obstacles.includes(obstacle)) return { lines: [], after: said };
      return { lines: [text], after: { ...said, obstacles: [...said.obstacles, obstacle] } };
    }
    case 'ended': {
      const { soFar } = endingOf(event.outcome, event.summary, to);
      return { lines: soFar === undefined ? [text] : [`so far: ${soFar}`, text], after: said };
    }
    case 'started':
      return { lines: [text], after: { ...said, mode: event.way.mode } };
    case 'held':
    case 'note':
      return { lines: [text], after: said };
  }
};

/** A line when pods became ready or unready, or began or ended to go, and one for each cause that was not there before. */
const observedLines = (said: Said, standing: Standing, text: string, to: Told): ReturnType<typeof linesOf> => {
  const lines = said.standing !== undefined && samePods(said.standing, standing) ? [] : [text];
  const causes = standing.causes.filter((cause) => !isSlowOnly(cause));
  const limits = said.obstacles.filter((obstacle) => obstacle.includes(' limit '));
  const present = causes.map(({ side, reason }) => `${side} ${reason}`);
  const fresh = causes.filter(({ side, reason }) => !said.obstacles.includes(`${side} ${reason}`));
  return {
    lines: [...lines, ...fresh.map((cause) => causeText(cause, to))],
    after: { ...said, standing, obstacles: [...limits, ...present] },
  };
};

/** What was asked for is not compared, nor the pods that were made for it: a write has a line of its own. */
const samePods = (a: Standing, b: Standing): boolean =>
  SIDES.every(
    (side) => a.sides[side].ready === b.sides[side].ready && a.sides[side].terminating === b.sides[side].terminating,
  );
