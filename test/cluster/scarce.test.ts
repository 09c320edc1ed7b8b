// On a plane of its own: what is free there is what this file leaves free.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CheckReport } from '../../src/upgrade/finding.ts';
import type { PlanReport } from '../../src/upgrade/plan-report.ts';
import type { RehearsalReport } from '../../src/upgrade/rehearsal.ts';
import { freshNamespace } from './fixtures.ts';
import { planeWithNodes } from './nodes.ts';
import type { OwnPlane } from './plane.ts';
import { Upgrade } from './upgrade.ts';

const WANTED = { targets: [0, 8], step: 3 } as const;

describe('where GPUs are scarce: 10 nodes of 8, of which 8 are in use', () => {
  let plane: OwnPlane;
  let upgrade: Upgrade;
  beforeAll(async () => {
    plane = await planeWithNodes();
  });
  afterAll(() => plane.stop());
  beforeEach(async () => {
    upgrade = await Upgrade.in(await freshNamespace(plane), { main: 8, gpus: 8 }, plane);
  });

  it('check weighs a quota and the GPUs that are free against the peak, and says which mode fits', async () => {
    await upgrade.namespace.setQuota({ pods: '9', 'requests.nvidia.com/gpu': '72' });
    await upgrade.namespace.until(
      'resourcequotas',
      (quotas) =>
        quotas.some((each) => JSON.stringify(each).includes('"used":{"pods":"8","requests.nvidia.com/gpu":"64"}')),
      { what: 'what is used of the quota' },
    );
    const of = ({ findings }: CheckReport, check: string) => findings.filter(({ name }) => name === check);
    const report = await upgrade.report<CheckReport>('check', WANTED);
    const take = { mode: 'scaleInPriority', pacing: 'window' };
    expect(of(report, 'quota')).toMatchObject([
      {
        level: 'warning',
        fact: { quota: 'quota', shortage: { resource: 'gpus', needed: 24, free: 8 }, advice: { take } },
      },
    ]);
    expect(of(report, 'capacity')).toMatchObject([
      { level: 'warning', fact: { shortages: [{ resource: 'gpus', needed: 24 }, {}], advice: { take } } },
    ]);
    const strict = await upgrade.report<CheckReport>('check', WANTED, { codes: [3], options: ['--strict'] });
    expect(strict.verdict).toBe('refused');
    const rest = await upgrade.report<CheckReport>('check', { ...WANTED, mode: 'scaleInPriority' });
    expect([...of(rest, 'quota'), ...of(rest, 'capacity')].map(({ level }) => level)).toEqual(['ok', 'ok']);
  });

  it('plan advises scaleInPriority, or a smaller step', async () => {
    const options = ['--all-modes'];
    const { known, extra, room, shortages, advice } = await upgrade.report<PlanReport>('plan', WANTED, { options });
    expect(known.requests.grey.gpus).toBe(8);
    expect(known.free.grey).toMatchObject({ gpus: 16, pods: 2 });
    expect({ gpus: extra.gpus, room }).toEqual({ gpus: 24, room: 'short' });
    expect(shortages[0]).toEqual({ resource: 'gpus', needed: 24, free: 16 });
    expect(advice?.take).toEqual({ mode: 'scaleInPriority', pacing: 'window' });
    expect(advice?.reasons.at(-1)).toEqual({ kind: 'smaller-step', mode: 'scaleOutPriority', step: 2 });

    const small = await upgrade.report<PlanReport>('plan', { ...WANTED, step: 2 }, { options });
    expect(small.advice?.take).toEqual({ mode: 'scaleOutPriority', pacing: 'window' });
    expect(small.room).toBe('enough');
  });

  it('a rehearsal gets stuck with batch', async () => {
    const slow = ['--seeds', '5', '--ready-after', '5m'];
    const { shortfalls, alternatives = [] } = await upgrade.report<RehearsalReport>('rehearse', WANTED, {
      options: [...slow, '--all-modes', '--steps', '2'],
    });
    // With a window two of the three find room, and the third when a pod of main has gone: that is slow, not stuck.
    expect(shortfalls).toEqual([]);
    expect(alternatives).not.toEqual([]);
    for (const way of alternatives) {
      if (way.blockedBy !== undefined) throw new Error('no limit was set');
      expect(way.peakGpus).toBeLessThanOrEqual(8 * (8 + Math.max(way.step.grey, way.step.main)));
    }
    const batch = { ...WANTED, pacing: 'batch' } as const;
    const { shortfalls: stuck } = await upgrade.report<RehearsalReport>('rehearse', batch, {
      codes: [5],
      options: slow,
    });
    expect(stuck).toMatchObject([{ end: { reason: 'unschedulable', side: 'grey' }, runs: 5 }]);
  });
});
