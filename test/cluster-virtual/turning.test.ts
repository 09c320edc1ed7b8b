/** A side that is turned around while the news of its pods is on its way. */
import { expect, it } from 'vitest';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import type { PerSide } from '../../src/upgrade/side.ts';
import type { UpgradeSpec } from '../../src/upgrade/spec.ts';
import { Crowd } from './crowd.ts';
import { countsOf, deployment, fixed, GREY, MAIN, scenario, upgrade } from './given.ts';
import { Umpire } from './umpire.ts';

const POLL_MS = 15_000;

const clusterOf = (before: PerSide<number>): VirtualCluster => {
  const side = { readyAfter: fixed(60_000), termination: fixed(0) };
  return new VirtualCluster(
    scenario({
      deployments: [
        deployment({ ...side, ...MAIN, replicas: before.main }),
        deployment({ ...side, ...GREY, replicas: before.grey }),
      ],
    }),
  );
};

/** Sets targets right after the driver's first write, the watches of pods being silent: they are seen when it polls. */
const turnedAround = async (cluster: VirtualCluster, spec: UpgradeSpec, targets: PerSide<number>) => {
  const { clock, api } = cluster;
  const crowd = new Crowd(cluster, spec, { isSilent: (kind) => kind === 'pods' });
  const umpire = new Umpire(cluster, crowd, spec, false);
  const turned = new Promise<void>((resolve, reject) => {
    const unwatch = api.watch('deployments', ({ object, before }) => {
      if (object.spec.replicas === before?.spec.replicas) return;
      unwatch();
      crowd.command({ verb: 'set-target', targets, way: {} }).then(() => resolve(), reject);
    });
  });
  await clock.runUntil(crowd.start());
  await clock.runUntil(turned);
  return { crowd, umpire };
};

it('asks for no more pods while it still sees some as ready that it has removed', async () => {
  const cluster = clusterOf({ main: 6, grey: 0 });
  const way: UpgradeSpec['way'] = { mode: 'scaleInPriority', step: { main: 2, grey: 2 }, pacing: 'window' };
  const spec = upgrade({ targets: { main: 0, grey: 6 }, way });
  const { umpire } = await turnedAround(cluster, spec, { main: 8, grey: 0 });
  expect(countsOf(cluster)).toEqual([4, 0]);
  // Those who believe in the 6 ready pods of before ask for 8 at once.
  await cluster.clock.advance(POLL_MS / 3);
  expect(countsOf(cluster)).toEqual([4, 0]);
  await cluster.clock.advance(POLL_MS);
  expect(countsOf(cluster)).toEqual([6, 0]);
  await cluster.clock.advance(20 * POLL_MS);
  expect(countsOf(cluster)).toEqual([8, 0]);
  expect(umpire.broken).toEqual([]);
});

it('removes no more pods while it does not see those that it has asked for', async () => {
  const cluster = clusterOf({ main: 6, grey: 3 });
  const way: UpgradeSpec['way'] = { mode: 'scaleOutPriority', step: { main: 3, grey: 3 }, pacing: 'window' };
  const spec = upgrade({ targets: { main: 0, grey: 6 }, way });
  const { umpire, crowd } = await turnedAround(cluster, spec, { main: 6, grey: 0 });
  expect(countsOf(cluster)).toEqual([6, 6]);
  await cluster.clock.advance(POLL_MS / 3);
  expect(countsOf(cluster)).toEqual([6, 6]);
  await cluster.clock.advance(20 * POLL_MS);
  expect(countsOf(cluster)).toEqual([6, 0]);
  expect(umpire.broken).toEqual([]);
  expect(crowd.processes[0]?.outcome).toEqual({ kind: 'held', reason: 'off-spec' });
});

it('has not arrived while pods that it has asked for are yet to come', async () => {
  const cluster = clusterOf({ main: 6, grey: 0 });
  const way: UpgradeSpec['way'] = { mode: 'scaleOutPriority', step: { main: 2, grey: 2 }, pacing: 'window' };
  const spec = upgrade({ targets: { main: 0, grey: 6 }, way });
  const { umpire, crowd } = await turnedAround(cluster, spec, { main: 6, grey: 0 });
  // Nobody sees the 2 pods of grey, and that they go.
  await cluster.clock.advance(POLL_MS / 3);
  expect(crowd.processes[0]?.outcome).toBeUndefined();
  await cluster.clock.advance(20 * POLL_MS);
  expect(crowd.processes[0]?.outcome).toEqual({ kind: 'held', reason: 'off-spec' });
  expect(countsOf(cluster)).toEqual([6, 0]);
  expect(umpire.isSettled).toBe(true);
  expect(umpire.broken).toEqual([]);
});
