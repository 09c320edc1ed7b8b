import { expect, it } from 'vitest';
import type { RehearsalReport } from '../../src/upgrade/rehearsal.ts';
import { Upgrade } from './upgrade.ts';

it('a rehearsal on a copy of the cluster foretells what start then does', async () => {
  const upgrade = await Upgrade.of({ main: 8, gpus: 1, behaviour: { readySeconds: 2, terminateSeconds: 1 } });
  const wanted = { targets: [0, 8], step: 2 } as const;
  const report = await upgrade.report<RehearsalReport>('rehearse', wanted, {
    options: ['--seeds', '5', '--gone-after', '1s'],
  });
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
