import { expect, it } from 'vitest';
import { auditLog } from './fixtures.ts';
import type { KubeObject } from './follow.ts';
import { Upgrade } from './upgrade.ts';
import type { TestNamespace } from './workload.ts';

/** Longer than anything was ever listed at a steady interval: 15 renewals are 45 s. */
const RENEWALS = 15;
const OTHER_PODS = 500;
const REPLICAS = 4;

/** Renewals are by the clock, and what is asked of pods that are slow to start is by that of the machine. */
const UNSTEADY: ReadonlySet<string> = new Set(['update leases', 'get pods/log', 'list events', 'watch events']);

/** What an upgrade costs however many replicas it moves: looked at once before it begins, then once by each live copy. */
const FIXED: Readonly<Record<string, number>> = {
  'create configmaps': 1,
  'create leases': 2,
  'get leases': 2,
  'list configmaps': 3,
  'list deployments': 2,
  'list replicasets': 4,
  'list pods': 4,
  'list services': 1,
  'list poddisruptionbudgets': 1,
  'list resourcequotas': 1,
  'list horizontalpodautoscalers': 1,
  'list scaledobjects': 1,
  'list verticalpodautoscalers': 1,
  'get namespaces': 1,
  'watch namespaces': 1,
  'watch configmaps': 1,
  'watch deployments': 2,
  'watch replicasets': 2,
  'watch pods': 2,
};

type Counts = ReadonlyMap<string, number>;

/** Requests of the driver about the namespace, by verb and resource. */
const countsOf = async (namespace: string): Promise<Counts> =>
  new Map(
    (await auditLog().requestCounts({ namespace, user: 'cli' })).map(({ verb, resource, count }) => [
      `${verb} ${resource}`,
      count,
    ]),
  );

/** What came to it between two counts. */
const between = (before: Counts, after: Counts): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...after]
      .map(([what, count]) => [what, count - (before.get(what) ?? 0)] as const)
      .filter(([, count]) => count > 0),
  );

/** Pods that nothing will ever put on a node, as there are thousands beside an upgrade. */
const crowd = async (namespace: TestNamespace): Promise<void> => {
  const pod = (at: number): object => ({
    metadata: { name: `other-${at}`, labels: { app: 'other' } },
    spec: { schedulerName: 'nobody', containers: [{ name: 'other', image: 'other:1' }] },
  });
  for (let from = 0; from < OTHER_PODS; from += 50)
    await Promise.all(Array.from({ length: 50 }, (_, at) => namespace.create('pods', pod(from + at))));
};

/** Resolves when each lease of the namespace was renewed so often from now on: the clock of a driver that waits. */
const renewed = async (namespace: TestNamespace, times: number): Promise<void> => {
  const seen = new Map<string, Set<string>>();
  await namespace.until(
    'leases',
    (leases: readonly KubeObject[]) => {
      for (const { metadata } of leases) {
        const versions = seen.get(metadata.name) ?? new Set();
        seen.set(metadata.name, versions.add(metadata.resourceVersion));
      }
      return seen.size === 2 && [...seen.values()].every((versions) => versions.size > times);
    },
    { what: `${times} renewals of both leases`, timeoutMs: 120_000 },
  );
};

it('an upgrade asks of the API server what it has to, and nothing while nothing changes but to renew its leases', async () => {
  const upgrade = await Upgrade.of({ main: REPLICAS, behaviour: { readySeconds: 1 } });
  const { namespace } = upgrade;
  await crowd(namespace);
  const run = upgrade.start({ targets: [0, REPLICAS], step: 1 }, '--on-hold', 'wait');
  await run.line(/main 4 -> 3/);
  const admin = upgrade.as('admin');
  expect(await admin.command('pause')).toMatchObject({ code: 0 });
  await run.line(/paused by/);
  // What was asked for before comes to its end.
  await namespace.until('pods', (pods) =>
    pods
      .filter(({ metadata }) => metadata.labels?.['app'] !== 'other')
      .every(({ metadata }) => metadata.deletionTimestamp === undefined),
  );
  await renewed(namespace, 2);

  const before = await countsOf(namespace.name);
  await Promise.all(
    Array.from({ length: 50 }, (_, at) =>
      namespace.patch('pods', `other-${at}`, { metadata: { labels: { seen: 'yes' } } }),
    ),
  );
  await renewed(namespace, RENEWALS);
  const { 'update leases': renewals = 0, ...besides } = between(before, await countsOf(namespace.name));
  expect(besides).toEqual({});
  expect(renewals).toBeGreaterThanOrEqual(2 * RENEWALS);

  expect(await admin.command('resume')).toMatchObject({ code: 0 });
  expect(await run.exit, run.stdout).toMatchObject({ code: 0 });
  const writes = (await auditLog().scaleWrites(namespace.name)).filter(({ user }) => user === 'cli');
  const refused = writes.filter(({ code }) => code === 409).length;
  expect(writes.length - refused).toBe(2 * REPLICAS);
  const counts = await countsOf(namespace.name);
  // Who reads a record again had a conflict with the commands of this test.
  const again = (counts.get('get configmaps') ?? 0) - 2;
  // Of a write that was refused the watch may have shown why.
  const reread = (counts.get('get deployments') ?? 0) - 2;
  expect(reread).toBeGreaterThanOrEqual(0);
  expect(reread).toBeLessThanOrEqual(refused);
  expect(Object.fromEntries([...counts].filter(([what]) => !UNSTEADY.has(what)))).toEqual({
    ...FIXED,
    'patch deployments/scale': 2 * REPLICAS + refused,
    'get deployments': 2 + reread,
    'get configmaps': 2 + again,
    // Beside one for each write: the leg of the pause and of the resume, and that it has arrived.
    'update configmaps': 2 * REPLICAS + 3 + again,
    // One for each write, and for either side that it began and that it ended.
    'create events': 2 * REPLICAS + 4,
  });
});

it('what is watched is narrowed to the upgrade, so that other pods cost nothing', async () => {
  const upgrade = await Upgrade.of({ main: 1 });
  const own = `server-v[12]|dupgrade-server-v2|${upgrade.namespace.name}`;
  const run = upgrade.start({ targets: [0, 1], step: 1 });
  expect(await run.exit, run.stdout).toMatchObject({ code: 0 });
  const watches = await auditLog().addresses('watch', { namespace: upgrade.namespace.name, user: 'cli' });
  expect(watches.length).toBeGreaterThanOrEqual(8);
  for (const address of watches) {
    const query = new URL(address, 'https://server').searchParams;
    expect(query.get('labelSelector') ?? query.get('fieldSelector'), address).toMatch(
      new RegExp(`^app=server-v[12]$|^metadata\\.name=(${own})$|^involvedObject\\.uid=`),
    );
  }
});
