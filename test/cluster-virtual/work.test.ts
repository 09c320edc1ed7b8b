/** How much work a large cluster makes, counted in events and in versions: the same on every machine. */
import { describe, expect, it } from 'vitest';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import { deployment, driveTo, GREY, MAIN, pool, scenario, upgrade } from './given.ts';

const REPLICAS = 400;

const large = (seed = 1): VirtualCluster =>
  new VirtualCluster(
    scenario({
      seed,
      nodes: [pool({ count: 60 })],
      deployments: [MAIN, GREY].map((ref) =>
        deployment({
          ...ref,
          replicas: ref === MAIN ? REPLICAS : 0,
          readyAfter: { kind: 'log-normal', medianMs: 180_000, sigma: 0.4 },
          termination: { kind: 'range', fromMs: 5000, toMs: 20_000 },
        }),
      ),
    }),
  );

const versionOf = ({ api }: VirtualCluster): number => Number(api.list('nodes', {}).resourceVersion);

describe('a large virtual cluster', () => {
  it('begins with four writes for each pod: made, bound, running, ready', () => {
    expect(Math.round(versionOf(large()) / REPLICAS)).toBe(4);
  });

  it('is upgraded with a number of events and writes that grows with its pods', async () => {
    const cluster = large();
    const before = versionOf(cluster);
    const way = { mode: 'scaleOutPriority', step: { main: 20, grey: 20 }, pacing: 'batch' } as const;
    const spec = upgrade({ targets: { main: 0, grey: REPLICAS }, way, progressDeadlineMs: 3_600_000 });
    const { outcome } = await driveTo(cluster, spec);
    expect(outcome).toEqual({ kind: 'reached' });
    // Ten writes for each pod that comes or goes, and the leases, which are renewed every three seconds.
    const renewals = (2 * cluster.clock.monotonic()) / 3000;
    const writes = versionOf(cluster) - before - renewals;
    expect(writes / (2 * REPLICAS)).toBeLessThan(10);
    expect(cluster.clock.events / (writes + renewals)).toBeLessThan(6);
  });

  it('gives every pod up once, one at a time', async () => {
    const cluster = large();
    const gone = new Map<string, number>();
    cluster.api.watch('pods', ({ type, object }) => {
      if (type === 'DELETED') gone.set(object.metadata.name, (gone.get(object.metadata.name) ?? 0) + 1);
    });
    for (let replicas = REPLICAS - 1; replicas >= 0; replicas -= 1) {
      cluster.do({ kind: 'scale', deployment: MAIN, replicas, manager: 'kubectl' });
      await cluster.clock.advance(500);
    }
    await cluster.clock.advance(60_000);
    expect(gone.size).toBe(REPLICAS);
    expect(new Set(gone.values())).toEqual(new Set([1]));
  });
});
