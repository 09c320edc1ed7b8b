import { expect, it } from 'vitest';
import { type Cluster, ClusterError } from '../../src/cluster/port.ts';
import { virtualClusterPort } from '../../src/cluster/virtual/adapter.ts';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import { pause } from '../../src/drive/clock.ts';
import { LEASE_MS } from '../../src/drive/lock.ts';
import { readRecord } from '../../src/drive/records.ts';
import { prepareStart, type Start } from '../../src/drive/start.ts';
import type { UpgradeSpec } from '../../src/upgrade/spec.ts';
import { deployment, driveTo, GREY, MAIN, NAMESPACE, scenario, upgrade } from './given.ts';

const twoSides = (): VirtualCluster =>
  new VirtualCluster(scenario({ deployments: [deployment(MAIN), deployment({ ...GREY, replicas: 0 })] }));

const startBy = (
  cluster: VirtualCluster,
  spec: UpgradeSpec,
  given: { readonly holder: string; readonly port: Cluster; readonly steal?: boolean },
): Promise<Start> => {
  const { signal } = new AbortController();
  const deps = {
    cluster: given.port,
    clock: cluster.clock,
    holder: given.holder,
    interruption: () => signal,
    waiting: () => undefined,
  };
  return prepareStart(deps, spec, '', { steal: given.steal });
};

/** Alice has the lock; right before her first write of a record Bob takes it from her, and begins the upgrade. */
const overtake = async (cluster: VirtualCluster, spec: UpgradeSpec): Promise<Start> => {
  const port = virtualClusterPort(cluster);
  let isOvertaken = false;
  const bob = async (kind: string): Promise<void> => {
    if (kind !== 'configmaps' || isOvertaken) return;
    isOvertaken = true;
    const { kind: begun } = await startBy(cluster, spec, { holder: 'bob@desk pid 1', port, steal: true });
    expect(begun).toBe('ready');
  };
  const overtaken: Cluster = {
    ...port,
    create: async (kind, object) => {
      await bob(kind);
      return port.create(kind, object);
    },
    replace: async (kind, object) => {
      await bob(kind);
      return port.replace(kind, object);
    },
  };
  return cluster.clock.runUntil(startBy(cluster, spec, { holder: 'alice@desk pid 1', port: overtaken }));
};

const startedBy = async (cluster: VirtualCluster): Promise<string | undefined> =>
  (await cluster.clock.runUntil(readRecord(virtualClusterPort(cluster), NAMESPACE, 'server-v2')))?.record.startedBy;

it('who is overtaken between the lock and the first write of the record ends as locked out', async () => {
  const cluster = twoSides();
  expect(await overtake(cluster, upgrade())).toMatchObject({ kind: 'held-by', by: { holder: 'bob@desk pid 1' } });
  expect(await startedBy(cluster)).toBe('bob@desk pid 1');
});

it('the same where an upgrade of that name has ended before: the new one is not written over', async () => {
  const cluster = twoSides();
  await driveTo(cluster, upgrade());
  const back = upgrade({ targets: { main: 3, grey: 0 } });
  expect(await overtake(cluster, back)).toMatchObject({ kind: 'held-by', by: { holder: 'bob@desk pid 1' } });
  expect(await startedBy(cluster)).toBe('bob@desk pid 1');
});

it('a write to 0 whose answer is lost while the lock is in doubt is known as its own, once the lock is', async () => {
  const cluster = twoSides();
  const port = virtualClusterPort(cluster);
  let isDeaf = false;
  const deaf: Cluster = {
    ...port,
    replace: async (kind, object) => {
      if (isDeaf && kind === 'leases') throw new ClusterError('unreachable', 'no answer');
      return port.replace(kind, object);
    },
    scale: async (ref, replicas, version, mayWrite) => {
      const written = await port.scale(ref, replicas, version, mayWrite);
      if (replicas > 0) return written;
      isDeaf = true;
      await pause(cluster.clock, LEASE_MS + 1000, new AbortController().signal);
      isDeaf = false;
      throw new ClusterError('conflict', 'it has changed since it was read');
    },
  };
  expect((await driveTo(cluster, upgrade(), {}, deaf)).outcome).toEqual({ kind: 'reached' });
});

it('a record that waited to be written is not, once the lock is in doubt', async () => {
  const cluster = twoSides();
  const port = virtualClusterPort(cluster);
  let isDeaf = false;
  let waited: boolean | undefined;
  const slow: Cluster = {
    ...port,
    replace: async (kind, object, mayWrite) => {
      if (isDeaf && kind === 'leases') throw new ClusterError('unreachable', 'no answer');
      if (kind !== 'configmaps' || waited !== undefined) return port.replace(kind, object, mayWrite);
      isDeaf = true;
      await pause(cluster.clock, LEASE_MS + 1000, new AbortController().signal);
      isDeaf = false;
      waited = mayWrite?.();
      return port.replace(kind, object, mayWrite);
    },
  };
  expect((await driveTo(cluster, upgrade(), {}, slow)).outcome).toEqual({ kind: 'reached' });
  expect(waited).toBe(false);
});
