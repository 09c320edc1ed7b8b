/** A live copy of a side: what wakes who watches it. */
import { expect, it } from 'vitest';
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
