import type { CurvePoint } from '../../upgrade/curve.ts';
import { countText, durationText } from '../wording.ts';
import { AREA, at, countAxis, type Scales, scalesOf, timeAxis } from './axes.ts';
import { escaped } from './markup.ts';

/** What two figures have in common that are looked at side by side, so that they have the same axes. */
export type Frame = {
  readonly title: string;
  readonly endMs: number;
  /** The highest count. */
  readonly highest: number;
};

/** A span of time that is marked, and what is told of it. */
export type Span = { readonly fromMs: number; readonly toMs: number; readonly text: string };

type Series = 'main' | 'grey' | 'ready' | 'pods' | 'gpus';

const NAMES: Readonly<Record<Series | 'floor' | 'stall', string>> = {
  pods: 'pods',
  main: 'main ready',
  grey: 'grey ready',
  ready: 'ready together',
  gpus: 'GPUs of the pods',
  floor: 'floor',
  stall: 'stall',
};

/** Moments that can be pointed at. */
const MOMENTS = 120;

/** The frame that a figure of pods has by itself; of several curves the one that all of them fit into. */
export const podsFrame = (title: string, floor: number, ...curves: readonly (readonly CurvePoint[])[]): Frame =>
  frameOf(title, 'pods', floor, curves);

export const gpusFrame = (title: string, ...curves: readonly (readonly CurvePoint[])[]): Frame =>
  frameOf(title, 'gpus', 0, curves);

const frameOf = (title: string, series: Series, least: number, curves: readonly (readonly CurvePoint[])[]): Frame => {
  const points = curves.flat();
  return {
    title,
    endMs: points.reduce((end, { atMs }) => Math.max(end, atMs), 0),
    highest: points.reduce((most, point) => Math.max(most, point[series]), least),
  };
};

/**
 * Ready pods of both sides, together, all pods, and the floor, over time, with the spans in which it stalled. Pointing at a
 * moment tells its counts.
 */
export const podsFigure = (
  curve: readonly CurvePoint[],
  floor: number,
  frame: Frame = podsFrame('Pods over time', floor, curve),
  stalls: readonly Span[] = [],
): string => {
  const scales = scalesOf(frame.endMs, frame.highest);
  const y = at(scales.y(floor));
  const floorLine = `<line class="line floor" x1="${AREA.left}" x2="${AREA.right}" y1="${y}" y2="${y}"/>`;
  return figure(frame, curve, scales, ['pods', 'main', 'grey', 'ready'], {
    marks: [...stalls.map((stall) => stallMark(stall, scales)), floorLine],
    keys: stalls.length > 0 ? ['floor', 'stall'] : ['floor'],
  });
};

export const gpusFigure = (curve: readonly CurvePoint[], frame: Frame = gpusFrame('GPUs over time', curve)): string =>
  figure(frame, curve, scalesOf(frame.endMs, frame.highest), ['gpus']);

const stallMark = ({ fromMs, toMs, text }: Span, { x }: Scales): string =>
  `<rect class="stall" x="${at(x(fromMs))}" y="${AREA.top}" width="${at(x(toMs) - x(fromMs))}" height="${AREA.bottom - AREA.top}"><title>${escaped(text)}</title></rect>`;

const figure = (
  { title }: Frame,
  curve: readonly CurvePoint[],
  scales: Scales,
  series: readonly Series[],
  more: { readonly marks: readonly string[]; readonly keys: readonly ('floor' | 'stall')[] } = { marks: [], keys: [] },
): string => {
  const lines = series.map((each) => `<path class="line ${each}" d="${stairs(curve, each, scales)}"/>`);
  const keys = [...series, ...more.keys].map((each) => `<span class="key ${each}">${NAMES[each]}</span>`);
  return `<figure>
<svg viewBox="0 0 ${AREA.width} ${AREA.height}" role="img" aria-label="${escaped(title)}">
${countAxis(scales)}
${timeAxis(scales)}
${more.marks.join('\n')}
${lines.join('\n')}
${momentsOf(curve, scales)}
</svg>
<figcaption>${keys.join('')}</figcaption>
</figure>`;
};

/** A count holds until the next point. */
const stairs = (curve: readonly CurvePoint[], series: Series, { x, y }: Scales): string => {
  let path = '';
  let last: number | undefined;
  for (const [index, point] of curve.entries()) {
    const count = point[series];
    const isEnd = index === curve.length - 1;
    if (last === undefined) path = `M${at(x(point.atMs))} ${at(y(count))}`;
    else if (count !== last) path += `H${at(x(point.atMs))}V${at(y(count))}`;
    else if (isEnd) path += `H${at(x(point.atMs))}`;
    last = count;
  }
  return path;
};

/** Strips over the chart that tell the counts of their moment, without a script. */
const momentsOf = (curve: readonly CurvePoint[], { x, endMs }: Scales): string => {
  const spanMs = endMs / MOMENTS;
  const lastMs = curve.at(-1)?.atMs ?? 0;
  let next = 0;
  return Array.from({ length: MOMENTS }, (_, i) => {
    const atMs = i * spanMs;
    while ((curve[next + 1]?.atMs ?? Number.POSITIVE_INFINITY) <= atMs) next += 1;
    const point = curve[next];
    // What ended earlier than the other has nothing to tell of the time after.
    if (point === undefined || atMs > lastMs) return '';
    const [from, to] = [x(atMs), x(atMs + spanMs)];
    const told = `${durationText(atMs)}: main ${point.main}, grey ${point.grey}, ${point.ready} ready, ${countText(point.pods, 'pod')}, ${countText(point.gpus, 'GPU')}`;
    return `<rect class="moment" x="${at(from)}" y="${AREA.top}" width="${at(to - from)}" height="${AREA.bottom - AREA.top}"><title>${told}</title></rect>`;
  }).join('\n');
};
