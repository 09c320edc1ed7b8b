/**
 * The rule over all small cases: both sides 0 … 5, every target, step 1 … 3, mode and pacing, and every order in which
 * pods can become ready, fail or vanish. Nothing is drawn: every state that can be reached is visited once.
 */
import { describe, expect, it } from 'vitest';
import { arrived, decide, doneOf } from '../../src/upgrade/decide.ts';
import { beginLeg, type Leg, MODES, PACINGS } from '../../src/upgrade/leg.ts';
import type { Observation, SideObservation } from '../../src/upgrade/observation.ts';
import { envelope } from '../../src/upgrade/route.ts';
import { SIDES, type Side } from '../../src/upgrade/side.ts';

/** A side of the model: asked, and its pods by what they are doing. Pods are made and marked for deletion at once. */
type Pods = { asked: number; ready: number; unready: number; leaving: number };
type World = Record<Side, Pods>;

const observeSide = ({ asked, ready, unready, leaving }: Pods): SideObservation => ({
  asked,
  ready,
  existing: ready + unready + leaving,
  terminating: leaving,
});

const observe = ({ main, grey }: World): Observation => ({ main: observeSide(main), grey: observeSide(grey) });

/** What a ReplicaSet does: new pods begin unready, and the unready ones are removed first. */
const scaled = (pods: Pods, asked: number): Pods => {
  const alive = pods.ready + pods.unready;
  if (asked >= alive) return { ...pods, asked, unready: pods.unready + asked - alive };
  const excess = alive - asked;
  const unready = Math.max(0, pods.unready - excess);
  return { asked, unready, ready: asked - unready, leaving: pods.leaving + excess };
};

/** Everything that can happen to one pod next; failing only where the case says so. */
const happenings = (world: World, failures: boolean): World[] =>
  SIDES.flatMap((side) => {
    const pods = world[side];
    const next: World[] = [];
    if (pods.unready > 0)
      next.push({ ...world, [side]: { ...pods, unready: pods.unready - 1, ready: pods.ready + 1 } });
    if (pods.leaving > 0) next.push({ ...world, [side]: { ...pods, leaving: pods.leaving - 1 } });
    if (failures && pods.ready > 0)
      next.push({ ...world, [side]: { ...pods, unready: pods.unready + 1, ready: pods.ready - 1 } });
    return next;
  });

const keyOf = ({ main, grey }: World): number =>
  [main, grey].reduce(
    (key, { asked, ready, unready, leaving }) => (((key * 8 + asked) * 8 + ready) * 8 + unready) * 8 + leaving,
    0,
  );

const settled = (counts: Record<Side, number>): World => ({
  main: { asked: counts.main, ready: counts.main, unready: 0, leaving: 0 },
  grey: { asked: counts.grey, ready: counts.grey, unready: 0, leaving: 0 },
});

/** Follows every write and every happening from the start of a leg; calls `visit` once for each state. */
const explore = (leg: Leg, failures: boolean, visit: (world: World, writes: readonly Side[]) => void): number => {
  const start = settled(leg.from);
  const known = new Set([keyOf(start)]);
  const open = [start];
  for (let world = open.pop(); world !== undefined; world = open.pop()) {
    const { scales } = decide(leg, observe(world));
    visit(
      world,
      scales.map(({ side }) => side),
    );
    // The two writes of a turn may also be the only thing that happens for a while, in either order.
    const here = world;
    const after = [
      ...scales.map(({ side, to }) => ({ ...here, [side]: scaled(here[side], to) })),
      ...happenings(here, failures),
    ];
    for (const next of after) {
      const key = keyOf(next);
      if (known.has(key)) continue;
      known.add(key);
      open.push(next);
    }
  }
  return known.size;
};

const counts = [0, 1, 2, 3, 4, 5];
const ways = MODES.flatMap((mode) => PACINGS.flatMap((pacing) => [1, 2, 3].map((step) => ({ mode, pacing, step }))));

const legsOf = (way: (typeof ways)[number]): Leg[] =>
  counts.flatMap((main) =>
    counts.flatMap((grey) =>
      counts.flatMap((mainTarget) =>
        counts.map((greyTarget) =>
          beginLeg(
            { main, grey },
            { main: mainTarget, grey: greyTarget },
            { ...way, step: { main: way.step, grey: way.step } },
          ),
        ),
      ),
    ),
  );

const told = (leg: Leg, world: World): string => JSON.stringify({ leg, world });

/** No side may have more than a step asked for that is not done. */
const keepsToItsStep = (leg: Leg, world: World): boolean => {
  const seen = observe(world);
  return decide(leg, seen).scales.every(
    ({ side, to }) => Math.abs(to - leg.from[side]) <= doneOf(leg, seen, side) + leg.step[side],
  );
};

describe.each(ways)('$mode, $pacing, step $step', (way) => {
  // Every write and every happening brings a leg nearer to its end, so a leg that never stands still while no pod is
  // waited for ends at its targets.
  it('keeps to its step and its envelope in every state, and stands still only to wait for pods', () => {
    let states = 0;
    for (const leg of legsOf(way)) {
      const { minReady, maxExisting } = envelope(leg);
      states += explore(leg, false, (world, writes) => {
        const ready = world.main.ready + world.grey.ready;
        const existing = SIDES.reduce(
          (sum, side) => sum + world[side].ready + world[side].unready + world[side].leaving,
          0,
        );
        const seen = observe(world);
        const inFlight = SIDES.every(
          (side) => Math.abs(world[side].asked - leg.from[side]) <= doneOf(leg, seen, side) + leg.step[side],
        );
        const waitsForPods = world.main.unready + world.main.leaving + world.grey.unready + world.grey.leaving > 0;
        const over = arrived(leg, seen, leg.from);
        if (ready < minReady || existing > maxExisting || !inFlight)
          throw new Error(`leaves its bounds: ${told(leg, world)}`);
        if (writes.length === 0 && !waitsForPods && !over) throw new Error(`stands still: ${told(leg, world)}`);
        if (over && writes.length > 0) throw new Error(`does not stop: ${told(leg, world)}`);
      });
    }
    expect(states).toBeGreaterThan(1000);
  });
});

describe('with pods that fail at any moment', () => {
  it.each(ways)('$mode, $pacing, step $step never asks for more than a step, and ends when they recover', (way) => {
    let states = 0;
    for (const leg of legsOf(way)) {
      states += explore(leg, true, (world, writes) => {
        if (!keepsToItsStep(leg, world)) throw new Error(`asks for too much: ${told(leg, world)}`);
        const healthy = world.main.unready + world.main.leaving + world.grey.unready + world.grey.leaving === 0;
        const over = arrived(leg, observe(world), leg.from);
        if (healthy && writes.length === 0 && !over) throw new Error(`stands still: ${told(leg, world)}`);
      });
    }
    expect(states).toBeGreaterThan(1000);
  });
});
