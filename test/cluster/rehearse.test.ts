import { describe, expect, it } from 'vitest';
import type { RehearsalReport } from '../../src/upgrade/rehearsal.ts';
import { Upgrade, type Wanted } from './upgrade.ts';

const rehearsed = async (upgrade: Upgrade, wanted: Wanted, ...options: string[]): Promise<RehearsalReport> => {
  const cli = upgrade.runWithInput(upgrade.spec(wanted), 'rehearse', '-', '-o', 'json', '--seeds', '5', ...options);
  const { code } = await cli.exit;
  expect([0, 5], cli.stderr).toContain(code);
  return JSON.parse(cli.stdout) as RehearsalReport;
};

describe('a rehearsal on a copy of the cluster', () => {
  it('foretells what start then does', async () => {
    const upgrade = await Upgrade.of({ main: 8, gpus: 1, behaviour: { readySeconds: 2, terminateSeconds: 1 } });
    const wanted = { targets: [0, 8], step: 2 } as const;
    const report = await rehearsed(upgrade, wanted, '--gone-after', '1s');
    expect(report).toMatchObject({
      source: 'cluster',
      from: { main: 8, grey: 0 },
      reached: 5,
      lowestReady: 8,
      peakGpus: 10,
    });
    // It has written nothing.
    expect(await upgrade.writes([8, 0])).toEqual([[8, 0]]);
    expect(await upgrade.namespace.list('configmaps', { labelSelector: 'app.kubernetes.io/managed-by' })).toEqual([]);

    const run = upgrade.start(wanted);
    expect(await run.exit, run.stdout + run.stderr).toMatchObject({ code: 0 });
    const seen = await upgrade.judge.stop();
    expect(seen.minReady).toBeGreaterThanOrEqual(report.lowestReady);
    expect(seen.maxExisting).toBeLessThanOrEqual(report.highestPods);
  });

  it('gets stuck where there are too few GPUs: 10 nodes of 8, of which 8 are in use', async () => {
    const upgrade = await Upgrade.of({ main: 8, gpus: 8 });
    const { shortfalls, alternatives = [] } = await rehearsed(
      upgrade,
      { targets: [0, 8], step: 3 },
      '--all-modes',
      '--steps',
      '2',
      '--ready-after',
      '5m',
    );
    // With a window two of the three find room, and the third when a pod of main has gone: that is slow, not stuck.
    expect(shortfalls).toEqual([]);
    for (const way of alternatives) {
      if (way.blockedBy !== undefined) throw new Error('no limit was set');
      expect(way.peakGpus).toBeLessThanOrEqual(8 * (8 + Math.max(way.step.grey, way.step.main)));
    }
    const { shortfalls: stuck } = await rehearsed(
      upgrade,
      { targets: [0, 8], step: 3, pacing: 'batch' },
      '--ready-after',
      '5m',
    );
    expect(stuck).toMatchObject([{ end: { reason: 'unschedulable', side: 'grey' }, runs: 5 }]);
  });
});
