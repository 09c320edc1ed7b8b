/**
 * Draws what a terminal shows as an SVG. Reads text with colours from standard input, writes the picture to standard output:
 *
 *     tmux capture-pane -e -p -t SESSION | node docs/picture.ts > docs/live-view.svg
 */
import { text } from 'node:stream/consumers';

const CELL = { width: 8.4, height: 18, font: 14 };
const MARGIN = 16;
const GROUND = '#16181d';
const PLAIN = '#d7dae0';
const COLORS: Readonly<Record<number, string>> = {
  30: '#5c6370',
  31: '#e86671',
  32: '#98c379',
  33: '#e5c07b',
  34: '#61afef',
  35: '#c678dd',
  36: '#56b6c2',
  37: '#d7dae0',
  90: '#7f848e',
};

type Style = { readonly color: string; readonly bold: boolean; readonly dim: boolean };
const DEFAULT: Style = { color: PLAIN, bold: false, dim: false };

/** The style after one SGR code (ECMA-48, 8.3.117). */
const styled = (style: Style, code: number): Style => {
  if (code === 0) return DEFAULT;
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 39) return { ...style, color: PLAIN };
  const color = COLORS[code] ?? COLORS[code - 60];
  return color === undefined ? style : { ...style, color };
};

const escaped = (part: string): string => part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const tspan = (column: number, part: string, { color, bold, dim }: Style): string =>
  `<tspan x="${(MARGIN + column * CELL.width).toFixed(1)}" fill="${color}"${bold ? ' font-weight="bold"' : ''}${dim ? ' fill-opacity="0.6"' : ''}>${escaped(part)}</tspan>`;

const ESCAPE = String.fromCharCode(27);
const SGR = new RegExp(`(${ESCAPE}\\[[0-9;]*m)`);

/** What stands between wider gaps, and is put at its column: browsers draw one space for many, and none at a beginning. */
const WORDS = /\S+(?: \S+)*/g;

/** One row; a colour lasts over the end of a line. */
const row = (line: string, from: Style): { readonly spans: string; readonly width: number; readonly style: Style } => {
  let style = from;
  let column = 0;
  let spans = '';
  for (const part of line.split(SGR)) {
    const codes = SGR.test(part) ? part.slice(2, -1) : undefined;
    if (codes !== undefined) {
      style = codes.split(';').map(Number).reduce(styled, style);
    } else if (part !== '') {
      for (const { index, 0: words } of part.matchAll(WORDS))
        spans += tspan(column + Array.from(part.slice(0, index)).length, words, style);
      column += Array.from(part).length;
    }
  }
  return { spans, width: column, style };
};

const lines = (await text(process.stdin)).trimEnd().split('\n');
let style = DEFAULT;
let columns = 0;
const rows = lines.map((line, index) => {
  const drawn = row(line, style);
  style = drawn.style;
  columns = Math.max(columns, drawn.width);
  return `<text y="${MARGIN + (index + 1) * CELL.height - 4}">${drawn.spans}</text>`;
});
const width = Math.ceil(2 * MARGIN + columns * CELL.width);
const height = 2 * MARGIN + lines.length * CELL.height;
process.stdout.write(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="${CELL.font}">
<rect width="100%" height="100%" rx="8" fill="${GROUND}"/>
${rows.join('\n')}
</svg>
`);
