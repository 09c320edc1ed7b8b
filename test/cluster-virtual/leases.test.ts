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

it('a lease that nobody renews is taken at the very end of its term, and one that is renewed is left to its holder', async () => {
  const cluster = clusterOfTwo();
  const { clock } = cluster;
  const port = virtualClusterPort(cluster);
  const take = (holder: string) =>
    takeLock(
      { cluster: port, clock, signal: new AbortController().signal },
      [MAIN, GREY],
      { holder, upgrade: 'serving/a' },
      { waiting: () => undefined },
    );
  const alive = await clock.runUntil(take('alive'));
  if ('holder' in alive) throw new Error('not taken');
  expect(await clock.runUntil(take('second'))).toMatchObject({ holder: 'alive' });
  await clock.runUntil(alive.release());

  const spec = { holderIdentity: 'dead', leaseDurationSeconds: 15 };
  for (const ref of [MAIN, GREY]) {
    const lease = await clock.runUntil(port.get('leases', leaseRef(ref)));
    if (lease === undefined) throw new Error('there is no lease');
    await clock.runUntil(port.replace('leases', { ...lease, spec }));
  }
  const fromMs = clock.monotonic();
  const successor = await clock.runUntil(take('successor'));
  if ('holder' in successor) throw new Error('not taken');
  // A look costs the time of a request.
  expect(clock.monotonic() - fromMs).toBeGreaterThanOrEqual(15_000);
  expect(clock.monotonic() - fromMs).toBeLessThan(15_100);
  await clock.runUntil(successor.release());
});

it('a lease is held, and renewed, for as long as it is told to be', async () => {
  const cluster = clusterOfTwo();
  const { api, clock } = cluster;
  const lock = await clock.runUntil(
    takeLock(
      {
        cluster: virtualClusterPort(cluster),
        clock,
        signal: new AbortController().signal,
        leaseTerm: { termMs: 3_600_000, renewEveryMs: 1_800_000 },
      },
      [MAIN],
      { holder: 'alone', upgrade: 'serving/a' },
      { waiting: () => undefined },
    ),
  );
  if ('holder' in lock) throw new Error('not taken');
  const taken = api.get('leases', leaseRef(MAIN));
  expect(taken?.spec?.leaseDurationSeconds).toBe(3600);
  await clock.advance(1_790_000);
  expect([lock.holds(), api.get('leases', leaseRef(MAIN))]).toEqual([true, taken]);
  await clock.advance(20_000);
  expect(api.get('leases', leaseRef(MAIN))?.spec?.renewTime).not.toBe(taken?.spec?.renewTime);
  await clock.runUntil(lock.release());
});
