import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import type { RehearsalReport } from '../../src/upgrade/rehearsal.ts';
import { runCli } from '../support/process.ts';

const ROOT = join(import.meta.dirname, '../..');

/** No kubeconfig anywhere: whoever asks a cluster ends with 7. */
const NO_CLUSTER = { KUBECONFIG: '/nonexistent/kubeconfig', HOME: '/nonexistent', KUBERNETES_SERVICE_HOST: undefined };

const specOf = (given: object = {}): string =>
  JSON.stringify({
    apiVersion: 'dupgrade.dev/v1',
    kind: 'DeploymentUpgrade',
    metadata: { name: 'llama-v2' },
    spec: {
      main: { deployment: 'llama-v1', target: 0 },
      grey: { deployment: 'llama-v2', target: 12 },
      step: 3,
      ...given,
    },
  });

const run = async (input: string, ...args: readonly string[]) => {
  const cli = runCli(['rehearse', '-', ...args], { env: { ...NO_CLUSTER, LC_ALL: 'C' }, input, cwd: ROOT });
  const { code } = await cli.exit;
  return { code, stdout: cli.stdout, stderr: cli.stderr };
};

const reportOf = async (
  input: string,
  ...args: readonly string[]
): Promise<RehearsalReport & { readonly code: number | null }> => {
  const { code, stdout, stderr } = await run(input, ...args, '-o', 'json');
  expect(stderr).toBe('');
  return { code, ...(JSON.parse(stdout) as RehearsalReport) };
};

const GIVEN = ['--from', 'main=12,grey=0', '--ready-after', '2m..4m', '--gone-after', '20s', '--gpus', '1'];
const SCENARIO = ['--scenario', 'examples/scenarios/gpu-model-server.yaml'];

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'dupgrade-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
};

describe('dupgrade rehearse', { timeout: 60_000 }, () => {
  it('needs no cluster where the command line describes one', async () => {
    const report = await reportOf(specOf(), ...GIVEN, '--free-gpus', '3', '--seeds', '5');
    expect(report).toMatchObject({
      code: 0,
      source: 'given',
      runs: 5,
      reached: 5,
      lowestReady: 12,
      highestPods: 15,
      peakGpus: 15,
      shortfalls: [],
      assumptions: [{ kind: 'room', butForGpus: true }],
    });
    // Two GPUs are free, three are asked for: a window goes on with two.
    const narrow = await reportOf(specOf(), ...GIVEN, '--free-gpus', '2', '--seeds', '3');
    expect(narrow).toMatchObject({ code: 0, highestPods: 15 });
    expect(narrow.durations?.p50Ms).toBeGreaterThan(report.durations?.p50Ms ?? 0);
  });

  it('rehearses on the cluster of a scenario, exits with 5 where a run gets stuck, and says on what', async () => {
    const report = await reportOf(specOf(), ...SCENARIO, '--seeds', '3');
    // Half of the pods are on the node that breaks.
    expect(report).toMatchObject({ code: 5, source: 'scenario', namespace: 'serving', reached: 0 });
    expect(report.shortfalls).toMatchObject([{ end: { outcome: 'stuck', reason: 'not-ready' }, runs: 3 }]);
  });

  it('takes failures and other ways from the command line, and writes the same as YAML', async () => {
    const args = [
      ...GIVEN,
      '--seeds',
      '2',
      '--all-modes',
      '--steps',
      '2,6',
      '--fail',
      'crash:1',
      '--fail',
      'delete:1@5m',
    ];
    const [json, yaml] = await Promise.all([
      run(specOf(), ...args, '-o', 'json'),
      run(specOf(), ...args, '-o', 'yaml'),
    ]);
    const report = JSON.parse(json.stdout) as RehearsalReport;
    expect(parse(yaml.stdout)).toEqual(report);
    expect(report.failures).toEqual(['crash:1', 'delete:1@5m']);
    expect(report.alternatives).toHaveLength(18);
    expect(new Set(report.alternatives?.map(({ step }) => step.grey))).toEqual(new Set([2, 3, 6]));
  });

  it('prints what README.md shows', async () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const [, command = '', shown = ''] = /```\n\$ dupgrade rehearse ([^\n]*)\n([\s\S]*?)```/.exec(readme) ?? [];
    const cli = runCli(['rehearse', ...command.split(' ')], { cwd: ROOT, env: { ...NO_CLUSTER, LC_ALL: 'C.UTF-8' } });
    expect((await cli.exit).code).toBe(5);
    // The page breaks its lines, a pipe does not.
    expect(cli.stdout.replaceAll(/\s+/g, ' ')).toBe(shown.replaceAll(/\s+/g, ' '));
  });

  it('is the same twice, and another from another seed on', async () => {
    const [one, same, other] = await Promise.all(
      [[], [], ['--seed', '9']].map((seed) => run(specOf(), ...GIVEN, '--seeds', '2', ...seed)),
    );
    expect(one?.stdout).toBe(same?.stdout);
    expect(one?.stdout).not.toBe(other?.stdout);
    expect(one?.stdout).toContain('main ready');
  });

  it('writes a page with --report', async () => {
    const file = join(folder(), 'rehearsal.html');
    const { code, stdout } = await run(specOf(), ...GIVEN, '--seeds', '2', '--report', file);
    expect(code).toBe(0);
    expect(stdout).toContain('Stuck:     never');
    expect(readFileSync(file, 'utf8')).toContain('<title>Rehearsal of llama-v2 in default</title>');
    const nowhere = await run(specOf(), ...GIVEN, '--seeds', '1', '--report', '/nonexistent/rehearsal.html');
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr).toContain('/nonexistent/rehearsal.html cannot be written');
  });

  it('says of a rehearsal that can never end that it cannot', async () => {
    const { code, stdout } = await run(specOf({ progressDeadline: '720h' }), ...GIVEN, '--fail', 'never-ready:3');
    expect(code).toBe(5);
    expect(stdout).toContain('1 of 1 run: it never ends, as nothing more happens; seed 1 after');
  });

  it.each([
    [['--fail', 'nodes:1@10m'], '"nodes" cannot go wrong'],
    [['--fail', 'node:1@10m'], 'node:1@10m: which nodes there are is not known'],
    [['--ready-after', '4m..2m'], '"4m..2m" ends before it begins'],
    [['--seeds', '0'], '"0" is too small'],
    [['--seeds', '1000000'], 'It is at most 100000.'],
    [['--steps', '1,3'], '--steps goes with --all-modes'],
    [['--all-modes', '--steps', '1,0'], '"0" is too small'],
    [[...SCENARIO], 'leave out --from'],
  ])('refuses %j with exit code 2', async (options, message) => {
    const { code, stdout, stderr } = await run(specOf(), ...GIVEN, ...options);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('refuses a scenario as it refuses a spec: every problem, with line and column', async () => {
    const file = join(folder(), 'scenario.yaml');
    writeFileSync(
      file,
      'apiVersion: dupgrade.dev/v1\nkind: Scenario\nmetadata: { name: x }\nspec:\n  nodes: []\n  deployments: [{ name: a }]\n',
    );
    const { code, stderr } = await run(specOf(), '--scenario', file);
    expect(code).toBe(2);
    expect(stderr).toContain(`${file}:5:10: spec.nodes`);
    expect(stderr).toContain(`${file}:6:17: spec.deployments[0].replicas`);
  });

  it('refuses a node that the scenario does not have, and more of them than it has', async () => {
    for (const [fail, message] of [
      ['node:gpu-7@1m', 'there is no node gpu-7; there are gpu-0, gpu-1, gpu-2'],
      ['node:4@1m', 'there are only 3 nodes'],
    ] as const) {
      const { code, stderr } = await run(specOf(), ...SCENARIO, '--fail', fail);
      expect(code).toBe(2);
      expect(stderr).toContain(message);
    }
  });

  it('exits with 3 where start would refuse', async () => {
    const { code, stderr } = await run(specOf({ grey: { deployment: 'llama-v3', target: 12 } }), ...SCENARIO);
    expect(code).toBe(3);
    expect(stderr).toContain('there is no Deployment serving/llama-v3');
  });

  it('asks a cluster where nothing is said of one', async () => {
    const { code, stdout } = await run(specOf());
    expect({ code, stdout }).toEqual({ code: 7, stdout: '' });
  });
});
