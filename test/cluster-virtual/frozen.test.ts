/**
 * What is in a cluster in memory is never changed, but replaced: it is handed out without a copy, and what is worked out of
 * an object is remembered for as long as the object is there.
 */
import { expect, it } from 'vitest';
import type { Kind } from '../../src/cluster/port.ts';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import { driveOn } from '../../src/rehearse/rehearse-run.ts';
import { PACINGS } from '../../src/upgrade/leg.ts';
import { deployment, GREY, MAIN, scenario, upgrade } from './given.ts';

const KINDS: readonly Kind[] = ['deployments', 'replicasets', 'pods', 'configmaps', 'leases', 'events', 'nodes'];

const freeze = (value: unknown): void => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
};

it.each(PACINGS)('nobody changes an object that is there, in an upgrade with %s on which pods fail', async (pacing) => {
  const cluster = new VirtualCluster(
    scenario({
      deployments: [
        deployment({ ...MAIN, replicas: 8 }),
        deployment({ ...GREY, replicas: 0, failures: [{ kind: 'turn-unready', pods: [3], afterMs: 5000 }] }),
      ],
      happenings: [{ atMs: 60_000, action: { kind: 'delete-pods', deployment: GREY, pods: 1 } }],
    }),
  );
  let frozen = 0;
  for (const kind of KINDS) {
    for (const object of cluster.api.list(kind, {}).items) freeze(object);
    cluster.api.watch(kind, ({ object }) => {
      frozen += 1;
      freeze(object);
    });
  }
  const way = { mode: 'scaleOutPriority', step: { main: 2, grey: 2 }, pacing } as const;
  const { writes } = await driveOn(cluster, upgrade({ targets: { main: 0, grey: 8 }, way }));
  expect(writes).toBeGreaterThan(2);
  expect(frozen).toBeGreaterThan(50);
});
