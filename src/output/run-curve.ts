import { type CurvePoint, thinned } from '../upgrade/curve.ts';
import type { Standing, UpgradeEvent } from '../upgrade/events.ts';

/** The pods over time, as the events of a run tell them. */
export type RunCurve = {
  /** When the run began, in ms since the epoch: the first that was told of it. */
  readonly startMs?: number;
  readonly points: readonly CurvePoint[];
  /** Of the last leg. */
  readonly floor: number;
};

export const EMPTY_CURVE: RunCurve = { points: [], floor: 0 };

/** A curve of more points is thinned out to the half of them: an upgrade may take days. */
export const MOST_POINTS = 2000;

/** The curve with what an event adds to it; the same one where that is nothing. */
export const extended = (curve: RunCurve, event: UpgradeEvent): RunCurve => {
  const begun = curve.startMs === undefined ? { ...curve, startMs: event.at } : curve;
  const atMs = event.at - (begun.startMs ?? event.at);
  if (event.type === 'observed' || event.type === 'alive') return withPoint(begun, event.standing, atMs);
  const last = begun.points.at(-1);
  return event.type === 'ended' && last !== undefined
    ? { ...begun, points: [...begun.points, { ...last, atMs }] }
    : begun;
};

const withPoint = (
  curve: RunCurve,
  { sides: { main, grey }, ready, pods, floor }: Standing,
  atMs: number,
): RunCurve => {
  const kept = curve.points.length < MOST_POINTS ? curve.points : thinned(curve.points, MOST_POINTS / 2);
  return { ...curve, floor, points: [...kept, { atMs, main: main.ready, grey: grey.ready, ready, pods, gpus: 0 }] };
};
