import type { Standing, UpgradeEvent } from '../upgrade/events.ts';
import type { Leg } from '../upgrade/leg.ts';
import { SIDES, type Side } from '../upgrade/side.ts';
import type { EventOf } from './event-text.ts';
import { EMPTY_CURVE, extended, type RunCurve } from './run-curve.ts';

/** What the live view knows of a run: all of it comes from the run's events. */
export type LiveModel = {
  readonly run?: EventOf<'started'>;
  readonly leg?: { readonly leg: Leg; readonly back: boolean };
  readonly standing?: Standing;
  /** When it was told. */
  readonly standingAt?: number;
  readonly held?: EventOf<'held'>;
  /** What a limit holds back, until that side is scaled. */
  readonly limited: Partial<Readonly<Record<Side, EventOf<'limited'>>>>;
  /** When progress was last made. */
  readonly progressAt?: number;
  /** The fewest pods that were waited for since the last write: fewer is progress, and a pod that flaps is none. */
  readonly fewestWaiting: number;
  /** The last things that were done and came of it, the latest last. */
  readonly recent: readonly (EventOf<'leg'> | EventOf<'scaled'> | EventOf<'observed'>)[];
  /** The pods over the whole run so far. */
  readonly curve: RunCurve;
};

export const EMPTY_MODEL: LiveModel = {
  limited: {},
  fewestWaiting: Number.POSITIVE_INFINITY,
  recent: [],
  curve: EMPTY_CURVE,
};

/** More than any terminal is given to show. */
const RECENT_KEPT = 10;

export const reduce = (model: LiveModel, event: UpgradeEvent): LiveModel => {
  switch (event.type) {
    case 'started':
      return { ...model, run: event, progressAt: model.progressAt ?? event.at, curve: extended(model.curve, event) };
    case 'leg': {
      const leg = { leg: event.leg, back: event.cause === 'rollback' };
      const begun = progressed(released({ ...model, leg, limited: {} }), event.at);
      // `started` and `held` say as much of these two.
      return event.cause === 'start' || event.cause === 'pause' ? begun : remembered(begun, event);
    }
    case 'scaled': {
      const { [event.side]: _, ...limited } = model.limited;
      return remembered(progressed({ ...model, limited }, event.at), event);
    }
    case 'observed':
      return observed(model, event);
    case 'limited':
      return { ...model, limited: { ...model.limited, [event.side]: event } };
    case 'held':
      return { ...model, held: event };
    case 'alive': {
      const { at, standing, idleMs } = event;
      const curve = extended(model.curve, event);
      const alive = { ...model, curve, standing, standingAt: at, progressAt: at - idleMs };
      return event.held ? alive : released(alive);
    }
    case 'note':
    case 'ended':
      return model;
  }
};

const observed = (model: LiveModel, event: EventOf<'observed'>): LiveModel => {
  const { at, standing } = event;
  const waiting = standing.waiting.reduce((sum, { pods }) => sum + pods, 0);
  const seen = { ...model, standing, standingAt: at, curve: extended(model.curve, event) };
  // Pods that go are seen in the bars, and would be most of what is told.
  const told = model.standing === undefined || sameReady(model.standing, standing) ? seen : remembered(seen, event);
  if (waiting >= model.fewestWaiting) return told;
  return { ...told, fewestWaiting: waiting, progressAt: stoodSo(model) ?? at };
};

/** Since when what is seen first of all has stood so, where that was before it was looked at. */
const stoodSo = ({ standing, run, progressAt }: LiveModel): number | undefined =>
  standing === undefined && run !== undefined && progressAt !== undefined && progressAt < run.at
    ? progressAt
    : undefined;

const sameReady = (a: Standing, b: Standing): boolean =>
  SIDES.every((side) => a.sides[side].ready === b.sides[side].ready);

const progressed = (model: LiveModel, at: number): LiveModel => ({
  ...model,
  progressAt: at,
  fewestWaiting: Number.POSITIVE_INFINITY,
});

const released = (model: LiveModel): LiveModel => {
  const { held: _, ...free } = model;
  return free;
};

const remembered = (model: LiveModel, event: LiveModel['recent'][number]): LiveModel => ({
  ...model,
  recent: [...model.recent, event].slice(-RECENT_KEPT),
});
