import { describe, expect, it } from 'vitest';
import { courseOf, etaLater, etaOf, type Pace } from '../../src/upgrade/eta.ts';
import { beginLeg, type Leg, type Mode, PACINGS, type Pacing } from '../../src/upgrade/leg.ts';
import type { Observation } from '../../src/upgrade/observation.ts';
import { perSide } from '../../src/upgrade/side.ts';

const legOf = (mode: Mode = 'scaleOutPriority', pacing: Pacing = 'window'): Leg =>
  beginLeg({ main: 30, grey: 0 }, { main: 0, grey: 30 }, { mode, pacing, step: perSide(() => 3) });

const seen = (main: number, grey: number): Observation => ({
  main: { asked: main, ready: main, existing: main, terminating: 0 },
  grey: { asked: grey, ready: grey, existing: grey, terminating: 0 },
});

const starts = (leastMs: number, typicalMs: number, mostMs: number) => ({ leastMs, typicalMs, mostMs });

const pace = (given: Partial<Pace> = {}): Pace => ({
  starts: perSide(() => starts(60_000, 60_000, 60_000)),
  graceMs: perSide(() => 0),
  limits: {},
  policy: 'TerminationComplete',
  ...given,
});

const typicalOf = (leg: Leg, main: number, grey: number, idleMs: number): number | undefined => {
  const course = courseOf(leg, pace());
  return course && etaOf(leg, course, seen(main, grey), idleMs)?.typicalMs;
};

describe('what is left of 30 → 0 / 0 → 30, step 3, starts of 60 s', () => {
  it.each([
    [30, 3, 0, 600_000],
    [30, 3, 45_000, 555_000],
    [30, 3, 90_000, 540_000],
    [27, 6, 0, 540_000],
    [3, 30, 0, 60_000],
    [0, 30, 0, 0],
    [30, 3, 120_000, 540_000],
    [30, 3, 121_000, undefined],
  ])('main %i, grey %i, %i ms since: %s ms', (main, grey, idleMs, expected) => {
    for (const pacing of PACINGS)
      expect(typicalOf(legOf('scaleOutPriority', pacing), main, grey, idleMs)).toBe(expected);
  });

  it('is found between two steps too, where a window asks for pods one by one', () => {
    // 3 are asked for at the beginning, 3 more a minute later: two thirds of the way from one to the other.
    expect(typicalOf(legOf(), 29, 4, 0)).toBe(560_000);
  });
});

describe('its range', () => {
  it('is that of the starts that were seen, and of the time that removed pods may take', () => {
    const leg = legOf();
    const course = courseOf(
      leg,
      pace({ starts: perSide(() => starts(30_000, 60_000, 120_000)), graceMs: perSide(() => 5000) }),
    );
    expect(course && etaOf(leg, course, seen(30, 3), 0)).toEqual({
      leastMs: 300_000,
      typicalMs: 650_000,
      mostMs: 1_250_000,
    });
  });

  it('is by the starts of the other side where no pod of its own is ready', () => {
    const other = courseOf(legOf(), pace({ starts: { main: starts(1000, 1000, 1000), grey: undefined } }));
    expect(other?.typicalMs.durationMs).toBe(10_000);
  });

  it('is not known where no pod is ready, or where a limit ends the way', () => {
    expect(courseOf(legOf(), pace({ starts: perSide(() => undefined) }))).toBeUndefined();
    expect(courseOf(legOf(), pace({ limits: { maxPods: 30 } }))).toBeUndefined();
  });

  it('shrinks with time, to nothing', () => {
    expect(etaLater(starts(1000, 5000, 9000), 4000)).toEqual(starts(0, 1000, 5000));
  });
});
