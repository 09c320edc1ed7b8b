import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DeploymentSetup, Scenario } from '../../src/cluster/virtual/scenario.ts';
import { eventJsonSchema } from '../../src/output/event-schema.ts';
import { runCli } from '../support/process.ts';
import { dupgrade, sandboxOf, scenarioOf } from './given.ts';

const NAMES = ['chat', 'embed', 'rank'];

/** Two Deployments for each name. */
const scenario = (): Scenario => {
  const given = scenarioOf();
  const [main, grey] = given.deployments as readonly [DeploymentSetup, DeploymentSetup];
  const requests = { cpuMilli: 10, memoryBytes: 1, gpus: 0 };
  return {
    ...given,
    deployments: NAMES.flatMap((name) => [
      { ...main, name: `${name}-v1`, replicas: 2, requests },
      { ...grey, name: `${name}-v2`, requests },
    ]),
  };
};

/** A folder with a spec file for each name, and others beside them that are none. */
const folderOf = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'dupgrade-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [at, name] of NAMES.entries()) {
    const spec = { main: { deployment: `${name}-v1`, target: 0 }, grey: { deployment: `${name}-v2`, target: 2 } };
    const head = { apiVersion: 'dupgrade.dev/v1', kind: 'DeploymentUpgrade', metadata: { name, namespace: 'serving' } };
    writeFileSync(join(folder, `${name}.${at === 0 ? 'yml' : 'yaml'}`), JSON.stringify({ ...head, spec }));
  }
  writeFileSync(join(folder, 'README.md'), 'not a spec file');
  writeFileSync(join(folder, '.chat.yaml.swp.yaml'), 'what an editor leaves');
  mkdirSync(join(folder, 'more.yaml'));
  return folder;
};

describe('dupgrade start of a folder', { timeout: 60_000 }, () => {
  it('drives the upgrade of each spec file in it, and sums up', async () => {
    const sandbox = await sandboxOf({ scenario: scenario() });
    const cli = dupgrade(sandbox, ['start', folderOf()]);
    expect((await cli.exit).code, cli.stderr).toBe(0);
    const lines = cli.stdout.trimEnd().split('\n');
    const table = lines.slice(lines.findIndex((line) => line.startsWith('UPGRADE')));
    expect(table.slice(1, 4).map((line) => line.split(/ {2,}/).slice(0, 3))).toEqual(
      NAMES.map((name) => [name, 'done', '0']),
    );
    expect(table.at(-1)).toBe('3 done; exit code 0');
    for (const line of lines.slice(0, -table.length - 1)) expect(line).toMatch(/^(chat|embed|rank) {1,2}\| 2\d{3}-/);
  });

  it('with -o json writes events as the schema has them, and as many as it says at a time', async () => {
    const sandbox = await sandboxOf({ scenario: scenario() });
    const cli = dupgrade(sandbox, ['start', folderOf(), '-o', 'json', '--parallel', '1']);
    expect((await cli.exit).code, cli.stderr).toBe(0);
    const validate = new Ajv2020({ strict: false, formats: { 'date-time': true } }).compile(eventJsonSchema());
    const events = cli.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; upgrade: string });
    for (const event of events) expect(validate(event), JSON.stringify(validate.errors)).toBe(true);
    expect(events.filter(({ type }) => type === 'ended').map(({ upgrade }) => upgrade)).toEqual(NAMES);
    expect(events.at(-1)?.type).toBe('finished');
  });

  it('ends all of them when it is interrupted, and the same command goes on', async () => {
    const sandbox = await sandboxOf({ scenario: scenario() });
    const folder = folderOf();
    const cli = dupgrade(sandbox, ['start', folder]);
    await cli.line(/^rank {2}\| .*grey 0 → 1|^rank {2}\| .*grey 0 -> 1/);
    cli.kill('SIGINT');
    expect((await cli.exit).code).toBe(130);
    expect(cli.stdout).toContain('3 interrupted; exit code 130');
    const again = dupgrade(sandbox, ['start', folder]);
    expect((await again.exit).code, again.stderr).toBe(0);
    expect(again.stdout).toContain('going on with rank');
  });

  it('is completed by file names, also behind the first', async () => {
    const cli = runCli(['complete', '--', 'start', 'a.yaml', '']);
    await cli.exit;
    expect(cli.stdout).toBe(':0\n');
  });

  it('without a spec file in it is wrong usage, and so is a file that is not there', async () => {
    const sandbox = await sandboxOf({ scenario: scenario() });
    const folder = folderOf();
    const empty = dupgrade(sandbox, ['start', join(folder, 'more.yaml')]);
    expect((await empty.exit).code).toBe(2);
    expect(empty.stderr).toContain('there is no .yaml or .yml file in');
    const missing = dupgrade(sandbox, ['start', folder, join(folder, 'none.yaml'), join(folder, 'README.md')]);
    expect((await missing.exit).code).toBe(2);
    expect(missing.stderr).toMatch(/none\.yaml cannot be read:.*\n.*README\.md:1:1: /);
  });
});
