/** The pods at one moment of a run, in ms since its start. */
export type CurvePoint = {
  readonly atMs: number;
  /** Ready pods of each side. */
  readonly main: number;
  readonly grey: number;
  /** Ready pods of both sides together; where a point stands for a while, the fewest of it. */
  readonly ready: number;
  /** Pods of both sides that are not gone; where a point stands for a while, the most of it. */
  readonly pods: number;
  /** The GPUs that those pods ask for. */
  readonly gpus: number;
};

/**
 * The curve in about `atMost` points at most: of each span of time one, with the fewest ready and the most pods of it, so that
 * no dip and no peak is lost; and the last.
 */
export const thinned = (curve: readonly CurvePoint[], atMost: number): readonly CurvePoint[] => {
  const last = curve.at(-1);
  if (curve.length <= atMost || last === undefined) return curve;
  const spanMs = Math.max(1, last.atMs) / atMost;
  const points: CurvePoint[] = [];
  let span = -1;
  for (const point of curve) {
    const at = Math.min(atMost - 1, Math.floor(point.atMs / spanMs));
    const before = points.at(-1);
    if (at === span && before !== undefined) {
      const merged = {
        ...point,
        atMs: before.atMs,
        ready: Math.min(before.ready, point.ready),
        pods: Math.max(before.pods, point.pods),
        gpus: Math.max(before.gpus, point.gpus),
      };
      points[points.length - 1] = merged;
    } else points.push(point);
    span = at;
  }
  return [...points, last];
};

/** As many points as the record of an upgrade keeps. */
export const CURVE_LIMIT = 240;

/** The curve of an upgrade as it comes, thinned again and again, so that one of any length is kept from its beginning on. */
export class CurveNotes {
  #points: CurvePoint[];

  /** `before`: what earlier runs of the same upgrade have noted. */
  constructor(before: readonly CurvePoint[]) {
    this.#points = [...before];
  }

  /** Notes how things stand, if they stand otherwise than before. Two clocks need not agree: time does not go back. */
  note(point: CurvePoint): void {
    const last = this.#points.at(-1);
    if (last !== undefined && sameStand(last, point)) return;
    this.#points.push({ ...point, atMs: Math.max(point.atMs, last?.atMs ?? 0) });
    if (this.#points.length >= 2 * CURVE_LIMIT) this.#points = [...thinned(this.#points, CURVE_LIMIT - 1)];
  }

  /** At most CURVE_LIMIT of them; what is noted later does not change them. */
  get points(): readonly CurvePoint[] {
    return thinned([...this.#points], CURVE_LIMIT - 1);
  }
}

const sameStand = (a: CurvePoint, b: CurvePoint): boolean =>
  a.main === b.main && a.grey === b.grey && a.ready === b.ready && a.pods === b.pods && a.gpus === b.gpus;
