import type { Standing, Waiting } from './events.ts';
import type { Cause } from './health.ts';
import { directionOf, type Leg } from './leg.ts';
import { existingTotal, type Observation, readyTotal } from './observation.ts';
import { type Envelope, envelope } from './route.ts';
import { perSide, SIDES } from './side.ts';

/** Both sides as they stand on a leg. `bounds` may be handed in, since they are the same for the whole leg. */
export const standingOf = (
  leg: Leg,
  seen: Observation,
  causes: readonly Cause[],
  bounds: Envelope = envelope(leg),
): Standing => ({
  sides: perSide((side) => {
    const { leaving: _, ...counts } = seen[side];
    return { ...counts, target: leg.to[side] };
  }),
  ready: readyTotal(seen),
  pods: existingTotal(seen),
  floor: bounds.minReady,
  ceiling: bounds.maxExisting + lingering(leg, seen),
  waiting: waitingFor(leg, seen),
  causes,
});

/** Pods of a side that this leg takes none of were on their way out before it, and come on top of its own until they are gone. */
const lingering = (leg: Leg, seen: Observation): number =>
  SIDES.filter((side) => directionOf(leg, side) !== 'removes').reduce(
    (sum, side) => sum + Math.max(0, seen[side].existing - seen[side].asked),
    0,
  );

/** What is waited for, in pods: those that were asked for and are not ready, and those that were removed and are not gone. */
export const waitingFor = (leg: Leg, seen: Observation): readonly Waiting[] =>
  SIDES.flatMap((side): Waiting[] => {
    const { asked, ready, existing } = seen[side];
    const leaving = existing - asked;
    const coming = asked - ready;
    // Unready pods of a side that shrinks are nothing to wait for: they go first.
    const waits: Waiting[] = [];
    if (coming > 0 && directionOf(leg, side) !== 'removes') waits.push({ side, until: 'ready', pods: coming });
    if (leaving > 0) waits.push({ side, until: 'gone', pods: leaving });
    return waits;
  });
