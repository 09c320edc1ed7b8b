import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { beginLeg, type Mode, PACINGS } from '../../src/upgrade/leg.ts';
import { envelope } from '../../src/upgrade/route.ts';
import { Upgrade } from './upgrade.ts';

type Trace = {
  mode: Mode;
  step: number;
  main: { from: number; to: number };
  grey: { from: number; to: number };
  trace: [number, number][];
};

const traces = JSON.parse(
  readFileSync(new URL('../data/original-operator-traces.json', import.meta.url), 'utf8'),
) as Trace[];

/** What the original operator asks for on the way 30 → 0 / 0 → 30, step 3. */
const originalTrace = (mode: Mode): [number, number][] => {
  const found = traces.find(
    ({ mode: of, step, main, grey }) =>
      of === mode && step === 3 && main.from === 30 && main.to === 0 && grey.from === 0 && grey.to === 30,
  );
  if (found === undefined) throw new Error(`no trace of ${mode}`);
  return found.trace;
};

/** An upgrade in one mode, in both pacings: what every run of it must keep, judged from outside. */
export const upgradesIn = (mode: Mode): void => {
  describe(`${mode}, 30 → 0 / 0 → 30, step 3, pods that take 1 to 3 s to be ready and 1 s to go`, () => {
    it.each(PACINGS)('%s: ends at exact counts and never leaves the envelope', async (pacing) => {
      const upgrade = await Upgrade.of({ main: 30, behaviour: { readySeconds: [1, 3], terminateSeconds: 1 } });
      const run = upgrade.start({ targets: [0, 30], mode, pacing });
      expect(await run.exit, run.stdout + run.stderr).toMatchObject({ code: 0 });
      await upgrade.namespace.untilReady('server-v2', 30);
      expect(await upgrade.counts()).toEqual([0, 30]);

      const { minReady, maxExisting, gaps } = await upgrade.judge.stop();
      expect(gaps).toBe(0);
      const leg = beginLeg({ main: 30, grey: 0 }, { main: 0, grey: 30 }, { mode, pacing, step: { main: 3, grey: 3 } });
      const bounds = envelope(leg);
      expect(minReady).toBeGreaterThanOrEqual(bounds.minReady);
      expect(maxExisting).toBeLessThanOrEqual(bounds.maxExisting);

      const trace = await upgrade.writes([30, 0]);
      const steps = originalTrace(mode);
      expect(trace.at(-1)).toEqual([0, 30]);
      // A window makes smaller steps, in an order of its own.
      expect(pacing === 'batch' ? waypoints(trace, steps) : steps).toEqual(steps);
      expect(trace.length).toBeGreaterThanOrEqual(steps.length);
    });
  });
};

/** scaleSimultaneously writes both sides of a step one after the other: the counts in between are no waypoint. */
const waypoints = (
  writes: readonly (readonly [number, number])[],
  steps: readonly [number, number][],
): readonly (readonly [number, number])[] => {
  const changesBoth = steps.every((at, index) => {
    const before = steps[index - 1];
    return before === undefined || (before[0] !== at[0] && before[1] !== at[1]);
  });
  return changesBoth ? writes.filter((_, index) => index % 2 === 0) : writes;
};
