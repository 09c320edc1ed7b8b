import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runCli } from '../support/process.ts';

const ROOT = join(import.meta.dirname, '../..');

/** No kubeconfig anywhere: whoever asks a cluster ends with 7. */
const NO_CLUSTER = {
  KUBECONFIG: '/nonexistent/kubeconfig',
  HOME: '/nonexistent',
  KUBERNETES_SERVICE_HOST: undefined,
  LC_ALL: 'C',
};

const specOf = (mode: string, step: number | string, limits: object = {}): string =>
  JSON.stringify({
    apiVersion: 'dupgrade.dev/v1',
    kind: 'DeploymentUpgrade',
    metadata: { name: 'llama-v2', namespace: 'serving' },
    spec: {
      main: { deployment: 'llama-v1', target: 0 },
      grey: { deployment: 'llama-v2', target: 30 },
      mode,
      step,
      limits,
    },
  });

const run = async (input: string, ...args: string[]) => {
  const cli = runCli(['plan', '-', ...args], { env: NO_CLUSTER, input });
  const { code } = await cli.exit;
  return { code, stdout: cli.stdout, stderr: cli.stderr };
};

const FROM = ['--from', 'main=30,grey=0'];

describe('dupgrade plan', () => {
  it.each(['scaleOutPriority', 'scaleInPriority', 'scaleSimultaneously'])(
    'without a cluster has the waypoints of the original operator in %s',
    async (mode) => {
      const traces = JSON.parse(
        readFileSync(new URL('../data/original-operator-traces.json', import.meta.url), 'utf8'),
      ) as { mode: string; step: number; main: object; grey: object; trace: [number, number][] }[];
      const original = traces.find(
        (each) =>
          each.mode === mode &&
          each.step === 3 &&
          JSON.stringify([each.main, each.grey]) === '[{"from":30,"to":0},{"from":0,"to":30}]',
      );
      const { code, stdout, stderr } = await run(specOf(mode, 3), ...FROM, '-o', 'json');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const { waypoints } = JSON.parse(stdout) as { waypoints: object[] };
      expect(waypoints).toEqual(original?.trace.map(([main, grey]) => ({ main, grey })));
    },
  );

  it('shows the table that README.md shows', async () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const [, command = '', shown = ''] =
      /```\n\$ dupgrade plan (\S+ --all-modes [^\n]*)\n([\s\S]*?)```/.exec(readme) ?? [];
    const [file = '', ...options] = command.split(' ');
    const cli = runCli(['plan', file, ...options], { cwd: ROOT, env: { ...NO_CLUSTER, LC_ALL: 'C.UTF-8' } });
    expect((await cli.exit).code).toBe(0);
    // The page breaks its lines, a pipe does not.
    expect(cli.stdout.replaceAll(/\s+/g, ' ')).toBe(shown.replaceAll(/\s+/g, ' '));
  });

  it('writes the same as YAML', async () => {
    const [json, yaml] = await Promise.all(
      ['json', 'yaml'].map((output) => run(specOf('scaleOutPriority', 3), ...FROM, '-o', output)),
    );
    expect(parse(yaml?.stdout ?? '')).toEqual(JSON.parse(json?.stdout ?? ''));
  });

  it('takes what is known from the command line', async () => {
    const known = ['--gpus', 'main=4,grey=8', '--ready-after', '8m', '--gone-after', 'main=30s,grey=1m'];
    const { stdout } = await run(specOf('scaleOutPriority', 30), ...FROM, ...known, '--free-gpus', '240', '-o', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      source: 'given',
      peak: { pods: 60, gpus: 360 },
      extra: { pods: 30, gpus: 240 },
      room: 'enough',
      duration: { typicalMs: 510_000, slowestMs: 510_000 },
      known: { gone: { main: { typicalMs: 30_000, source: 'given' }, grey: { typicalMs: 60_000 } } },
      unknown: [],
    });
  });

  it('exits with 3 where a limit ends it, having shown how far it goes', async () => {
    const { code, stdout } = await run(specOf('scaleInPriority', 3, { minReady: 30 }), ...FROM);
    expect(code).toBe(3);
    expect(stdout).toContain('limits.minReady lets it go no further');
  });

  it.each([
    [['--from', 'main=30'], '"main=30" leaves out grey; give main=30,grey=0'],
    [['--from', '30'], '"30" is not a side; give main=30,grey=0'],
    [['--from', 'main=30,gray=0'], '"gray" is not a side; give main=30,grey=0; did you mean grey?'],
    [['--from', 'main=30,main=1'], '"main=30,main=1" names main twice; give main=30,grey=0'],
    [['--from', 'main=-1,grey=0'], '"-1" is too small; give a whole number from 0 to 2147483647'],
    [[...FROM, '--ready-after', '8'], '"8" has no unit; give a duration such as 90s, 20m or 1h30m, up to 720h'],
    [[...FROM, '--gone-after', 'main=1m'], '"main=1m" leaves out grey; give main=30s,grey=1m'],
    [[...FROM, '--gpus', 'many'], '"many" is not a whole number'],
    [[...FROM, '--free-gpus', '1.5'], '"1.5" is not a whole number'],
    [[...FROM, '-o', 'table'], 'give text, json or yaml'],
  ])('refuses %j with exit code 2', async (options, message) => {
    const { code, stdout, stderr } = await run(specOf('scaleOutPriority', 3), ...options);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('refuses a wrong spec with exit code 2, at its line', async () => {
    const { code, stderr } = await run(specOf('scaleOut', 0), ...FROM);
    expect(code).toBe(2);
    expect(stderr).toContain('<stdin>:1:');
    expect(stderr).toContain('scaleOutPriority');
  });

  it('needs a cluster where the counts are not given', async () => {
    const { code, stdout } = await run(specOf('scaleOutPriority', 3));
    expect({ code, stdout }).toEqual({ code: 7, stdout: '' });
  });
});
