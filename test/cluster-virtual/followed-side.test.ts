/** A live copy of a side: what wakes who watches it. */
import { expect, it } from 'vitest';
import type { Cluster, Deployment } from '../../src/cluster/port.ts';
import { virtualClusterPort } from '../../src/cluster/virtual/adapter.ts';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import { FollowedSide } from '../../src/drive/followed-side.ts';
import { deployment, fixed, MAIN, scenario } from './given.ts';

/** Removes two of the six pods of a side, whose pods take a minute to go, and tells what was seen at each waking. */
const wakings = async (see: (side: FollowedSide) => unknown): Promise<readonly unknown[]> => {
  const cluster = new VirtualCluster(
    scenario({ deployments: [deployment({ ...MAIN, replicas: 6, termination: fixed(60_000) })] }),
  );
  const seen: unknown[] = [];
  let opened: FollowedSide | undefined;
  const changed = () => {
    if (opened !== undefined) seen.push(see(opened));
  };
  opened = await cluster.clock.runUntil(FollowedSide.open(virtualClusterPort(cluster), MAIN, changed));
  cluster.do({ kind: 'scale', deployment: MAIN, replicas: 4, manager: 'kubectl' });
  await cluster.clock.advance(30_000);
  opened?.close();
  return seen;
};

it('wakes who asks whether the controllers have acted until they say so, and then no more', async () => {
  const answers = await wakings((side) => side.isActedOn());
  expect(answers.filter(Boolean)).toEqual([true]);
  expect(answers.at(-1)).toBe(true);
});

it('wakes nobody else for what controllers say of themselves', async () => {
  const asked = await wakings((side) => side.isActedOn());
  const others = await wakings(() => undefined);
  expect(others.length).toBeLessThan(asked.length);
});

it('forgets what it wrote where the cluster goes back to a backup', async () => {
  const cluster = new VirtualCluster(scenario({ deployments: [deployment({ ...MAIN, replicas: 6 })] }));
  const port = virtualClusterPort(cluster);
  const backup = cluster.api.get('deployments', MAIN);
  if (backup === undefined) throw new Error('there is no such Deployment');
  const at = (resourceVersion: string): Deployment => ({
    ...backup,
    metadata: { ...backup.metadata, resourceVersion },
  });
  let followed = at('100');
  let tell: () => void = () => undefined;
  const following: Cluster = {
    ...port,
    follow: (kind, selection, changed) => {
      const follower = port.follow(kind, selection, changed);
      if (kind !== 'deployments') return follower;
      tell = () => changed([]);
      return { ...follower, objects: () => [followed] as never };
    },
  };
  const side = await cluster.clock.runUntil(FollowedSide.open(following, MAIN, () => undefined));
  const replicas = () => side?.objects()?.deployment.spec.replicas;
  tell();
  side?.wrote(5, '200');
  followed = at('150');
  tell();
  expect(replicas()).toBe(5);
  followed = at('140');
  tell();
  expect(replicas()).toBe(6);
  side?.close();
});

it('shows what is newer than a version as soon as the watch does, and nothing before', async () => {
  const cluster = new VirtualCluster(scenario({ deployments: [deployment({ ...MAIN, replicas: 6 })] }));
  const side = await cluster.clock.runUntil(FollowedSide.open(virtualClusterPort(cluster), MAIN, () => undefined));
  const version = side?.objects()?.deployment.metadata.resourceVersion ?? '';
  cluster.do({ kind: 'scale', deployment: MAIN, replicas: 4, manager: 'kubectl' });
  expect(side?.since(version)).toBeUndefined();
  await cluster.clock.advance(1000);
  expect(side?.since(version)?.spec.replicas).toBe(4);
});
