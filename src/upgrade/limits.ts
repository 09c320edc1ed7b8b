import type { Observation, SideObservation } from './observation.ts';
import { otherSide, type Side } from './side.ts';

/** Guard rails over both sides together, in pods. */
export type Limits = {
  /** A removal never takes the ready total below this. */
  readonly minReady?: number;
  /** An addition never takes the existing total above this. */
  readonly maxPods?: number;
};

/** A change of one side that was asked for and what the limits leave of it. */
export type Guarded = { readonly replicas: number; readonly limitedBy?: keyof Limits };

/**
 * What the limits leave of setting `side` to `replicas`: the nearest count to it that keeps them, or the present count.
 *
 * A removal takes pods that are not ready first (ReplicaSets do), so that min(R, S′) stay ready: of main 10 asked and
 * 9 ready, with no grey and minReady 8, a removal to 7 is held at 8. An addition comes on top of what exists, or will when
 * all is there that was asked for: with main 10 and grey 3 in existence and maxPods 14, an addition of grey to 6 is held at 4;
 * and where grey was asked for 5, of which 2 are seen, beside 3 that are leaving, 8 of grey are on top of main's.
 */
export const guard = (limits: Limits, seen: Observation, side: Side, replicas: number): Guarded => {
  const here = seen[side];
  const there = seen[otherSide(side)];

  if (replicas < here.asked && limits.minReady !== undefined) {
    // Below `here.ready` every removed pod is a ready one; above it none is.
    const needed = limits.minReady - Math.min(there.ready, there.asked);
    const floor = Math.min(here.asked, here.ready, needed);
    if (replicas < floor) return { replicas: floor, limitedBy: 'minReady' };
  }

  if (replicas > here.asked && limits.maxPods !== undefined) {
    const present = presentOf(here) + presentOf(there);
    const ceiling = here.asked + Math.max(0, limits.maxPods - present);
    if (replicas > ceiling) return { replicas: ceiling, limitedBy: 'maxPods' };
  }

  return { replicas };
};

const presentOf = ({ existing, asked, leaving = 0 }: SideObservation): number => Math.max(existing, asked + leaving);
