import { at, AREA, scalesOf, timeAxis } from './axes.ts';

/** One stroke for each run, at the time that it took. */
export const durationsFigure = (durationsMs: readonly number[]): string => {
  const longest = durationsMs.reduce((most, ms) => Math.max(most, ms), 1);
  const scales = scalesOf(longest * 1.02, 1);
  // Runs that would be drawn at the same place are drawn once.
  const places = new Set(durationsMs.map((ms) => at(scales.x(ms))));
  const strokes = [...places].map(
    (x) => `<line class="run" x1="${x}" x2="${x}" y1="${AREA.bottom - 30}" y2="${AREA.bottom}"/>`,
  );
  const top = AREA.bottom - 36;
  return `<figure>
<svg viewBox="0 ${top} ${AREA.width} ${AREA.height - top}" role="img" aria-label="How long each run took">
<line class="grid" x1="${AREA.left}" x2="${AREA.right}" y1="${AREA.bottom}" y2="${AREA.bottom}"/>
${timeAxis(scales)}
${strokes.join('\n')}
</svg>
</figure>`;
};
