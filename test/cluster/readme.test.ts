import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { binaryFolder } from './binaries.ts';
import { plane } from './fixtures.ts';
import { Upgrade } from './upgrade.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The lines of the first shell block, without those that bring the machine and the plane that this test has already. */
const walkthrough = (): readonly string[] => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const [, block = ''] = /```sh\n(npm ci\n[\s\S]*?)```/.exec(readme) ?? [];
  return block.split('\n').filter((line) => line !== '' && !/^npm |^eval |^export PATH=/.test(line));
};

it('the walk through of README.md runs as it is written', async () => {
  const lines = walkthrough();
  expect(lines.length).toBeGreaterThanOrEqual(5);
  onTestFinished(async () => {
    await plane.kubectl(['delete', 'namespace', 'serving', '--wait=false']);
  });
  const env = {
    ...process.env,
    KUBECONFIG: plane.kubeconfig('admin'),
    PATH: `${await binaryFolder()}:${process.env['PATH'] ?? ''}`,
  };
  const output = await new Promise<string>((done, fail) => {
    execFile('bash', ['-ec', lines.join('\n')], { cwd: ROOT, env }, (error, stdout, stderr) => {
      if (error) fail(new Error(`${stdout}\n${stderr}`, { cause: error }));
      else done(stdout);
    });
  });
  expect(output).toMatch(/done \(exit code 0\): main 6 .+ 0, grey 0 .+ 6/);
  expect(output).toMatch(/State: +completed/);
  expect(output).toMatch(/rolled back \(exit code 0\)/);
});

it('the rights of examples/rbac.yaml are all that an upgrade needs', async () => {
  const upgrade = await Upgrade.of({ main: 2 });
  const [role] = parseAllDocuments(readFileSync(join(ROOT, 'examples/rbac.yaml'), 'utf8'));
  const { rules } = (role?.toJS() ?? {}) as { rules: Parameters<typeof upgrade.namespace.grant>[1] };
  await upgrade.namespace.grant(plane.limited, rules);
  const run = upgrade.as('limited').start({ targets: [0, 2] }, '-v');
  expect(await run.exit, run.stdout + run.stderr).toMatchObject({ code: 0 });
  expect(run.stdout).not.toContain('was not written');
  expect(await upgrade.as('limited').command('list')).toMatchObject({ code: 0 });
  expect(await upgrade.as('limited').command('rollback', upgrade.name)).toMatchObject({ code: 0 });
  expect(await upgrade.counts()).toEqual([2, 0]);
});
