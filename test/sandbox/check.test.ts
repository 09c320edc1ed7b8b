import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../src/scenario/parse.ts';
import type { CheckReport, Finding } from '../../src/upgrade/finding.ts';
import { ask, dupgrade, sandboxOf, specOf } from './given.ts';

const ROOT = join(import.meta.dirname, '../..');
const page = (name: string): string => readFileSync(join(ROOT, name), 'utf8');

type Told = Omit<CheckReport, 'findings'> & { readonly findings: readonly (Finding & { readonly message: string })[] };

const levelsOf = ({ findings }: CheckReport): Record<string, string> =>
  Object.fromEntries(findings.map(({ name, level }) => [name, level]));

describe('dupgrade check over a sandbox', { timeout: 60_000 }, () => {
  it('tells everything as JSON, with words, and writes nothing', async () => {
    const sandbox = await sandboxOf();
    const cli = dupgrade(sandbox, ['check', '-', '-o', 'json'], specOf());
    expect(await cli.exit, cli.stderr).toMatchObject({ code: 0 });
    const report = JSON.parse(cli.stdout) as Told;
    expect(report.verdict).toBe('ok');
    expect(levelsOf(report)).toEqual({
      deployments: 'ok',
      selectors: 'ok',
      limits: 'ok',
      'other-upgrade': 'ok',
      rights: 'ok',
      ready: 'ok',
      paused: 'ok',
      services: 'ok',
      autoscalers: 'unknown',
      owners: 'ok',
      budgets: 'ok',
      quota: 'ok',
      capacity: 'ok',
      template: 'ok',
      image: 'ok',
    });
    expect(report.findings.map(({ message }) => message)).toContain(
      'not checked: scaledobjects are not installed in this cluster',
    );
    const { body } = await ask(sandbox, '/api/v1/namespaces/serving/configmaps');
    expect(body.items).toEqual([]);
  });

  it('warns of room that is short, with the mode and the step that fit; --strict refuses, --skip-check does not', async () => {
    const sandbox = await sandboxOf();
    const warned = dupgrade(sandbox, ['check', '-'], specOf({ step: 4 }));
    expect(await warned.exit, warned.stderr).toMatchObject({ code: 0 });
    expect(warned.stdout).toContain('4 more GPUs, 3 are free');
    expect(warned.stdout).toContain('scaleInPriority with window fits as it is');
    expect(warned.stdout).toContain('scaleOutPriority fits with step 3');

    const strict = dupgrade(sandbox, ['check', '-', '--strict'], specOf({ step: 4 }));
    expect(await strict.exit).toMatchObject({ code: 3 });
    expect(strict.stdout).toContain('--skip-check capacity');
    const skipped = dupgrade(sandbox, ['check', '-', '--strict', '--skip-check', 'capacity'], specOf({ step: 4 }));
    expect(await skipped.exit, skipped.stdout).toMatchObject({ code: 0 });
    expect(skipped.stdout).toContain('skipped: capacity');
  });

  it('refuses where a Deployment is missing, and tells the rest with it', async () => {
    const sandbox = await sandboxOf();
    const cli = dupgrade(
      sandbox,
      ['check', '-', '-o', 'json'],
      specOf({ main: { deployment: 'model-v0', target: 0 } }),
    );
    expect(await cli.exit).toMatchObject({ code: 3 });
    const report = JSON.parse(cli.stdout) as CheckReport;
    expect(report.verdict).toBe('refused');
    expect(levelsOf(report)).toMatchObject({ deployments: 'refusal', rights: 'ok', capacity: 'unknown' });
  });

  it('start tells the warnings and nothing else of it, and with --strict touches nothing', async () => {
    const sandbox = await sandboxOf();
    const refused = dupgrade(sandbox, ['start', '-', '--strict'], specOf({ step: 4 }));
    expect(await refused.exit).toMatchObject({ code: 3 });
    expect(refused.stderr).toContain('was not started, and nothing was touched');
    expect(refused.stderr).toContain('capacity: ');
    const { body } = await ask(sandbox, '/api/v1/namespaces/serving/configmaps');
    expect(body.items).toEqual([]);

    const run = dupgrade(sandbox, ['start', '-'], specOf({ step: 4 }));
    expect(await run.exit, run.stderr).toMatchObject({ code: 0 });
    expect(run.stdout.match(/warning: /g)).toHaveLength(1);
    expect(run.stdout).toContain('warning: capacity: ');
  });

  it('prints what README.md shows', async () => {
    const [, edit = '', file = '', shown = ''] =
      /```\n\$ sed '([^']*)' (\S+) \| dupgrade check -\n([\s\S]*?)```/.exec(page('README.md')) ?? [];
    const text = page('examples/scenarios/scarce-gpus.yaml');
    const sandbox = await sandboxOf({ scenario: parseScenario({ file: 'scenario.yaml', text }) });
    const spec = execFileSync('sed', [edit, join(ROOT, file)], { encoding: 'utf8' });
    const cli = dupgrade(sandbox, ['check', '-'], spec);
    expect(await cli.exit, cli.stderr).toMatchObject({ code: 0 });
    // The page breaks its lines, a pipe does not.
    expect(cli.stdout.replaceAll(/\s+/g, ' ')).toBe(shown.replaceAll(/\s+/g, ' '));
  });

  it.each([
    ['nonsense', '"nonsense" is not known here; give ready, paused'],
    ['selectors', '"selectors" is what no upgrade can do without; give ready'],
  ])('--skip-check %s is refused with exit code 2', async (name, why) => {
    const sandbox = await sandboxOf();
    const cli = dupgrade(sandbox, ['check', '-', '--skip-check', name], specOf());
    expect(await cli.exit).toMatchObject({ code: 2 });
    expect(cli.stderr).toContain(why);
  });
});
