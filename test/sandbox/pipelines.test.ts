import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { parseSpec } from '../../src/spec/parse.ts';
import { sandboxOf } from './given.ts';

const ROOT = join(import.meta.dirname, '../..');
const page = (name: string): string => readFileSync(join(ROOT, 'examples/pipelines', name), 'utf8');

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { readonly version: string };

/** A pipeline installs the version that it was written for. */
const INSTALL = `npm install --global dupgrade@${version}`;

type Sandbox = Awaited<ReturnType<typeof sandboxOf>>;

/** A folder as a pipeline has it: the spec, and dupgrade installed. */
const checkout = (): { readonly folder: string; readonly path: string } => {
  const folder = mkdtempSync(join(tmpdir(), 'dupgrade-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const installed = join(folder, '.bin');
  mkdirSync(installed);
  symlinkSync(join(ROOT, 'bin/dupgrade.js'), join(installed, 'dupgrade'));
  writeFileSync(
    join(folder, 'upgrade.yaml'),
    JSON.stringify({
      apiVersion: 'dupgrade.dev/v1',
      kind: 'DeploymentUpgrade',
      metadata: { name: 'llama-v2', namespace: 'serving' },
      spec: { main: { deployment: 'model-v1', target: 0 }, grey: { deployment: 'model-v2', target: 6 }, step: 3 },
    }),
  );
  return { folder, path: `${installed}:${join(ROOT, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}` };
};

/** Runs a script as a runner does. What npm would install is in the PATH already; that a package can be installed has a test of its own. */
const run = (
  script: string,
  { folder, path }: ReturnType<typeof checkout>,
  env: Readonly<Record<string, string>>,
  shell = 'bash',
) =>
  new Promise<{ readonly code: number; readonly output: string }>((resolve) => {
    const installed = script.replaceAll(INSTALL, 'command -v dupgrade');
    execFile(
      shell,
      ['-e', '-c', installed],
      { cwd: folder, env: { ...process.env, CI: 'true', ...env, PATH: path } },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    );
  });

const ok = async (...args: Parameters<typeof run>): Promise<string> => {
  const { code, output } = await run(...args);
  expect(code, output).toBe(0);
  return output;
};

const replicas = (sandbox: Sandbox): object =>
  Object.fromEntries(sandbox.pods().map(({ deployment, ready }) => [deployment, ready]));

describe('the pipelines of examples/', { timeout: 60_000 }, () => {
  it.each([
    ['done', { speed: 100, timeout: '2h', stands: { 'model-v1': 0, 'model-v2': 6 } }],
    ['taken back, for it got stuck', { speed: 8, timeout: '1s', stands: { 'model-v1': 6, 'model-v2': 0 } }],
  ])('GitHub Actions: %s', async (_, { speed, timeout, stands }) => {
    const sandbox = await sandboxOf({ speed });
    const at = checkout();
    const { jobs } = parse(page('github-actions.yaml')) as {
      jobs: { upgrade: { steps: { name?: string; if?: string; run?: string }[] } };
    };
    const [summary, exported] = [join(at.folder, 'summary.md'), join(at.folder, 'env')];
    const env: Record<string, string> = {
      GITHUB_ACTIONS: 'true',
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_ENV: exported,
      RUNNER_TEMP: at.folder,
      KUBECONFIG_CONTENT: readFileSync(sandbox.kubeconfig, 'utf8'),
    };
    let last = { code: 0, output: '' };
    for (const { if: condition, run: script } of jobs.upgrade.steps) {
      if (script === undefined || (condition !== undefined && last.code === 0)) continue;
      last = await run(script.replace('--timeout 2h', `--timeout ${timeout}`), at, env);
      // What a step writes there is set for those after it.
      const [, kubeconfig] = /^KUBECONFIG=(.*)$/m.exec(readIfThere(exported)) ?? [];
      if (kubeconfig !== undefined) env['KUBECONFIG'] = kubeconfig;
    }
    expect(last.code, last.output).toBe(0);
    expect(replicas(sandbox)).toEqual(stands);
    expect(readFileSync(summary, 'utf8')).toMatch(timeout === '1s' ? /: timed out[^]*: rolled back/ : /: done/);
  });

  it('GitLab CI: every line of its jobs', async () => {
    const sandbox = await sandboxOf();
    const at = checkout();
    const jobs = parse(page('gitlab-ci.yaml')) as Record<string, { script: string[] }> & {
      default: { before_script: string[] };
    };
    const env = { GITLAB_CI: 'true', KUBECONFIG: sandbox.kubeconfig };
    for (const job of ['rehearse', 'upgrade'])
      for (const line of [...jobs.default.before_script, ...(jobs[job]?.script ?? [])]) await ok(line, at, env);
    expect(replicas(sandbox)).toEqual({ 'model-v1': 0, 'model-v2': 6 });
    expect(readFileSync(join(at.folder, 'rehearsal.html'), 'utf8')).toContain('<svg');
    for (const line of jobs['rollback']?.script ?? []) await ok(line, at, env);
    expect(replicas(sandbox)).toEqual({ 'model-v1': 6, 'model-v2': 0 });
  });

  it('Tekton: the script of its step', async () => {
    const sandbox = await sandboxOf();
    const { spec } = parse(page('tekton.yaml')) as {
      spec: { params: { name: string; default: string }[]; steps: { script: string }[] };
    };
    const [file, timeout] = spec.params.map((param) => param.default);
    const env = { KUBECONFIG: sandbox.kubeconfig, SPEC: file ?? '', TIMEOUT: timeout ?? '' };
    await ok(spec.steps[0]?.script ?? '', checkout(), env, 'sh');
    expect(replicas(sandbox)).toEqual({ 'model-v1': 0, 'model-v2': 6 });
  });

  it('a Job: its command, and a spec that is one', async () => {
    const documents = parseAllDocuments(page('kubernetes-job.yaml')).map(
      (document) => document.toJS() as { kind: string },
    );
    const found = (kind: string): unknown => documents.find((each) => each.kind === kind);
    const { data } = found('ConfigMap') as { data: Record<string, string> };
    expect(parseSpec({ file: 'upgrade.yaml', text: data['upgrade.yaml'] ?? '' }, { namespace: 'x' })).toMatchObject({
      name: 'llama-v2',
    });
    const { spec } = found('Job') as { spec: { template: { spec: { containers: { args: string[] }[] } } } };
    const sandbox = await sandboxOf();
    await ok(spec.template.spec.containers[0]?.args[0] ?? '', checkout(), { KUBECONFIG: sandbox.kubeconfig }, 'sh');
    expect(replicas(sandbox)).toEqual({ 'model-v1': 0, 'model-v2': 6 });
    const [role] = parseAllDocuments(readFileSync(join(ROOT, 'examples/rbac.yaml'), 'utf8')).map(
      (document) => document.toJS() as { kind: string; metadata: { name: string } },
    );
    expect((found('RoleBinding') as { roleRef: object }).roleRef).toMatchObject({
      kind: role?.kind,
      name: role?.metadata.name,
    });
  });
});

const readIfThere = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};
