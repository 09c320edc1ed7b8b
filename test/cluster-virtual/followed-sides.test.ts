import { expect, it } from 'vitest';
import { type Cluster, ClusterError, type Kind } from '../../src/cluster/port.ts';
import { virtualClusterPort } from '../../src/cluster/virtual/adapter.ts';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import { pause } from '../../src/drive/clock.ts';
import { FollowedSides } from '../../src/drive/followed-sides.ts';
import { prepareStart } from '../../src/drive/start.ts';
import { deployment, driveTo, GREY, MAIN, NAMESPACE, scenario, upgrade } from './given.ts';

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

const holdersOf = ({ api }: VirtualCluster): readonly unknown[] =>
  api.list('leases', { namespace: NAMESPACE }).items.map(({ spec }) => spec?.holderIdentity);

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
  expect(holdersOf(virtual)).toEqual([undefined, undefined]);
});

it('an upgrade that is interrupted with the lock in hand does not begin', async () => {
  const virtual = cluster();
  const interruption = new AbortController();
  const { seen, followed, open } = watched(virtual, () => interruption.abort('SIGINT'));
  const start = prepareStart(
    {
      cluster: seen,
      clock: virtual.clock,
      holder: 'somebody@somewhere 1',
      interruption: () => interruption.signal,
      waiting: () => undefined,
    },
    upgrade(),
    '',
    {},
  );
  expect(await virtual.clock.runUntil(start)).toEqual({ kind: 'interrupted', signal: 'SIGINT' });
  await virtual.clock.advance(60_000);
  expect(followed.get('deployments')).toBe(2);
  expect(open()).toBe(0);
  expect(virtual.api.list('configmaps', { namespace: NAMESPACE }).items).toEqual([]);
  expect(holdersOf(virtual)).toEqual([undefined, undefined]);
});

it('what is opened when nobody looks any more is closed', async () => {
  const virtual = cluster();
  const { seen, open } = watched(virtual);
  const sides = new FollowedSides(seen, { main: MAIN, grey: GREY });
  const opening = sides.both();
  sides.close();
  await virtual.clock.runUntil(opening);
  expect(open()).toBe(0);
});

it('one side that cannot be followed is told, and leaves nothing open', async () => {
  const virtual = cluster();
  const { seen, open } = watched(virtual);
  const denied = new ClusterError('forbidden', 'no');
  const half: Cluster = {
    ...seen,
    follow: (kind: Kind, selection, changed) => {
      const follower = seen.follow(kind, selection, changed as never);
      return (selection.name === GREY.name ? { ...follower, synced: Promise.reject(denied) } : follower) as never;
    },
  };
  const sides = new FollowedSides(half, { main: MAIN, grey: GREY });
  await expect(virtual.clock.runUntil(sides.both())).rejects.toBe(denied);
  sides.close();
  await virtual.clock.advance(1000);
  expect(open()).toBe(0);
});

it('a scale write that was refused for a version that the watch has shown is followed by no read', async () => {
  const virtual = new VirtualCluster(
    scenario({ deployments: [deployment({ replicas: 1 }), deployment({ ...GREY, replicas: 0 })] }),
  );
  const port = virtualClusterPort(virtual);
  const spec = upgrade({ way: { mode: 'scaleSimultaneously', step: { main: 1, grey: 1 }, pacing: 'window' } });
  let [conflicts, reads] = [0, 0];
  const seen: Cluster = {
    ...port,
    get: (kind, ref) => {
      if (kind === 'deployments') reads += 1;
      return port.get(kind, ref);
    },
    scale: async (ref, replicas, version, mayWrite) => {
      // In the meantime the controllers write that the pod is ready for which grey is due.
      await pause(virtual.clock, 1000);
      return port.scale(ref, replicas, version, mayWrite).catch((error: unknown) => {
        conflicts += 1;
        throw error;
      });
    },
  };
  const { outcome } = await driveTo(virtual, spec, {}, seen);
  expect(outcome).toEqual({ kind: 'reached' });
  expect(conflicts).toBeGreaterThan(0);
  // Each side once, before it begins.
  expect(reads).toBe(2);
});
