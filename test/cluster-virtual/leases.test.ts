/** Leases that somebody deletes under a driver. */
import { expect, it } from 'vitest';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import { virtualClusterPort } from '../../src/cluster/virtual/adapter.ts';
import { leaseRef, takeLock } from '../../src/drive/lock.ts';
import { deployment, driveTo, GREY, MAIN, scenario, upgrade } from './given.ts';

const clusterOfTwo = (): VirtualCluster =>
  new VirtualCluster(scenario({ deployments: [deployment(), deployment({ ...GREY, replicas: 0 })] }));

it('a driver makes leases anew that were deleted by hand, and goes on', async () => {
  const cluster = clusterOfTwo();
  const { api, clock } = cluster;
  clock.quietly(10_000, () => {
    for (const ref of [MAIN, GREY]) api.remove('leases', leaseRef(ref));
  });
  const { outcome } = await driveTo(cluster, upgrade());
  expect(outcome).toEqual({ kind: 'reached' });
  expect(api.get('leases', leaseRef(MAIN))?.metadata.labels).toEqual({ 'app.kubernetes.io/managed-by': 'dupgrade' });
});

it('but not where another driver was quicker: that one has it', async () => {
  const cluster = clusterOfTwo();
  const { api, clock } = cluster;
  const { signal } = new AbortController();
  const take = (holder: string) =>
    takeLock(
      { cluster: virtualClusterPort(cluster), clock, signal },
      [MAIN],
      { holder, upgrade: 'serving/a' },
      { waiting: () => undefined },
    );
  const first = await clock.runUntil(take('first'));
  api.remove('leases', leaseRef(MAIN));
  const second = await clock.runUntil(take('second'));
  if ('holder' in first || 'holder' in second) throw new Error('not taken');
  await clock.advance(5_000);
  expect(first.lostTo()).toMatchObject({ holder: 'second' });
  expect([first.holds(), second.holds()]).toEqual([false, true]);
  await clock.runUntil(Promise.all([first.release(), second.release()]));
});
