import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCli } from '../support/process.ts';
import { sandboxOf, specOf } from './given.ts';

const SPEC = specOf({ step: 3 });

const run = async (env: Readonly<Record<string, string>>, ...args: readonly string[]) => {
  const { kubeconfig } = await sandboxOf();
  const cli = runCli(['start', '-', ...args], {
    env: { GITHUB_STEP_SUMMARY: undefined, LC_ALL: 'C.UTF-8', CI: 'true', ...env, KUBECONFIG: kubeconfig },
    input: SPEC,
  });
  const { code } = await cli.exit;
  return { code, lines: cli.stdout.split('\n'), stderr: cli.stderr };
};

const GITHUB = {
  GITHUB_ACTIONS: 'true',
  GITHUB_SERVER_URL: 'https://github.example',
  GITHUB_REPOSITORY: 'a/b',
  GITHUB_RUN_ID: '7',
};

describe('dupgrade start as a step of a pipeline', { timeout: 30_000 }, () => {
  it('of GitHub Actions groups its log, names its job as the driver, and leaves a summary', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dupgrade-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'summary.md');
    const { code, lines } = await run({ ...GITHUB, GITHUB_STEP_SUMMARY: file });
    expect(code).toBe(0);
    expect(lines[0]).toBe('::group::main 6 → 0, grey 0 → 6');
    expect(lines[1]).toContain('driven by https://github.example/a/b/actions/runs/7');
    expect(lines.at(-2)).toMatch(/^::notice title=model-v2 in serving::done \(exit code 0\)/);
    expect(readFileSync(file, 'utf8')).toMatch(/^## model-v2 in serving: done[^]*grey ready/);
  });

  it('ends as it ends where the summary cannot be written', async () => {
    const { code, stderr } = await run({ ...GITHUB, GITHUB_STEP_SUMMARY: '/nonexistent/summary.md' });
    expect(code).toBe(0);
    expect(stderr).toContain('warning: the summary was not written');
  });

  it('of GitLab has sections; with --ci none, or as JSON, there is no markup', async () => {
    const [sections, plain, json] = await Promise.all([
      run({ GITLAB_CI: 'true' }),
      run({ GITLAB_CI: 'true' }, '--ci', 'none'),
      run(GITHUB, '-o', 'json'),
    ]);
    expect(sections.lines[0]).toMatch(/section_start:\d+:dupgrade_1$/);
    expect(plain.lines[0]).toMatch(/^\S+Z starting model-v2/);
    for (const line of json.lines.slice(0, -1)) expect(JSON.parse(line)).toHaveProperty('type');
  });

  it('elsewhere takes the markup that is asked for, and no other', async () => {
    expect((await run({}, '--ci', 'github')).lines[0]).toMatch(/^::group::/);
    const { code, stderr } = await run({}, '--ci', 'jenkins');
    expect(code).toBe(2);
    expect(stderr).toContain('give auto, github, gitlab or none');
  });
});
