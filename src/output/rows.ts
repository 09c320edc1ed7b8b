import { wrapped } from './line.ts';
import type { Palette, Style } from './palette.ts';

/** A text beside its label. */
export type Row = { readonly label: string; readonly text: string; readonly style?: Style };

const LABEL_WIDTH = 11;
const NARROWEST_TEXT = 30;

/** A text beside each label, broken into as many lines as it takes. */
export const rowsText = (rows: readonly Row[], columns: number, palette: Palette): string => {
  const width = Math.max(NARROWEST_TEXT, columns - LABEL_WIDTH);
  return rows.map((row) => `${rowText(row, width, palette)}\n`).join('');
};

const rowText = ({ label, text, style = 'plain' }: Row, width: number, palette: Palette): string => {
  const lines = wrapped(text, width).map((line) => palette[style](line));
  return `${(label === '' ? '' : `${label}:`).padEnd(LABEL_WIDTH)}${lines.join(`\n${' '.repeat(LABEL_WIDTH)}`)}`;
};
