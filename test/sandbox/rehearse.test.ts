import { describe, expect, it } from 'vitest';
import type { RehearsalReport } from '../../src/upgrade/rehearsal.ts';
import { ask, dupgrade, sandboxOf, scenarioOf } from './given.ts';

const SPEC = JSON.stringify({
  apiVersion: 'dupgrade.dev/v1',
  kind: 'DeploymentUpgrade',
  metadata: { name: 'model-v2', namespace: 'serving' },
  spec: { main: { deployment: 'model-v1', target: 0 }, grey: { deployment: 'model-v2', target: 6 }, step: 2 },
});

/** The same on a real control plane: test/cluster/rehearse.test.ts. */
describe('a rehearsal on a copy of a cluster', { timeout: 60_000 }, () => {
  it('has its counts, its nodes and what its pods took, and changes nothing', async () => {
    const sandbox = await sandboxOf();
    const cli = dupgrade(sandbox, ['rehearse', '-', '--seeds', '3', '--ready-after', '1m', '-o', 'json'], SPEC);
    expect(await cli.exit, cli.stderr).toMatchObject({ code: 0 });
    const report = JSON.parse(cli.stdout) as RehearsalReport;
    // Nine GPUs are there, and six pods of one.
    expect(report).toMatchObject({
      source: 'cluster',
      from: { main: 6, grey: 0 },
      lowestReady: 6,
      highestPods: 8,
      peakGpus: 8,
    });
    expect(report.assumptions).toEqual([{ kind: 'grace-period', ms: { main: 30_000, grey: 30_000 } }]);
    const { body } = await ask(sandbox, '/api/v1/namespaces/serving/configmaps');
    expect(body.items).toEqual([]);
  });

  it('finds that there are too few GPUs before the upgrade does', async () => {
    const scenario = scenarioOf();
    const sandbox = await sandboxOf({
      scenario: { ...scenario, nodes: scenario.nodes.map((pool) => ({ ...pool, gpus: 2 })) },
    });
    const rehearsed = async (mode: string) => {
      const spec = JSON.stringify({ ...JSON.parse(SPEC), spec: { ...JSON.parse(SPEC).spec, mode } });
      const cli = dupgrade(sandbox, ['rehearse', '-', '--seeds', '2', '--ready-after', '1m', '-o', 'json'], spec);
      const { code } = await cli.exit;
      return { code, report: JSON.parse(cli.stdout) as RehearsalReport };
    };
    const [out, inward] = await Promise.all([rehearsed('scaleOutPriority'), rehearsed('scaleInPriority')]);
    expect(out.code).toBe(5);
    expect(out.report.shortfalls).toMatchObject([{ end: { reason: 'unschedulable', side: 'grey' }, runs: 2 }]);
    expect(inward).toMatchObject({ code: 0, report: { reached: 2, peakGpus: 6 } });
  });
});
