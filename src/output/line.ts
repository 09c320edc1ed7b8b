import type { Palette, Style } from './palette.ts';

/** A piece of a line that is shown in one style. */
export type Span = { readonly text: string; readonly style: Style };

/** A line that is not coloured yet, so that it can still be measured and cut. */
export type Line = readonly Span[];

export const span = (text: string, style: Style = 'plain'): Span => ({ text, style });

const WIDE =
  /[\p{Emoji_Presentation}\u{1100}-\u{115f}\u{2e80}-\u{303e}\u{3041}-\u{a4cf}\u{ac00}-\u{d7a3}\u{f900}-\u{faff}\u{fe30}-\u{fe6f}\u{ff00}-\u{ff60}\u{ffe0}-\u{ffe6}\u{20000}-\u{3fffd}]/u;

/** How many columns a terminal gives a character. Names in Kubernetes are ASCII; messages may be anything. */
const columnsOf = (character: string): number => {
  if (/\p{M}/u.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
};

export const widthOf = (text: string): number => {
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
};

export const lineWidth = (line: Line): number => line.reduce((sum, { text }) => sum + widthOf(text), 0);

/** The line in no more than `columns`, ended with `ellipsis` where something was cut off. */
export const cutLine = (line: Line, columns: number, ellipsis: string): Line => {
  if (lineWidth(line) <= columns) return line;
  const room = Math.max(0, columns - widthOf(ellipsis));
  const kept: Span[] = [];
  let used = 0;
  for (const { text, style } of line) {
    const part = headOf(text, room - used);
    used += widthOf(part);
    kept.push(span(part, style));
    if (part !== text) break;
  }
  return [...kept, span(headOf(ellipsis, columns), 'dim')];
};

const headOf = (text: string, columns: number): string => {
  let head = '';
  let used = 0;
  for (const character of text) {
    used += columnsOf(character);
    if (used > columns) break;
    head += character;
  }
  return head;
};

export const paintLine = (line: Line, palette: Palette): string =>
  line.map(({ text, style }) => (text === '' ? '' : palette[style](text))).join('');

/** As many chunks in a line as fit into `columns`, with `gap` between them; at least one in each. */
export const flow = (chunks: readonly Line[], columns: number, gap = '  '): readonly Line[] => {
  const lines: Line[] = [];
  for (const chunk of chunks) {
    const last = lines.at(-1);
    const longer = last === undefined ? chunk : [...last, span(gap), ...chunk];
    if (last === undefined || lineWidth(longer) > columns) lines.push(chunk);
    else lines[lines.length - 1] = longer;
  }
  return lines;
};

/** `text` in lines of one style, the second and later ones set in by two; with `most`, the last may be too long. */
export const paragraph = (
  text: string,
  columns: number,
  style: Style,
  most = Number.POSITIVE_INFINITY,
): readonly Line[] => {
  const lines = wrapped(text, Math.max(1, columns - 2));
  const shown = lines.length <= most ? lines : [...lines.slice(0, most - 1), lines.slice(most - 1).join(' ')];
  return shown.map((line, at) => [span(at === 0 ? line : `  ${line}`, style)]);
};

/** `text` broken at spaces into lines of no more than `columns`; a word that is longer stays whole. */
export const wrapped = (text: string, columns: number): readonly string[] => {
  const words = text.split(' ').map((word): Line => [span(word)]);
  return flow(words, columns, ' ').map((line) => line.map((part) => part.text).join(''));
};
