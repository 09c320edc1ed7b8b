import type { CurvePoint } from '../../upgrade/curve.ts';
import { countText, durationText } from '../wording.ts';
import { AREA, at, countAxis, type Scales, scalesOf, timeAxis } from './axes.ts';
import { escaped } from './markup.ts';

type Series = 'main' | 'grey' | 'ready' | 'pods' | 'gpus';

const NAMES: Readonly<Record<Series | 'floor', string>> = {
  pods: 'pods',
  main: 'main ready',
  grey: 'grey ready',
  ready: 'ready together',
  gpus: 'GPUs of the pods',
  floor: 'floor',
};

/** Moments that can be pointed at. */
const MOMENTS = 120;

/** Ready pods of both sides, together, all pods, and the floor, over time. Pointing at a moment tells its counts. */
export const podsFigure = (curve: readonly CurvePoint[], floor: number): string => {
  const scales = scalesFor(
    curve,
    curve.reduce((most, { pods }) => Math.max(most, pods), floor),
  );
  const y = at(scales.y(floor));
  const floorLine = `<line class="line floor" x1="${AREA.left}" x2="${AREA.right}" y1="${y}" y2="${y}"/>`;
  return figure('Pods over time', curve, scales, ['pods', 'main', 'grey', 'ready'], floorLine, ['floor']);
};

export const gpusFigure = (curve: readonly CurvePoint[]): string =>
  figure(
    'GPUs over time',
    curve,
    scalesFor(
      curve,
      curve.reduce((most, { gpus }) => Math.max(most, gpus), 0),
    ),
    ['gpus'],
  );

const scalesFor = (curve: readonly CurvePoint[], highest: number): Scales => scalesOf(curve.at(-1)?.atMs ?? 0, highest);

const figure = (
  title: string,
  curve: readonly CurvePoint[],
  scales: Scales,
  series: readonly Series[],
  more = '',
  moreKeys: readonly 'floor'[] = [],
): string => {
  const lines = series.map((each) => `<path class="line ${each}" d="${stairs(curve, each, scales)}"/>`);
  const keys = [...series, ...moreKeys].map((each) => `<span class="key ${each}">${NAMES[each]}</span>`);
  return `<figure>
<svg viewBox="0 0 ${AREA.width} ${AREA.height}" role="img" aria-label="${escaped(title)}">
${countAxis(scales)}
${timeAxis(scales)}
${more}
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
  let next = 0;
  return Array.from({ length: MOMENTS }, (_, i) => {
    const atMs = i * spanMs;
    while ((curve[next + 1]?.atMs ?? Number.POSITIVE_INFINITY) <= atMs) next += 1;
    const point = curve[next];
    if (point === undefined) return '';
    const [from, to] = [x(atMs), x(atMs + spanMs)];
    const told = `${durationText(atMs)}: main ${point.main}, grey ${point.grey}, ${point.ready} ready, ${countText(point.pods, 'pod')}, ${countText(point.gpus, 'GPU')}`;
    return `<rect class="moment" x="${at(from)}" y="${AREA.top}" width="${at(to - from)}" height="${AREA.bottom - AREA.top}"><title>${told}</title></rect>`;
  }).join('\n');
};
