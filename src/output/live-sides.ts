import type { Standing } from '../upgrade/events.ts';
import { SIDES, type Side } from '../upgrade/side.ts';
import type { Glyphs } from './glyphs.ts';
import { type Line, lineWidth, type Span, span } from './line.ts';

export const NAME_WIDTH = 6;
export const WIDEST_BAR = 40;
export const NARROWEST_BAR = 8;
export const GAP = 2;

/** What is said of a side beside its bar. */
type Counts = {
  readonly head: Line;
  /** Comes and goes with every removal; room is kept for it, so that bars do not change their width. */
  readonly terminating: Span;
};

/**
 * A line for each side: a bar and the counts. Both bars have the same scale, so that what leaves one is seen to come to
 * the other. Where there is no room for a bar of some width beside the counts in words, the counts are told shorter.
 */
export const sideLines = (standing: Standing, width: number, glyphs: Glyphs): readonly Line[] => {
  const room = width - NAME_WIDTH;
  const inWords = SIDES.map((side) => countsInWords(standing, side));
  const inShort = SIDES.map((side) => countsInShort(standing, side, glyphs));
  const inDigits = SIDES.map((side) => countsInDigits(standing, side, glyphs));
  const wordsFit = barBeside(inWords, room) > 0;
  const shortFits = Math.max(...inShort.map(({ head }) => lineWidth(head))) <= room;
  const counts = wordsFit ? inWords : shortFits ? inShort : inDigits;
  const bar = barBeside(counts, room);

  return SIDES.map((side, at) => {
    const { head, terminating } = counts[at] ?? { head: [], terminating: span('') };
    return [
      span(side.padEnd(NAME_WIDTH), 'accent'),
      ...(bar === 0 ? [] : [...barOf(standing, side, bar, glyphs), span(' '.repeat(GAP))]),
      ...head,
      ...(standing.sides[side].terminating > 0 ? [terminating] : []),
    ];
  });
};

/** How wide a bar is that stands beside the counts; 0 where there is no room for one. */
const barBeside = (counts: readonly Counts[], room: number): number => {
  const widest = Math.max(...counts.map(({ head, terminating }) => lineWidth([...head, terminating])));
  const bar = Math.min(WIDEST_BAR, room - GAP - widest);
  return bar < NARROWEST_BAR ? 0 : bar;
};

/** The most replicas that a side has or is to have. */
const scaleOf = ({ sides }: Standing): number =>
  Math.max(1, ...SIDES.flatMap((side) => [sides[side].asked, sides[side].ready, sides[side].target]));

const barOf = (standing: Standing, side: Side, width: number, glyphs: Glyphs): Line => {
  const { ready, asked } = standing.sides[side];
  const scale = scaleOf(standing);
  const full = cellsOf(ready, scale, width);
  const partial = Math.max(0, cellsOf(asked, scale, width) - full);
  return [
    span(glyphs.ready.repeat(full), 'good'),
    span(glyphs.asked.repeat(partial), 'warn'),
    span(glyphs.rest.repeat(width - full - partial), 'dim'),
  ];
};

/** A few of many are seen, and nearly all are not seen as all. */
const cellsOf = (count: number, scale: number, width: number): number => {
  if (count === 0 || count === scale) return (count / scale) * width;
  return Math.min(width - 1, Math.max(1, Math.round((count / scale) * width)));
};

const countsInWords = (standing: Standing, side: Side): Counts => {
  const { asked, ready, target, terminating } = standing.sides[side];
  const digits = String(scaleOf(standing)).length;
  const aligned = (count: number): string => String(count).padStart(digits);
  return {
    head: [
      span(`asked ${aligned(asked)}  ready `),
      span(aligned(ready), ready < asked ? 'warn' : 'good'),
      span(`  target ${aligned(target)}`),
    ],
    terminating: span(`  terminating ${aligned(terminating)}`, 'dim'),
  };
};

const countsInShort = (standing: Standing, side: Side, { arrow }: Glyphs): Counts => {
  const { asked, ready, target, terminating } = standing.sides[side];
  return {
    head: [span(`${ready}/${asked}`, ready < asked ? 'warn' : 'good'), span(` ready ${arrow} ${target}`)],
    terminating: span(`, ${terminating} terminating`, 'dim'),
  };
};

const countsInDigits = (standing: Standing, side: Side, { arrow }: Glyphs): Counts => {
  const { asked, ready, target } = standing.sides[side];
  return {
    head: [span(`${ready}/${asked}`, ready < asked ? 'warn' : 'good'), span(`${arrow}${target}`)],
    terminating: span(''),
  };
};
