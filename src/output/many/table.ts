import { reasonOf } from '../../upgrade/outcome.ts';
import { SIDES, type Side } from '../../upgrade/side.ts';
import { type Glyphs, glyphsOf } from '../glyphs.ts';
import { cutLine, type Line, lineWidth, paintLine, span, widthOf } from '../line.ts';
import { outcomeTitle } from '../outcome-text.ts';
import { paletteOf, type Style } from '../palette.ts';
import { countText, durationText, podsText } from '../wording.ts';
import { hindrance, inOrder, KINDS, kindOf, type RowKind, type RowModel, shareDone } from './model.ts';

export type TableFrame = {
  readonly columns: number;
  readonly rows: number;
  readonly color: boolean;
  readonly unicode: boolean;
  /** Ms since the epoch, now and when the first was begun. */
  readonly now: number;
  readonly since: number;
};

/** The spinner and a space stand before the first line; the others are set in as far. */
const INDENT = 2;
const GAP = span('  ');
const BAR = 10;
/** From how many columns on there is room for a bar, and for the counts. */
const BAR_FROM = 72;
const COUNTS_FROM = 46;

/** A line on all of them and one for each, as many as there are rows: what somebody has to look at first. */
export const renderTable = (models: readonly RowModel[], frame: TableFrame): string => {
  const glyphs = glyphsOf(frame.unicode);
  const palette = paletteOf(frame.color);
  const width = Math.max(1, frame.columns - INDENT);
  const room = Math.max(1, frame.rows - 2);
  const sorted = inOrder(models);
  const shown = sorted.length <= room ? sorted : sorted.slice(0, Math.max(0, room - 1));
  const hidden = sorted.slice(shown.length);
  const lines = [
    headLine(models, frame),
    ...rowLines(shown, frame, glyphs),
    ...(hidden.length === 0 ? [] : [[span(`and ${hidden.length} more: ${kindsText(hidden)}`, 'dim')]]),
  ];
  return lines
    .slice(0, Math.max(1, frame.rows - 1))
    .map((line) => paintLine(cutLine(line, width, glyphs.ellipsis), palette))
    .join(`\n${' '.repeat(INDENT)}`);
};

const headLine = (models: readonly RowModel[], { now, since }: TableFrame): Line => [
  span(countText(models.length, 'upgrade'), 'strong'),
  span(`  ${kindsText(models)}  ${durationText(now - since)}`),
];

const KIND_TEXTS: Readonly<Record<RowKind, string>> = {
  bad: 'ended badly',
  held: 'held',
  stuck: 'hindered',
  running: 'running',
  waiting: 'waiting',
  done: 'done',
};

/** `1 ended badly, 3 running, 2 waiting, 4 done`. */
const kindsText = (models: readonly RowModel[]): string =>
  KINDS.flatMap((kind) => {
    const count = models.filter((model) => kindOf(model) === kind).length;
    return count === 0 ? [] : [`${count} ${KIND_TEXTS[kind]}`];
  }).join(', ');

const rowLines = (models: readonly RowModel[], frame: TableFrame, glyphs: Glyphs): readonly Line[] => {
  const { columns } = frame;
  const name = Math.min(Math.max(8, Math.floor(columns / 4)), Math.max(...models.map(({ label }) => widthOf(label))));
  const counts = columns < COUNTS_FROM ? [] : SIDES.map((side) => countsColumn(models, side, glyphs));
  return models.map((model, at) => [
    ...padded([span(model.label, 'accent')], name, glyphs),
    GAP,
    ...(columns < BAR_FROM ? [] : [...barOf(model, glyphs), span(' ')]),
    span(percentOf(model)),
    ...counts.flatMap((column) => [GAP, span(column[at] ?? '')]),
    GAP,
    ...stateOf(model, frame),
  ]);
};

const padded = (line: Line, width: number, { ellipsis }: Glyphs): Line => {
  const cut = cutLine(line, width, ellipsis);
  return [...cut, span(' '.repeat(Math.max(0, width - lineWidth(cut))))];
};

const barOf = (model: RowModel, glyphs: Glyphs): Line => {
  const full = Math.floor(BAR * (shareDone(model) ?? 0));
  return [span(glyphs.ready.repeat(full), 'good'), span(glyphs.rest.repeat(BAR - full), 'dim')];
};

const percentOf = (model: RowModel): string => {
  const share = shareDone(model);
  return (share === undefined ? '' : `${Math.floor(100 * share)}%`).padStart(4);
};

/** `main 27/27→0`: ready, asked, target; all as wide as the widest. */
const countsColumn = (models: readonly RowModel[], side: Side, { arrow }: Glyphs): readonly string[] => {
  const cells = models.map(({ live }) => {
    const seen = live.standing?.sides[side];
    return seen === undefined ? '' : `${side} ${seen.ready}/${seen.asked}${arrow}${seen.target}`;
  });
  const width = Math.max(...cells.map(widthOf));
  return cells.map((cell) => cell + ' '.repeat(width - widthOf(cell)));
};

const STYLES: Readonly<Record<RowKind, Style>> = {
  bad: 'bad',
  held: 'warn',
  stuck: 'warn',
  running: 'good',
  waiting: 'dim',
  done: 'good',
};

/** The phase, what hinders it, and how long it takes yet. */
const stateOf = (model: RowModel, { now }: TableFrame): Line => {
  const { standing, standingAt = now, held } = model.live;
  const eta = model.ended === undefined && held === undefined ? standing?.eta : undefined;
  const toGo = eta === undefined ? '' : `, ${durationText(eta.typicalMs - (now - standingAt))} to go`;
  return [span(stateText(model), STYLES[kindOf(model)]), span(toGo)];
};

const stateText = (model: RowModel): string => {
  const { live, ended, failed, isBegun } = model;
  if (ended !== undefined) {
    const title = outcomeTitle(ended.outcome.kind, reasonOf(ended.outcome));
    return ended.exitCode === 0 ? title : `${title}, exit code ${ended.exitCode}`;
  }
  if (failed !== undefined) return `failed, exit code ${failed}`;
  if (!isBegun) return 'waiting';
  if (live.held !== undefined) return live.held.reason === 'paused' ? 'paused' : 'held';
  const cause = hindrance(model);
  if (cause !== undefined) return `${cause.reason}: ${podsText(cause.pods, cause.side)}`;
  if (live.run === undefined) return 'checking';
  return live.leg?.back === true ? 'going back' : 'running';
};
