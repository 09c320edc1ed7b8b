import { widthOf } from './line.ts';
import type { Terminal } from './terminal.ts';

/** What ora asks of the stream that it draws on. */
type OraStream = {
  readonly isTTY: true;
  readonly columns: number;
  readonly rows: number;
  write: (text: string) => boolean;
  readonly cursorTo: (column: number) => void;
  readonly moveCursor: (columns: number, rows: number) => void;
  readonly clearLine: (direction: -1 | 0 | 1) => void;
};

/** The terminal's output as ora wants it: as a stream that can move its cursor. */
export const oraStream = (terminal: Terminal): NodeJS.WritableStream => {
  let drawn = { text: '', columns: terminal.columns() };
  const write = (text: string): boolean => {
    terminal.out.write(text);
    return true;
  };
  const stream: OraStream = {
    isTTY: true,
    get columns() {
      return terminal.columns();
    },
    get rows() {
      return terminal.rows();
    },
    write: (text) => {
      // Private modes (the cursor, synchronised output) draw nothing.
      if (!text.startsWith('\u001B[?')) drawn = { text, columns: terminal.columns() };
      return write(text);
    },
    // ora goes to the first column and nowhere else, to wipe what it drew.
    cursorTo: () => {
      write(`\r${wipeOverflow(drawn, terminal.columns())}`);
      drawn = { text: '', columns: terminal.columns() };
    },
    moveCursor: (_, rows) => write(vertically(rows)),
    clearLine: () => write('\u001B[K'),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- ora's types ask for all of a stream, its code for this
  return stream as unknown as NodeJS.WritableStream;
};

/**
 * A terminal that became narrower has broken the lines that ora drew, so that they take more rows than ora will wipe.
 * Wipes them row by row, as ora does (a multiplexer may keep what is wiped at once), and goes back to the row from which
 * ora's own way up leads to the first.
 */
const wipeOverflow = (drawn: { readonly text: string; readonly columns: number }, columns: number): string => {
  const known = rowsOf(drawn.text, drawn.columns);
  const overflow = rowsOf(drawn.text, columns) - known;
  if (overflow <= 0) return '';
  return `${'\u001B[K\u001B[A'.repeat(known + overflow - 1)}\u001B[K${vertically(known - 1)}`;
};

const rowsOf = (text: string, columns: number): number => {
  const lines = text.replaceAll(STYLES, '').split('\n');
  return lines.reduce((rows, line) => rows + Math.max(1, Math.ceil(widthOf(line) / columns)), 0);
};

// oxlint-disable-next-line no-control-regex -- it is ESC that is looked for
const STYLES = /\u001B\[[\d;]*m/g;

/** Up by a negative count of rows, down by a positive one. A count of 0 would move by 1. */
const vertically = (rows: number): string => {
  if (rows === 0) return '';
  return rows < 0 ? `\u001B[${-rows}A` : `\u001B[${rows}B`;
};
