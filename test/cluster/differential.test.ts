/** The same upgrades, through the same driver, on the real control plane and on the virtual cluster. */
import { it } from 'vitest';
import { beginLeg } from '../../src/upgrade/leg.ts';
import { envelope } from '../../src/upgrade/route.ts';
import { BATCH_SCENARIOS } from './differential/batch-scenarios.ts';
import type { Ground, Seen } from './differential/ground.ts';
import { type Ending, play, specOf } from './differential/play.ts';
import { realGround } from './differential/real-ground.ts';
import type { Scenario } from './differential/scenario.ts';
import { virtualGround } from './differential/virtual-ground.ts';
import { WINDOW_SCENARIOS } from './differential/window-scenarios.ts';

type Played = { readonly endings: readonly Ending[]; readonly seen: Seen };

const playOn = async (ground: Ground, scenario: Scenario): Promise<Played> => {
  try {
    const endings = await ground.wait(play(ground, scenario));
    return { endings, seen: await ground.seen() };
  } finally {
    await ground.close();
  }
};

const playOnBoth = async (scenario: Scenario): Promise<{ readonly real: Played; readonly virtual: Played }> => {
  const virtual = await playOn(virtualGround(scenario), scenario);
  return { virtual, real: await playOn(await realGround(scenario), scenario) };
};

/** Of the way to the targets, of the way back, and of the limits. */
const boundsOf = (scenario: Scenario) => {
  const { targets, way, limits } = specOf(scenario, '');
  const before = { main: scenario.main.from, grey: scenario.grey.from };
  const [there, back] = [envelope(beginLeg(before, targets, way)), envelope(beginLeg(targets, before, way))];
  return {
    lowest: Math.max(limits.minReady ?? 0, Math.min(there.minReady, back.minReady)),
    highest: Math.min(limits.maxPods ?? Number.POSITIVE_INFINITY, Math.max(there.maxExisting, back.maxExisting)),
  };
};

it.concurrent.for(BATCH_SCENARIOS)('batch: the same writes and endings: $name', async (scenario, { expect }) => {
  const { real, virtual } = await playOnBoth(scenario);
  const { writes, counts, lowestReady, highestPods } = real.seen;
  expect(virtual.seen.writes).toEqual(writes);
  expect(virtual.seen.counts).toEqual(counts);
  // Where no two things happen at a time, the worst moments are the same as well.
  if (scenario.mode !== 'scaleSimultaneously' && scenario.acts === undefined) {
    expect(virtual.seen).toMatchObject({ lowestReady, highestPods });
  }
  expect(virtual.endings).toEqual(real.endings);
  expect(real.endings.map(({ reason }) => reason)).toEqual(scenario.ends);
});

it.concurrent.for(WINDOW_SCENARIOS)('window: the same envelope and endings: $name', async (scenario, { expect }) => {
  const { real, virtual } = await playOnBoth(scenario);
  const { lowest, highest } = boundsOf(scenario);
  for (const { seen } of [real, virtual]) {
    expect(seen.lowestReady).toBeGreaterThanOrEqual(lowest);
    expect(seen.highestPods).toBeLessThanOrEqual(highest);
  }
  expect(virtual.seen.counts).toEqual(real.seen.counts);
  expect(virtual.endings).toEqual(real.endings);
  expect(real.endings.map(({ reason }) => reason)).toEqual(scenario.ends);
});
