import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runCli } from '../support/process.ts';
import { auditLog, freshNamespace, plane } from './fixtures.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const BROKEN = 'c';
const REPLICAS = 2;

it('eight upgrades of a folder in one process, one of which cannot be done: seven arrive, and it exits with 5', async () => {
  const namespace = await freshNamespace();
  const folder = mkdtempSync(join(tmpdir(), 'dupgrade-many-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of NAMES) {
    const behaviour = name === BROKEN ? ({ mode: 'never-ready' } as const) : { readySeconds: 1 };
    await namespace.createDeployment({ name: `${name}-v1`, replicas: REPLICAS });
    await namespace.createDeployment({ name: `${name}-v2`, replicas: 0, behaviour });
    const sides = {
      main: { deployment: `${name}-v1`, target: 0 },
      grey: { deployment: `${name}-v2`, target: REPLICAS },
    };
    const metadata = { name, namespace: namespace.name };
    const spec = { ...sides, progressDeadline: '20s' };
    const file = { apiVersion: 'dupgrade.dev/v1', kind: 'DeploymentUpgrade', metadata, spec };
    writeFileSync(join(folder, `${name}.yaml`), JSON.stringify(file));
  }
  for (const name of NAMES) await namespace.untilReady(`${name}-v1`, REPLICAS);
  const env = { KUBECONFIG: plane.kubeconfig('cli'), LC_ALL: 'C' };
  const run = runCli(['start', folder, '--keep-going', '--parallel', '4', '-o', 'json'], { env });
  expect((await run.exit).code, run.stdout + run.stderr).toBe(5);
  const last = JSON.parse(run.stdout.trimEnd().split('\n').at(-1) ?? '') as {
    type: string;
    upgrades: readonly { upgrade: string; outcome: string }[];
  };
  expect(last.upgrades.map(({ upgrade, outcome }) => [upgrade, outcome])).toEqual(
    NAMES.map((name) => [name, name === BROKEN ? 'stuck' : 'reached']),
  );
  const deployments = await namespace.list('deployments');
  const counts = new Map(deployments.map(({ metadata, spec }) => [metadata.name, spec.replicas]));
  for (const name of NAMES.filter((each) => each !== BROKEN))
    expect([counts.get(`${name}-v1`), counts.get(`${name}-v2`)], name).toEqual([0, REPLICAS]);
  expect([counts.get(`${BROKEN}-v1`), counts.get(`${BROKEN}-v2`)]).toEqual([REPLICAS, 1]);
  const writes = (await auditLog().scaleWrites(namespace.name)).filter(
    ({ code, user }) => code === 200 && user === 'cli',
  );
  // Step 1: each replica is added and removed by a write of its own; the first of the one that is broken never became ready.
  expect(writes).toHaveLength(7 * 2 * REPLICAS + 1);
  const holders = (await namespace.list('leases')) as readonly {
    readonly spec?: { readonly holderIdentity?: string };
  }[];
  expect(holders.map(({ spec }) => spec?.holderIdentity ?? '')).toEqual(holders.map(() => ''));
});
