import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { parseSpec } from '../../src/spec/parse.ts';
import { ask, dupgrade, sandboxOf } from './given.ts';

const ran = async (sandbox: Sandbox, args: readonly string[], input = '') => {
  const cli = dupgrade(sandbox, [...args, '-n', 'serving'], input);
  const { code } = await cli.exit;
  return { code, stdout: cli.stdout, stderr: cli.stderr };
};

const BOTH = ['init', '--main', 'model-v1', '--grey', 'model-v2'];
const CLONE = ['init', '--main', 'model-v1', '--grey', 'model-v3', '--clone', '--image', 'model:3'];

const folderOf = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'dupgrade-init-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
};

const deploymentsOf = async (sandbox: Sandbox): Promise<readonly string[]> => {
  const { body } = await ask(sandbox, '/apis/apps/v1/namespaces/serving/deployments');
  return (body.items as readonly { metadata: { name: string } }[]).map(({ metadata }) => metadata.name);
};

describe('dupgrade init over a sandbox', { timeout: 60_000 }, () => {
  it('writes a spec that start takes', async () => {
    const sandbox = await sandboxOf();
    const { code, stdout, stderr } = await ran(sandbox, [...BOTH, '--name', 'to-v2']);
    expect(code, stderr).toBe(0);
    expect(stderr).toBe('');
    expect(parseSpec({ file: 'stdout', text: stdout }, { namespace: 'default' })).toMatchObject({
      name: 'to-v2',
      targets: { main: 0, grey: 6 },
      way: { mode: 'scaleOutPriority', step: { main: 1, grey: 1 } },
    });
    const start = await ran(sandbox, ['start', '-'], stdout);
    expect(start.code, start.stdout + start.stderr).toBe(0);
  });

  it('writes a new file, over one that is there only with --force', async () => {
    const sandbox = await sandboxOf();
    const file = join(folderOf(), 'upgrade.yaml');
    writeFileSync(file, 'mine');
    const kept = await ran(sandbox, [...BOTH, '--out', file]);
    expect(kept).toMatchObject({ code: 2, stdout: '' });
    expect(kept.stderr).toContain('is there already');
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(await ran(sandbox, [...BOTH, '--out', file, '--force'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(parseSpec({ file, text: readFileSync(file, 'utf8') }, { namespace: 'default' }).name).toBe('model-v2');
  });

  it('prints the manifest of a clone and makes none; with --apply it is there for start', async () => {
    const sandbox = await sandboxOf();
    const file = join(folderOf(), 'upgrade.yaml');
    const printed = await ran(sandbox, [...CLONE, '--set-env', 'A=b=c', '-o', 'json', '--out', file]);
    expect(printed.code, printed.stderr).toBe(0);
    const { items } = JSON.parse(printed.stdout) as { items: readonly unknown[] };
    expect(items).toMatchObject([
      {
        kind: 'Deployment',
        metadata: { name: 'model-v3', namespace: 'serving' },
        spec: {
          replicas: 0,
          template: { spec: { containers: [{ image: 'model:3', env: [{ name: 'A', value: 'b=c' }] }] } },
        },
      },
    ]);
    expect(await deploymentsOf(sandbox)).toEqual(['model-v1', 'model-v2']);
    expect(readFileSync(file, 'utf8')).toContain('model-v3');

    // A file that is there keeps everything else from being done.
    expect(await ran(sandbox, [...CLONE, '--apply', '--out', file])).toMatchObject({ code: 2 });
    expect(await deploymentsOf(sandbox)).toEqual(['model-v1', 'model-v2']);

    const made = await ran(sandbox, [...CLONE, '--apply']);
    expect(made.code, made.stderr).toBe(0);
    expect(made.stderr).toBe('created Deployment serving/model-v3 from model-v1, with 0 replicas\n');
    const start = await ran(sandbox, ['start', '-'], made.stdout);
    expect(start.code, start.stdout + start.stderr).toBe(0);
  });

  it.each<[string, readonly string[], number, string]>([
    [
      'a main that is not there',
      ['init', '--main', 'model-v0', '--grey', 'model-v2'],
      3,
      'main: there is no Deployment serving/model-v0',
    ],
    ['a grey that is not there', ['init', '--main', 'model-v1', '--grey', 'model-v9'], 3, '--clone --image REPO:TAG'],
    [
      'a clone of a name that is taken',
      [...BOTH, '--clone', '--image', 'x:1'],
      3,
      'there is a Deployment serving/model-v2 already',
    ],
    [
      'a container that is not there',
      [...CLONE, '--container', 'sever'],
      3,
      'main has no container sever; give --container with one of server',
    ],
    [
      'a name that is too long for a label',
      [...CLONE, '--grey', 'x'.repeat(64)],
      3,
      'the label app, which has at most 63 characters',
    ],
    ['one Deployment for both', ['init', '--main', 'a', '--grey', 'a'], 2, 'cannot be both sides'],
    ['no main', ['init', '--grey', 'a'], 2, "required option '--main <deployment>'"],
    ['a clone like main', [...BOTH, '--clone'], 2, 'grey would be the same as main'],
    ['an image without --clone', [...BOTH, '--image', 'x:1'], 2, 'without --clone'],
    ['--apply without --clone', [...BOTH, '--apply'], 2, 'without --clone'],
    ['--force without a file', [...BOTH, '--force'], 2, 'give --out'],
    ['no image', [...BOTH, '--clone', '--image', 'a b'], 2, '"a b" is no image'],
    ['no variable', [...CLONE, '--set-env', 'A'], 2, '"A" sets no variable; give NAME=VALUE'],
    [
      'no amount',
      [...CLONE, '--set-resources', 'nvidia.com/gpu=two'],
      2,
      '"nvidia.com/gpu=two" is no amount of a resource',
    ],
    ['no name of a Deployment', ['init', '--main', 'A_b', '--grey', 'b'], 2, 'a Deployment name of at most'],
  ])('refuses %s', async (_, args, code, message) => {
    const sandbox = await sandboxOf();
    const refused = await ran(sandbox, args);
    expect(refused).toMatchObject({ code, stdout: '' });
    expect(refused.stderr).toContain(message);
    expect(await deploymentsOf(sandbox)).toEqual(['model-v1', 'model-v2']);
  });

  it('Deployments are completed from the cluster, and counts are not', async () => {
    const sandbox = await sandboxOf();
    const offered = async (command: string, ...words: readonly string[]) => {
      const cli = dupgrade(sandbox, ['complete', '--', command, '-n', 'serving', ...words]);
      expect((await cli.exit).code, cli.stderr).toBe(0);
      return cli.stdout.split('\n').filter((line) => line.includes('model'));
    };
    expect(await offered('init', '--main', 'mod')).toEqual(['model-v1\treplicas: 6', 'model-v2\treplicas: 0']);
    expect(await offered('init', '--grey=model-v2')).toEqual(['--grey=model-v2\treplicas: 0']);
    expect(await offered('set-target', '--main', 'mod')).toEqual([]);
  });
});
