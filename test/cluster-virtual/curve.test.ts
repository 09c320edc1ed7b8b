import { describe, expect, it } from 'vitest';
import { virtualClusterPort } from '../../src/cluster/virtual/adapter.ts';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import { readRecord } from '../../src/drive/records.ts';
import { CURVE_LIMIT } from '../../src/upgrade/curve.ts';
import { deployment, driveTo, GREY, NAMESPACE, scenario, upgrade } from './given.ts';

const clusterOf = (replicas: number): VirtualCluster =>
  new VirtualCluster(
    scenario({
      deployments: [
        deployment({ replicas, requests: { cpuMilli: 100, memoryBytes: 2 ** 20, gpus: 2 } }),
        deployment({ ...GREY, replicas: 0, requests: { cpuMilli: 100, memoryBytes: 2 ** 20, gpus: 1 } }),
      ],
    }),
  );

const recordIn = async (cluster: VirtualCluster) => {
  const stored = await cluster.clock.runUntil(readRecord(virtualClusterPort(cluster), NAMESPACE, GREY.name));
  if (stored === undefined) throw new Error('there is no record');
  return stored.record;
};

describe('the curve in a record', () => {
  it('goes from the beginning of the upgrade to its end, with the GPUs that its pods ask for', async () => {
    const cluster = clusterOf(3);
    await driveTo(cluster, upgrade());
    const { curve, startedAt, endedAt } = await recordIn(cluster);
    expect(curve[0]).toEqual({ atMs: expect.any(Number), main: 3, grey: 0, ready: 3, pods: 3, gpus: 6 });
    const endMs = Date.parse(endedAt ?? '') - Date.parse(startedAt);
    expect(curve[0]?.atMs).toBeLessThan(1000);
    expect(curve.at(-1)?.atMs).toBeGreaterThan(endMs - 1000);
    expect(curve.at(-1)).toMatchObject({ main: 0, grey: 3, ready: 3, pods: 3, gpus: 3 });
    expect(Math.max(...curve.map(({ pods }) => pods))).toBe(4);
    expect(curve.map(({ ready }) => ready)).not.toContain(2);
  });

  it('is written along with what is written anyway, and every ten seconds at most', async () => {
    const cluster = clusterOf(3);
    const texts: (string | undefined)[] = [];
    cluster.api.watch('configmaps', ({ object }) => texts.push(object.data?.['curve']));
    const { events } = await driveTo(cluster, upgrade());
    const scaled = events.filter(({ type }) => type === 'scaled').length;
    // The record is made, written with every scaling, and once at the end.
    expect(texts).toHaveLength(1 + scaled + 1);
    expect(new Set(texts).size).toBeGreaterThan(3);
  });

  it('goes on where the last run left it', async () => {
    const cluster = clusterOf(2);
    const spec = upgrade({ targets: { main: 0, grey: 2 } });
    const first = await driveTo(cluster, spec, { run: { timeoutMs: 30_000 } });
    expect(first.outcome.kind).toBe('timed-out');
    const before = (await recordIn(cluster)).curve;
    expect((await driveTo(cluster, spec)).outcome.kind).toBe('reached');
    const { curve } = await recordIn(cluster);
    expect(curve.slice(0, before.length)).toEqual(before);
    expect(curve.at(-1)).toMatchObject({ main: 0, grey: 2 });
  });

  it('stays small of a long upgrade', async () => {
    const cluster = clusterOf(30);
    await driveTo(cluster, upgrade({ targets: { main: 0, grey: 30 } }));
    const { curve } = await recordIn(cluster);
    expect(curve.length).toBeLessThanOrEqual(CURVE_LIMIT);
    expect(curve.at(-1)).toMatchObject({ main: 0, grey: 30 });
  });
});
