/** How much work a large cluster makes, counted in events and in versions: the same on every machine. */
import { describe, expect, it } from 'vitest';
import type { Cluster, Kind } from '../../src/cluster/port.ts';
import { virtualClusterPort } from '../../src/cluster/virtual/adapter.ts';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import { PACINGS, type Pacing } from '../../src/upgrade/leg.ts';
import { deployment, driveTo, GREY, MAIN, pool, scenario, upgrade } from './given.ts';

const REPLICAS = 400;

const large = (replicas = REPLICAS): VirtualCluster =>
  new VirtualCluster(
    scenario({
      nodes: [pool({ count: Math.ceil(replicas / 6) })],
      deployments: [MAIN, GREY].map((ref) =>
        deployment({
          ...ref,
          replicas: ref === MAIN ? replicas : 0,
          readyAfter: { kind: 'log-normal', medianMs: 180_000, sigma: 0.4 },
          termination: { kind: 'range', fromMs: 5000, toMs: 20_000 },
        }),
      ),
    }),
  );

const versionOf = ({ api }: VirtualCluster): number => Number(api.list('nodes', {}).resourceVersion);

/** A port that counts the pods that are handed out: in lists, in copies, and as what has changed. */
const counting = (port: Cluster): { readonly port: Cluster; readonly handed: { pods: number } } => {
  const handed = { pods: 0 };
  const count = <T>(kind: Kind, pods: readonly T[]): readonly T[] => {
    if (kind === 'pods') handed.pods += pods.length;
    return pods;
  };
  return {
    handed,
    port: {
      ...port,
      list: async (kind, selection) => count(kind, await port.list(kind, selection)),
      follow: (kind, selection, changed) => {
        const follower = port.follow(kind, selection, (changes) => changed(count(kind, changes)));
        return { ...follower, objects: () => count(kind, follower.objects()) };
      },
    },
  };
};

/** How many pods a driver is handed from the start of an upgrade to its end, in steps of a tenth. */
const handedOf = async (replicas: number, pacing: Pacing): Promise<number> => {
  const cluster = large(replicas);
  const { port, handed } = counting(virtualClusterPort(cluster));
  const way = { mode: 'scaleOutPriority', step: { main: '10%', grey: '10%' }, pacing } as const;
  const spec = upgrade({ targets: { main: 0, grey: replicas }, way, progressDeadlineMs: 3_600_000 });
  const { outcome } = await driveTo(cluster, spec, {}, port);
  expect(outcome).toEqual({ kind: 'reached' });
  return handed.pods;
};

describe('a large virtual cluster', { timeout: 30_000 }, () => {
  it('begins with one write for each pod: as what it has come to', () => {
    expect(Math.round(versionOf(large()) / REPLICAS)).toBe(1);
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

  it.each(PACINGS)('hands a driver its pods as they change, twice as many of twice as many (%s)', async (pacing) => {
    const [once, twice] = [await handedOf(200, pacing), await handedOf(400, pacing)];
    // Made, bound, running, ready of what comes; doomed and gone of what goes; and the lists at the start.
    expect(once / 400).toBeLessThan(5);
    expect(twice / once).toBeGreaterThan(1.9);
    expect(twice / once).toBeLessThan(2.1);
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
