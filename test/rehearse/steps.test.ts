/**
 * How many steps one upgrade takes, exactly: what a change costs in time is a matter of the machine, but a driver that looks,
 * decides or writes more often than it did, and a cluster in which more happens, show here.
 */
import { expect, it, vi } from 'vitest';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import { Wakeup } from '../../src/drive/wakeup.ts';
import { driveOn } from '../../src/rehearse/rehearse-run.ts';
import type { Pacing } from '../../src/upgrade/leg.ts';
import { deployment, GREY, MAIN, pool, scenario, upgrade } from '../cluster-virtual/given.ts';

const REPLICAS = 200;
const STEP = 20;

const stepsOf = async (pacing: Pacing) => {
  const times = {
    readyAfter: { kind: 'log-normal', medianMs: 180_000, sigma: 0.4 },
    termination: { kind: 'range', fromMs: 5_000, toMs: 30_000 },
  } as const;
  const cluster = new VirtualCluster(
    scenario({
      nodes: [pool({ count: 30 })],
      deployments: [
        deployment({ ...MAIN, replicas: REPLICAS, ...times }),
        deployment({ ...GREY, replicas: 0, ...times }),
      ],
    }),
  );
  const waits = vi.spyOn(Wakeup.prototype, 'sleep');
  const spec = upgrade({
    targets: { main: 0, grey: REPLICAS },
    way: { mode: 'scaleOutPriority', step: { main: STEP, grey: STEP }, pacing },
  });
  const { end, writes } = await driveOn(cluster, spec);
  expect(end).toEqual({ kind: 'reached' });
  const turns = waits.mock.calls.length;
  waits.mockRestore();
  const versions = Number(cluster.api.list('namespaces', {}).resourceVersion);
  return { writes, turns, versions, events: cluster.clock.events };
};

it.each([
  ['batch', { writes: 20, turns: 529, versions: 2358, events: 3873 }],
  ['window', { writes: 380, turns: 1292, versions: 4519, events: 9609 }],
] as const)('an upgrade of 200 replicas with %s takes as many steps as it did', async (pacing, steps) => {
  expect(await stepsOf(pacing)).toEqual(steps);
});
