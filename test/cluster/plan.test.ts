import { describe, expect, it } from 'vitest';
import type { PlanReport } from '../../src/upgrade/plan-report.ts';
import { plane } from './fixtures.ts';
import { Upgrade, type Wanted } from './upgrade.ts';

const planned = (upgrade: Upgrade, wanted: Wanted): Promise<PlanReport> => upgrade.report('plan', wanted);

describe('a plan against a cluster', () => {
  it('is what start then does with batch', async () => {
    const upgrade = await Upgrade.of({ main: 10, behaviour: { readySeconds: 1 } });
    const wanted = { targets: [0, 10], step: 3, pacing: 'batch' } as const;
    const { source, waypoints, known, lowestReady, peak } = await planned(upgrade, wanted);
    expect(source).toBe('cluster');
    expect(known.ready).toMatchObject({ main: { source: 'pods', pods: 10 }, grey: { source: 'other-side' } });
    expect(known.requests.grey).toMatchObject({ gpus: 0 });
    // It has written nothing.
    expect(await upgrade.writes([10, 0])).toEqual([[10, 0]]);
    expect(await upgrade.namespace.list('configmaps', { labelSelector: 'app.kubernetes.io/managed-by' })).toEqual([]);

    const run = upgrade.start(wanted);
    expect(await run.exit, run.stdout + run.stderr).toMatchObject({ code: 0 });
    expect(await upgrade.writes([10, 0])).toEqual(waypoints.map(({ main, grey }) => [main, grey]));
    const seen = await upgrade.judge.stop();
    expect(seen.minReady).toBeGreaterThanOrEqual(lowestReady);
    expect(seen.maxExisting).toBeLessThanOrEqual(peak.pods);
  });

  it('says that it is not known what is free, where nodes may not be read', async () => {
    const upgrade = await Upgrade.of({ main: 2 });
    await upgrade.namespace.grant(plane.limited, [
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list'] },
      { apiGroups: ['apps'], resources: ['replicasets'], verbs: ['list'] },
      { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
      { apiGroups: [''], resources: ['configmaps'], verbs: ['list'] },
    ]);
    const { unknown, room } = await planned(upgrade.as('limited'), { targets: [0, 2] });
    expect(room).toBe('unknown');
    expect(unknown).toMatchObject([{ what: 'room', why: 'denied' }]);
    expect(unknown[0]?.message).toContain('nodes');
  });

  it('shows the plan and exits with 3 where start would refuse, with only the reason where there is nothing to plan', async () => {
    const upgrade = await Upgrade.of({ main: 1 });
    const blocked = upgrade.runWithInput(
      upgrade.spec({ targets: [0, 1], step: 1, limits: { maxPods: 1 } }),
      'plan',
      '-',
    );
    expect(await blocked.exit).toMatchObject({ code: 3 });
    expect(blocked.stdout).toContain('limits.maxPods lets it go no further');

    await upgrade.namespace.remove('deployments', 'server-v2');
    const missing = upgrade.runWithInput(upgrade.spec({ targets: [0, 1] }), 'plan', '-');
    expect(await missing.exit).toMatchObject({ code: 3 });
    expect(missing.stderr).toContain('there is no Deployment');
  });
});
