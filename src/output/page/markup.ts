import type { Row } from '../rows.ts';

/** Text as it stands in HTML and SVG, in an attribute too. */
export const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/** A table: the first row is its head. Cells are text. */
export const table = ([head = [], ...rows]: readonly (readonly string[])[], current?: number): string => {
  const body = rows.map((row, at) => `<tr${at === current ? ' class="current"' : ''}>${cells(row, 'td')}</tr>`);
  return `<div class="scroll"><table><thead><tr>${cells(head, 'th')}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table></div>`;
};

const cells = (row: readonly string[], tag: 'th' | 'td'): string =>
  row.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('');

export const pairs = (rows: readonly Row[]): readonly (readonly [name: string, value: string])[] =>
  rows.map(({ label, text }) => [label, text]);

/** Names and what they come to. */
export const facts = (rows: readonly (readonly [name: string, value: string])[]): string =>
  `<dl>${rows.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`).join('\n')}</dl>`;

export const section = (title: string, ...content: readonly string[]): string =>
  `<section><h2>${escaped(title)}</h2>\n${content.join('\n')}\n</section>`;
