/** Leases: how they are taken and renewed, and what becomes of those that somebody deletes under a driver. */
import { expect, it } from 'vitest';
import type { Cluster } from '../../src/cluster/port.ts';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import { virtualClusterPort } from '../../src/cluster/virtual/adapter.ts';
import { type LeaseTerm, leaseRef, takeLock } from '../../src/drive/lock.ts';
import type { DeploymentRef } from '../../src/upgrade/spec.ts';
import { deployment, driveTo, GREY, MAIN, scenario, upgrade } from './given.ts';

const clusterOfTwo = (): VirtualCluster =>
  new VirtualCluster(scenario({ deployments: [deployment(), deployment({ ...GREY, replicas: 0 })] }));

type Taking = {
  /** Of both sides, unless told. */
  readonly deployments?: readonly DeploymentRef[];
  readonly port?: Cluster;
  readonly leaseTerm?: LeaseTerm;
};

const take = (
  cluster: VirtualCluster,
  holder: string,
  { deployments = [MAIN, GREY], port = virtualClusterPort(cluster), leaseTerm }: Taking = {},
) =>
  takeLock(
    {
      cluster: port,
      clock: cluster.clock,
      signal: new AbortController().signal,
      ...(leaseTerm && { leaseTerm }),
    },
    deployments,
    { holder, upgrade: 'serving/a' },
    { waiting: () => undefined },
  );

/** The same where nobody else has it. */
const taken = async (cluster: VirtualCluster, holder: string, taking: Taking) => {
  const lock = await cluster.clock.runUntil(take(cluster, holder, taking));
  if ('holder' in lock) throw new Error('not taken');
  return lock;
};

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
  const first = await taken(cluster, 'first', { deployments: [MAIN] });
  api.remove('leases', leaseRef(MAIN));
  const second = await taken(cluster, 'second', { deployments: [MAIN] });
  await clock.advance(5_000);
  expect(first.lostTo()).toMatchObject({ holder: 'second' });
  expect([first.holds(), second.holds()]).toEqual([false, true]);
  await clock.runUntil(Promise.all([first.release(), second.release()]));
});

it('a lease that nobody renews is taken at the very end of its term, and one that is renewed is left to its holder', async () => {
  const cluster = clusterOfTwo();
  const { clock } = cluster;
  const port = virtualClusterPort(cluster);
  const alive = await taken(cluster, 'alive', { port });
  expect(await clock.runUntil(take(cluster, 'second', { port }))).toMatchObject({ holder: 'alive' });
  await clock.runUntil(alive.release());

  const spec = { holderIdentity: 'dead', leaseDurationSeconds: 15 };
  for (const ref of [MAIN, GREY]) {
    const lease = await clock.runUntil(port.get('leases', leaseRef(ref)));
    if (lease === undefined) throw new Error('there is no lease');
    await clock.runUntil(port.replace('leases', { ...lease, spec }));
  }
  const fromMs = clock.monotonic();
  const successor = await taken(cluster, 'successor', { port });
  // A look costs the time of a request.
  expect(clock.monotonic() - fromMs).toBeGreaterThanOrEqual(15_000);
  expect(clock.monotonic() - fromMs).toBeLessThan(15_100);
  await clock.runUntil(successor.release());
});

/** When the lease of a Deployment is renewed from now on, in ms, within so long. */
const renewalsOf = async ({ api, clock }: VirtualCluster, held: DeploymentRef, withinMs: number): Promise<number[]> => {
  const fromMs = clock.monotonic();
  const timesMs: number[] = [];
  const stop = api.watch('leases', ({ object: { metadata } }) => {
    if (metadata.name === leaseRef(held).name) timesMs.push(clock.monotonic() - fromMs);
  });
  await clock.advance(withinMs);
  stop();
  return timesMs;
};

it('a lease is held, and renewed, for as long as it is told to be', async () => {
  const cluster = clusterOfTwo();
  const leaseTerm = { termMs: 3_600_000, renewEveryMs: 1_800_000 };
  const lock = await taken(cluster, 'alone', { deployments: [MAIN], leaseTerm });
  expect(cluster.api.get('leases', leaseRef(MAIN))?.spec?.leaseDurationSeconds).toBe(3600);
  const [first = Number.NaN, second = Number.NaN, ...others] = await renewalsOf(cluster, MAIN, 3_500_000);
  // A request takes some time.
  expect(first).toBeLessThan(1_800_100);
  expect(Math.abs(second - first - 1_800_000)).toBeLessThan(100);
  expect([lock.holds(), others]).toEqual([true, []]);
  await cluster.clock.runUntil(lock.release());
});

it('leases are renewed apart that are taken together, and have stood still together', async () => {
  const cluster = clusterOfTwo();
  const { api, clock } = cluster;
  const names = Array.from({ length: 30 }, (_, at) => `server-${at}`);
  const deployments = names.map((name) => ({ namespace: MAIN.namespace, name }));
  const lock = await taken(cluster, 'alone', { deployments });
  const timesMs: number[] = [];
  api.watch('leases', () => timesMs.push(clock.monotonic()));
  /** Of the next three seconds, the most in a tenth of them: of thirty that are spread over them some three. */
  const crowd = async (): Promise<number> => {
    timesMs.length = 0;
    await clock.advance(3_000);
    expect(timesMs.length).toBeGreaterThan(25);
    return Math.max(...timesMs.map((from) => timesMs.filter((ms) => ms >= from && ms < from + 300).length));
  };
  await clock.advance(3_000);
  expect(await crowd()).toBeLessThan(10);
  // As a process that was stopped, and finds all answers at once.
  clock.pass(10_000);
  await clock.advance(3_000);
  expect(await crowd()).toBeLessThan(10);
  expect(lock.holds()).toBe(true);
  await clock.runUntil(lock.release());
});

it('a renewal whose moment comes while another is under way takes nobody for somebody else', async () => {
  const cluster = clusterOfTwo();
  const { clock } = cluster;
  const asked: string[] = [];
  const port = virtualClusterPort(cluster, {
    latencyMs: { from: 10, to: 10 },
    mishap: ({ verb, kind }) => {
      if (kind === 'leases') asked.push(verb);
      return undefined;
    },
  });
  const lock = await taken(cluster, 'alone', { deployments: [MAIN], port });
  const [arrivesMs = Number.NaN] = await renewalsOf(cluster, MAIN, 3_000);
  // Until 5 ms before the moment of the next, which is sent 10 ms before it arrives.
  await clock.advance(arrivesMs - 15);
  asked.length = 0;
  await clock.runUntil(Promise.all([lock.verify(), lock.verify()]));
  await clock.advance(100);
  expect([lock.holds(), asked]).toEqual([true, ['update', 'update', 'update']]);
  await clock.runUntil(lock.release());
});

it('a lease is renewed where nothing can be made, however long the answer to that takes', async () => {
  const cluster = clusterOfTwo();
  const { clock } = cluster;
  const port = virtualClusterPort(cluster);
  let canMake = true;
  const create: Cluster['create'] = (kind, object) =>
    canMake ? port.create(kind, object) : new Promise(() => undefined);
  const lock = await taken(cluster, 'alone', { deployments: [MAIN], port: { ...port, create } });
  canMake = false;
  void lock.leaving();
  await clock.advance(20_000);
  expect(lock.holds()).toBe(true);
});
