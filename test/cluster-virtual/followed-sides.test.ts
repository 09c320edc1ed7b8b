import { expect, it } from 'vitest';
import type { Cluster } from '../../src/cluster/port.ts';
import { virtualClusterPort } from '../../src/cluster/virtual/adapter.ts';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import { deployment, driveTo, GREY, NAMESPACE, scenario, upgrade } from './given.ts';

const cluster = (): VirtualCluster =>
  new VirtualCluster(scenario({ deployments: [deployment(), deployment({ ...GREY, replicas: 0 })] }));

/** A port that counts what is followed through it, and is told of every Lease that is made. */
const watched = (virtual: VirtualCluster, onLease: () => void = () => undefined) => {
  const port = virtualClusterPort(virtual);
  const followed = new Map<string, number>();
  let open = 0;
  const seen: Cluster = {
    ...port,
    create: async (kind, object) => {
      const made = await port.create(kind, object);
      if (kind === 'leases') onLease();
      return made;
    },
    follow: (kind, selection, changed) => {
      const follower = port.follow(kind, selection, changed);
      followed.set(kind, (followed.get(kind) ?? 0) + 1);
      open += 1;
      return {
        ...follower,
        close: () => {
          open -= 1;
          follower.close();
        },
      };
    },
  };
  return { seen, followed, open: () => open };
};

it('what is followed to begin an upgrade is followed to its end, and no longer', async () => {
  const virtual = cluster();
  const { seen, followed, open } = watched(virtual);
  const { outcome } = await driveTo(virtual, upgrade(), {}, seen);
  expect(outcome).toEqual({ kind: 'reached' });
  expect([...followed].filter(([kind]) => kind !== 'events')).toEqual([
    ['deployments', 2],
    ['replicasets', 2],
    ['pods', 2],
    ['configmaps', 1],
    ['namespaces', 1],
  ]);
  expect(open()).toBe(0);
});

it('nothing is followed any more of an upgrade that does not begin after all', async () => {
  const virtual = cluster();
  // Once it holds the lock, somebody deletes what it is about to move.
  const { seen, followed, open } = watched(virtual, () => {
    if (virtual.api.get('deployments', GREY) !== undefined) virtual.api.remove('deployments', GREY);
  });
  await expect(driveTo(virtual, upgrade(), {}, seen)).rejects.toThrow(/"deployment-missing"/);
  expect(followed.get('deployments')).toBe(2);
  expect(open()).toBe(0);
  const leases = virtual.api.list('leases', { namespace: NAMESPACE }).items;
  expect(leases.map(({ spec }) => spec?.holderIdentity)).toEqual([undefined, undefined]);
});
