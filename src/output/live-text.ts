import type { Standing } from '../upgrade/events.ts';
import { isSlowOnly } from '../upgrade/health.ts';
import { causeText } from './cause-text.ts';
import { etaText, typicalEtaText } from './eta-text.ts';
import { eventText, heldNext, limitedText, limitsText, waitingText, wayText } from './event-text.ts';
import { glyphsOf } from './glyphs.ts';
import { cutLine, flow, type Line, lineWidth, paintLine, paragraph, span } from './line.ts';
import type { LiveModel } from './live-model.ts';
import { type Talk, talkLines } from './live-keys.ts';
import { sideLines } from './live-sides.ts';
import { sparkLines } from './live-spark.ts';
import type { Addressee } from './next-step.ts';
import type { Told } from './outcome-text.ts';
import { paletteOf } from './palette.ts';
import { durationText } from './wording.ts';

/** The room there is, and the moment it is. */
export type LiveFrame = Addressee & {
  readonly columns: number;
  readonly rows: number;
  readonly color: boolean;
  readonly unicode: boolean;
  /** Ms since the epoch. */
  readonly now: number;
  /** What the keyboard is about, where there is one. */
  readonly talk?: Talk;
  readonly drives?: boolean;
};

type Room = { readonly now: number; readonly width: number };

type Section = { readonly lines: readonly Line[] /** 0 is the last to go. */; readonly rank: number };

/** The spinner and a space stand before the first line; the others are set in as far. */
const INDENT = 2;

/** Causes that are told one by one. */
const CAUSES_SHOWN = 3;
const RECENT_SHOWN = 5;
const LINES_OF_A_TEXT = 3;
/** About as many characters of a cause are shown in any width, since the command to go on with is its end. */
const CAUSE_SHOWN = 240;
const LINES_OF_A_CAUSE = 8;

/** The text of the live view: cut to the columns, and to one row less than there are, the least needed left out. */
export const renderLive = (model: LiveModel, frame: LiveFrame): string => {
  const glyphs = glyphsOf(frame.unicode);
  const width = Math.max(1, frame.columns - INDENT);
  const told = { ...frame, glyphs };
  const [header = [], ...wayLines] = headerLines(model, frame, width);
  const sections: readonly Section[] = [
    { rank: 1, lines: [header] },
    { rank: 2, lines: model.standing === undefined ? [] : sideLines(model.standing, width, glyphs) },
    { rank: 6, lines: sparkLines(model.curve, frame.now, width, glyphs) },
    ...totalsSections(model, width),
    { rank: 8, lines: wayLines },
    { rank: 3, lines: waitingLines(model, { now: frame.now, width }, told) },
    { rank: 5, lines: causeLines(model.standing, width, frame) },
    { rank: 7, lines: recentLines(model, frame.now, told) },
    ...talkSections(frame, width),
  ];
  const palette = paletteOf(frame.color);
  return fitted(sections, Math.max(1, frame.rows - 1))
    .map((line) => paintLine(cutLine(line, width, glyphs.ellipsis), palette))
    .join(`\n${' '.repeat(INDENT)}`);
};

/** What is asked stands there in any room: it would be answered blindly. */
const talkSections = ({ talk, drives = false }: LiveFrame, width: number): readonly Section[] => {
  if (talk === undefined) return [];
  if (talk.kind === 'silent') return [{ rank: 9, lines: [[span('? shows the keys', 'dim')]] }];
  return [{ rank: talk.kind === 'help' ? 1 : 0, lines: talkLines(talk, drives, width) }];
};

/** The lines of the sections in their order, as many as there are rows: the lower ranks get what the higher leave. */
const fitted = (sections: readonly Section[], rows: number): readonly Line[] => {
  const kept = new Map<Section, number>();
  let left = rows;
  for (const section of sections.toSorted((a, b) => a.rank - b.rank)) {
    const count = Math.min(left, section.lines.length);
    kept.set(section, count);
    left -= count;
  }
  return sections.flatMap((section) => section.lines.slice(0, kept.get(section)));
};

/** The way stands beside what is known of the run or, where there is no room, on a line of its own. */
const headerLines = (model: LiveModel, frame: LiveFrame, width: number): readonly Line[] => {
  const way = model.leg?.leg ?? model.run?.way;
  const head = headOf(model, frame, width);
  return way === undefined ? [head] : flow([head, [span(wayText(way), 'dim')]], width);
};

/** How long it takes yet goes without its range where there is no room, rather than be cut. */
const headOf = (model: LiveModel, { upgrade, now, columns }: LiveFrame, width: number): Line => {
  const { state, style } = stateOf(model);
  const home = columns < 60 ? '' : ` (${upgrade.namespace})`;
  const elapsed = model.run === undefined ? '' : ` ${durationText(Math.max(0, now - Date.parse(model.run.startedAt)))}`;
  const { standing, standingAt = now, held } = model;
  const head = [span(upgrade.name, 'strong'), span(`${home}  `), span(state, style), span(elapsed)];
  const { eta } = standing ?? {};
  if (eta === undefined || held) return head;
  const withEta = [etaText, typicalEtaText].map((text) => [...head, span(`, ${text(eta, now - standingAt)}`)]);
  return withEta.find((line) => lineWidth(line) <= width) ?? head;
};

const stateOf = ({ held, standing, leg }: LiveModel): { readonly state: string; readonly style: 'warn' | 'good' } => {
  if (held !== undefined) return { state: held.reason === 'paused' ? 'paused' : 'held', style: 'warn' };
  if (leg?.back === true) return { state: 'going back', style: 'warn' };
  return { state: standing === undefined ? 'starting' : 'running', style: 'good' };
};

const totals = ({ sides, ready, pods, floor, ceiling }: Standing): readonly Line[] => {
  const gpus = [sides.main.gpus, sides.grey.gpus].filter((count) => count !== undefined);
  const inUse = gpus.reduce((sum, count) => sum + count, 0);
  return [
    [span('ready '), span(String(ready), ready < floor ? 'bad' : 'strong'), span(` (floor ${floor})`)],
    [span('pods '), span(String(pods), pods > ceiling ? 'bad' : 'strong'), span(` (ceiling ${ceiling})`)],
    ...(gpus.length === 0 ? [] : [[span('GPUs in use '), span(String(inUse), 'strong')]]),
  ];
};

/** The totals, and the limits beside them or, where there is no room, on a line of their own that goes first. */
const totalsSections = ({ run, standing }: LiveModel, width: number): readonly Section[] => {
  if (standing === undefined) return [];
  const text = run === undefined ? '' : limitsText(run.limits);
  const limits = text === '' ? [] : [[span(`limits ${text}`, 'dim')]];
  const together = flow([...totals(standing), ...limits], width);
  if (together.length === 1) return [{ rank: 4, lines: together }];
  return [
    { rank: 4, lines: flow(totals(standing), width) },
    { rank: 8, lines: limits },
  ];
};

const waitingLines = (model: LiveModel, { now, width }: Room, to: Told): readonly Line[] => {
  const { held, standing, progressAt } = model;
  if (held !== undefined) {
    const { why, command } = heldNext(held, to);
    const what = held.reason === 'paused' ? 'paused' : 'at other targets than those of the spec';
    return [
      ...paragraph(`${what} for ${durationText(now - held.at)}, by ${held.by}`, width, 'warn', LINES_OF_A_TEXT),
      [span(command, 'accent'), span(`  # ${why}`, 'dim')],
    ];
  }
  const limited = Object.values(model.limited).flatMap((event) =>
    paragraph(limitedText(event), width, 'warn', LINES_OF_A_TEXT),
  );
  if (standing === undefined || standing.waiting.length === 0) return limited;
  const since = progressAt === undefined ? '' : ` ${durationText(now - progressAt)}`;
  return [
    ...paragraph(`waiting${since} for ${waitingText(standing.waiting)}`, width, 'plain', LINES_OF_A_TEXT),
    ...limited,
  ];
};

const causeLines = (standing: Standing | undefined, width: number, to: Addressee): readonly Line[] => {
  const causes = standing?.causes ?? [];
  const lines = Math.min(LINES_OF_A_CAUSE, Math.max(LINES_OF_A_TEXT, Math.ceil(CAUSE_SHOWN / width)));
  const shown = causes
    .slice(0, CAUSES_SHOWN)
    .flatMap((cause) => paragraph(causeText(cause, to), width, isSlowOnly(cause) ? 'dim' : 'bad', lines));
  const more = causes.length - CAUSES_SHOWN;
  return more > 0 ? [...shown, [span(`and ${more} more`, 'dim')]] : shown;
};

/** The latest first, so that the oldest go where there is no room. */
const recentLines = ({ recent }: LiveModel, now: number, to: Told): readonly Line[] =>
  recent
    .slice(-RECENT_SHOWN)
    .toReversed()
    .map((event) => [
      span(`${durationText(now - event.at)} ago`.padStart(10), 'dim'),
      span(`  ${eventText(event, to)}`),
    ]);
