import type { Standing, UpgradeEvent } from '../upgrade/events.ts';
import type { Leg } from '../upgrade/leg.ts';
import type { Side } from '../upgrade/side.ts';
import type { EventOf } from './event-text.ts';

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
  /** The last things that were done, the latest last. */
  readonly recent: readonly (EventOf<'leg'> | EventOf<'scaled'>)[];
};

export const EMPTY_MODEL: LiveModel = { limited: {}, fewestWaiting: Number.POSITIVE_INFINITY, recent: [] };

/** More than any terminal is given to show. */
const RECENT_KEPT = 10;

export const reduce = (model: LiveModel, event: UpgradeEvent): LiveModel => {
  switch (event.type) {
    case 'started':
      return { ...model, run: event, progressAt: event.at };
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
      return observed(model, event.standing, event.at);
    case 'limited':
      return { ...model, limited: { ...model.limited, [event.side]: event } };
    case 'held':
      return { ...model, held: event };
    case 'alive': {
      const alive = { ...model, standing: event.standing, standingAt: event.at, progressAt: event.at - event.idleMs };
      return event.held ? alive : released(alive);
    }
    case 'note':
    case 'ended':
      return model;
  }
};

const observed = (model: LiveModel, standing: Standing, at: number): LiveModel => {
  const waiting = standing.waiting.reduce((sum, { pods }) => sum + pods, 0);
  const seen = { ...model, standing, standingAt: at };
  return waiting < model.fewestWaiting ? { ...seen, fewestWaiting: waiting, progressAt: at } : seen;
};

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
