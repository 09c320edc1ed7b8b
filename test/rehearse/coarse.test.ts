/** Rehearsals of thousands of pods, which get on at whole seconds. */
import { describe, expect, it } from 'vitest';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import type { Scenario } from '../../src/cluster/virtual/scenario.ts';
import { coarse } from '../../src/rehearse/coarse.ts';
import { rehearseRun } from '../../src/rehearse/rehearse-run.ts';
import { PACINGS } from '../../src/upgrade/leg.ts';
import { deployment, GREY, MAIN, pool, scenario, upgrade } from '../cluster-virtual/given.ts';

const REPLICAS = 100;

const times = {
  readyAfter: { kind: 'log-normal', medianMs: 180_000, sigma: 0.4 },
  termination: { kind: 'range', fromMs: 5_000, toMs: 30_000 },
} as const;

const scenarioOf = (replicas: number, grainMs?: number): Scenario =>
  scenario({
    nodes: [pool({ count: 20 })],
    deployments: [deployment({ ...MAIN, replicas, ...times }), deployment({ ...GREY, replicas: 0, ...times })],
    ...(grainMs !== undefined && { grainMs }),
  });

it('are of 2000 pods or more', () => {
  expect(coarse(scenarioOf(1999)).grainMs).toBeUndefined();
  expect(coarse(scenarioOf(2000)).grainMs).toBe(1000);
});

describe.each(PACINGS)('a run with %s in whole seconds', (pacing) => {
  const run = (grainMs?: number) =>
    rehearseRun(
      scenarioOf(REPLICAS, grainMs),
      upgrade({
        targets: { main: 0, grey: REPLICAS },
        way: { mode: 'scaleOutPriority', step: { main: 10, grey: 10 }, pacing },
      }),
    );

  it('keeps to the same bounds and takes as long, give or take half a second for each pod of the longest chain', async () => {
    const [exact, whole] = [await run(), await run(1000)];
    expect(whole.end).toEqual({ kind: 'reached' });
    const { lowestReady, highestPods, peakGpus } = exact;
    expect(whole).toMatchObject({ lowestReady, highestPods, peakGpus });
    // Ten pods of grey and ten of main, one after the other.
    expect(Math.abs(whole.durationMs - exact.durationMs)).toBeLessThan(20 * 500);
    expect(whole.durationMs).not.toBe(exact.durationMs);
    expect(whole.writes).toBeLessThanOrEqual(exact.writes);
  });
});

it('has pods become ready at whole seconds', async () => {
  const cluster = new VirtualCluster(scenarioOf(REPLICAS, 1000));
  const moments: number[] = [];
  cluster.api.watch('pods', ({ object, before }) => {
    const isReady = (pod: typeof before) =>
      pod?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
    if (isReady(object) && !isReady(before)) moments.push(cluster.clock.monotonic());
  });
  cluster.api.scale(GREY, 20, { manager: 'test' });
  await cluster.clock.advance(3_600_000);
  expect(moments.length).toBe(20);
  expect(moments.filter((ms) => ms % 1000 !== 0)).toEqual([]);
});
