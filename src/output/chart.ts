import type { CurvePoint } from '../upgrade/curve.ts';
import type { Glyphs } from './glyphs.ts';
import type { Palette, Style } from './palette.ts';
import { durationText } from './wording.ts';

export type ChartFrame = {
  readonly columns: number;
  readonly glyphs: Glyphs;
  readonly palette: Palette;
  /** Marked at the edge of its row. */
  readonly floor: number;
};

const MOST_ROWS = 10;
const WIDEST = 100;
const NARROWEST = 20;

/** What a column stands for: the fewest ready pods of its span of time, and the most pods. */
type Column = Pick<CurvePoint, 'main' | 'grey' | 'ready' | 'pods'>;

type Layer = { readonly glyph: string; readonly style: Style };

/**
 * Pods over time, one column for a span of time: ready pods of main, on them those of grey, on them pods that are not ready.
 * A dip that is shorter than a column is shown all the same. Lines end without a line break.
 */
export const chartLines = (curve: readonly CurvePoint[], frame: ChartFrame): readonly string[] => {
  const endMs = curve.at(-1)?.atMs ?? 0;
  const highest = curve.reduce((most, { pods }) => Math.max(most, pods), 1);
  const unit = Math.ceil(highest / MOST_ROWS);
  const rows = Math.ceil(highest / unit);
  const margin = String(rows * unit).length;
  const mark = ` floor ${frame.floor}`;
  const free = Math.min(WIDEST, frame.columns) - margin - 2 - mark.length;
  const columns = columnsOf(curve, endMs, Math.max(NARROWEST, free));
  const floorRow = Math.min(rows, Math.max(1, Math.ceil(frame.floor / unit)));
  const lines = Array.from({ length: rows }, (_, i) => {
    const row = rows - i;
    const label = String(row * unit).padStart(margin);
    const edge = row === floorRow ? frame.palette.dim(mark) : '';
    return `${frame.palette.dim(`${label} `)}${bars(columns, (row - 0.5) * unit, frame)}${edge}`;
  });
  const end = durationText(endMs);
  const axis = `${' '.repeat(margin + 1)}0s${end.padStart(columns.length - 2)}`;
  return [...lines, frame.palette.dim(axis), legend(frame, margin)];
};

const layersOf = ({ glyphs }: ChartFrame) =>
  ({
    main: { glyph: glyphs.ready, style: 'accent' },
    grey: { glyph: glyphs.asked, style: 'good' },
    unready: { glyph: glyphs.rest, style: 'dim' },
    nothing: { glyph: ' ', style: 'plain' },
  }) as const satisfies Record<string, Layer>;

/** One row of all columns; neighbours of one layer are coloured together. */
const bars = (columns: readonly Column[], height: number, frame: ChartFrame): string => {
  const layers = layersOf(frame);
  let text = '';
  let run: { readonly layer: Layer; length: number } | undefined;
  const flush = (): void => {
    if (run !== undefined) text += frame.palette[run.layer.style](run.layer.glyph.repeat(run.length));
  };
  for (const column of columns) {
    const layer = layers[layerAt(column, height)];
    if (run?.layer === layer) run.length += 1;
    else {
      flush();
      run = { layer, length: 1 };
    }
  }
  flush();
  return text;
};

const layerAt = ({ main, ready, pods }: Column, height: number): keyof ReturnType<typeof layersOf> => {
  if (height <= main) return 'main';
  if (height <= ready) return 'grey';
  return height <= pods ? 'unready' : 'nothing';
};

/** Each column begins with how things stood when its span began. */
export const columnsOf = (curve: readonly CurvePoint[], endMs: number, count: number): readonly Column[] => {
  const [first] = curve;
  if (first === undefined) return [];
  const columns: Column[] = [];
  let standing: Column = first;
  let next = 0;
  for (let column = 0; column < count; column += 1) {
    const untilMs = ((column + 1) * endMs) / count;
    let shown = standing;
    for (let point = curve[next]; point !== undefined && point.atMs <= untilMs; point = curve[next]) {
      shown = { ...(point.ready < shown.ready ? point : shown), pods: Math.max(shown.pods, point.pods) };
      standing = point;
      next += 1;
    }
    columns.push(shown);
  }
  return columns;
};

const legend = (frame: ChartFrame, margin: number): string => {
  const { main, grey, unready } = layersOf(frame);
  const words = [
    [main, 'main ready'],
    [grey, 'grey ready'],
    [unready, 'not ready'],
  ] as const;
  return (
    ' '.repeat(margin + 1) +
    words.map(([{ glyph, style }, word]) => `${frame.palette[style](glyph)} ${word}`).join('   ')
  );
};
