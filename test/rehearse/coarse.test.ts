/** Rehearsals of thousands of pods, which get on at whole seconds, or at every fifth. */
import { describe, expect, it } from 'vitest';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import type { Scenario, Spread } from '../../src/cluster/virtual/scenario.ts';
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

it.each([
  { pods: 1999, grainMs: undefined },
  { pods: 2000, grainMs: 1000 },
  { pods: 9999, grainMs: 1000 },
  { pods: 10_000, grainMs: 5000 },
])('have a grain of $grainMs ms with $pods pods', ({ pods, grainMs }) => {
  expect(coarse(scenarioOf(pods)).grainMs).toBe(grainMs);
});

it.each<Spread>([
  { kind: 'fixed', ms: 99_999 },
  { kind: 'range', fromMs: 1000, toMs: 198_999 },
  { kind: 'log-normal', medianMs: 99_999, sigma: 1 },
  { kind: 'samples', samplesMs: [500_000, 99_999, 1] },
])('have a finer grain where pods are ready soon ($kind)', (readyAfter) => {
  const [main, grey] = scenarioOf(10_000).deployments;
  if (main === undefined || grey === undefined) throw new Error('there are two');
  expect(coarse(scenario({ deployments: [main, { ...grey, readyAfter }] })).grainMs).toBe(1000);
});

describe.each(PACINGS.flatMap((pacing) => [1000, 5000].map((grainMs) => ({ pacing, grainMs }))))(
  'a run with $pacing and a grain of $grainMs ms',
  ({ pacing, grainMs }) => {
    const run = (grain?: number) =>
      rehearseRun(
        scenarioOf(REPLICAS, grain),
        upgrade({
          targets: { main: 0, grey: REPLICAS },
          way: { mode: 'scaleOutPriority', step: { main: 10, grey: 10 }, pacing },
        }),
      );

    it('keeps to the same bounds and takes as long, give or take half a grain for each pod of the longest chain', async () => {
      const [exact, whole] = [await run(), await run(grainMs)];
      expect(whole.end).toEqual({ kind: 'reached' });
      const { lowestReady, highestPods, peakGpus } = exact;
      expect(whole).toMatchObject({ lowestReady, highestPods, peakGpus });
      // Ten pods of grey and ten of main, one after the other.
      expect(Math.abs(whole.durationMs - exact.durationMs)).toBeLessThan((20 * grainMs) / 2);
      expect(whole.durationMs).not.toBe(exact.durationMs);
      expect(whole.writes).toBeLessThanOrEqual(exact.writes);
    });
  },
);

it.each([undefined, 5000])(
  'tells the same reason where a node breaks under pods that start (grain: %s)',
  async (grainMs) => {
    const { deployments, ...rest } = scenarioOf(4, grainMs);
    const run = await rehearseRun(
      {
        ...rest,
        nodes: [MAIN, GREY].map(({ name }) => pool({ name, count: 1, labels: { pool: name } })),
        deployments: deployments.map((each) => ({ ...each, nodeSelector: { pool: each.name } })),
        happenings: [{ atMs: 60_000, action: { kind: 'break-node', node: `${GREY.name}-0` } }],
      },
      upgrade({
        targets: { main: 0, grey: 4 },
        way: { mode: 'scaleOutPriority', step: { main: 2, grey: 2 }, pacing: 'batch' },
      }),
    );
    expect(run.end).toEqual({ kind: 'ended', outcome: 'stuck', side: 'grey', reason: 'not-ready' });
  },
);

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

it.each([
  { grainMs: undefined, nodes: 20, first: [undefined, undefined] },
  { grainMs: 1000, nodes: 20, first: ['node', 'node'] },
  // Where there is no room they wait for it, as ever.
  { grainMs: 1000, nodes: 1, first: ['node', undefined] },
])(
  'shows new pods on a node of $nodes at once, where there is room, with a grain of $grainMs ms',
  async ({ grainMs, nodes, first }) => {
    const { deployments, ...rest } = scenarioOf(7, grainMs);
    const cluster = new VirtualCluster({ ...rest, deployments, nodes: [pool({ count: nodes })] });
    const made: (string | undefined)[] = [];
    cluster.api.watch('pods', ({ type, object }) => {
      if (type === 'ADDED') made.push(object.spec.nodeName?.replace(/-\d+$/, ''));
    });
    cluster.do({ kind: 'scale', deployment: GREY, replicas: 2, manager: 'kubectl' });
    await cluster.clock.advance(1000);
    expect(made).toEqual(first);
  },
);
