import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { sandboxOf } from '../sandbox/given.ts';

const ROOT = join(import.meta.dirname, '../..');

type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Runs the built program in a process of its own, with what Node is told before. */
const run = (
  bin: string,
  args: readonly string[],
  { before = [], env = {} }: { before?: readonly string[]; env?: Readonly<Record<string, string>> } = {},
): Promise<Ran> =>
  new Promise((done) => {
    execFile(
      process.execPath,
      [...before, join(ROOT, 'bin', bin), ...args],
      { env: { ...process.env, NO_COLOR: '1', ...env } },
      (error, stdout, stderr) => done({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });

/** The files of the built program that a command line makes it load; what it says besides is left out. */
const filesLoadedFor = async (args: readonly string[]): Promise<readonly string[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'dupgrade-loaded-'));
  try {
    const [spy, list] = [join(folder, 'spy.cjs'), join(folder, 'loaded.json')];
    writeFileSync(
      spy,
      `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(list)}, JSON.stringify(Object.keys(require.cache))))`,
    );
    await run('dupgrade.js', args, { before: ['--require', spy] });
    const loaded = JSON.parse(readFileSync(list, 'utf8')) as readonly string[];
    return loaded.filter((file) => file !== spy && dirname(file) !== join(ROOT, 'bin'));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

describe('the program as a process', () => {
  it.each(['20.20.2', '22.18.0', '18.0.0'])('says in one sentence that Node %s is too old', async (version) => {
    const pretend = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`;
    const before = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`];
    const { code, stdout, stderr } = await run('dupgrade.js', ['--help'], { before });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^dupgrade needs Node\.js 22\.19 or newer; this is v[\d.]+\.\n$/);
  });

  it('says which version it is', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(await run('dupgrade.js', ['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('calls itself as it was called', async () => {
    expect((await run('dupgrade.js', ['start', '--help'])).stdout).toMatch(/^Usage: dupgrade start /);
    const plugin = await run('kubectl-dupgrade.js', ['start', '--help']);
    expect(plugin.stdout).toMatch(/^Usage: kubectl dupgrade start /);
    expect(plugin.stdout).toContain('$ kubectl dupgrade start upgrade.yaml');
  });

  it('names the nearest command for a misspelt one, and exits with 2', async () => {
    const { code, stderr } = await run('dupgrade.js', ['strat']);
    expect(code).toBe(2);
    expect(stderr).toContain('(Did you mean start?)');
  });

  it.each([
    [['help', 'stats'], "error: unknown command 'stats'\n(Did you mean status?)"],
    [['status', '-o', 'jsn'], 'error: --output: "jsn" is not known here; give text, json or yaml; did you mean json?'],
    [['completion', 'tcsh'], 'error: shell: "tcsh" is not known here; give bash, zsh, fish or powershell'],
    [['-n', 'serving', 'status', '-w'], 'error: options stand behind the command: dupgrade status -n serving -w\n'],
    [['start', '/nonexistent.yaml'], 'error: /nonexistent.yaml cannot be read: there is no such file or folder\n'],
    [['check', ROOT], `error: ${ROOT} cannot be read: it is a folder\n`],
  ])('says what is wrong with %j in one line, and exits with 2', async (args, said) => {
    const { code, stdout, stderr } = await run('dupgrade.js', args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.slice(0, said.length)).toBe(said);
  });

  it.each([
    // The bundler puts what two commands share into a piece of its own, so that they are a few, and small.
    { args: ['--help'], pieces: 8, bytes: 85_000, without: /ZodType|KubeConfig|class Dispatcher|parseDocument/ },
    { args: ['version', '--client'], pieces: 16, bytes: 110_000, without: /ZodType|KubeConfig|class Dispatcher/ },
    { args: ['completion', 'bash'], pieces: 11, bytes: 90_000, without: /ZodType|KubeConfig|class Dispatcher/ },
    { args: ['complete', '--', 'set-target', '--mode', ''], pieces: 8, bytes: 70_000, without: /class Command/ },
    // Without a cluster to ask it ends when everything that it needs is loaded.
    {
      args: ['status', '--kubeconfig', '/nonexistent'],
      pieces: 64,
      bytes: 1_050_000,
      without: /VirtualCluster|cliSpinners|refreshTokenGrant|class FormData/,
    },
  ])('loads only what it needs for $args', async ({ args, pieces, bytes, without }) => {
    const loaded = await filesLoadedFor(args);
    const sources = loaded.map((file) => readFileSync(file, 'utf8'));
    expect(loaded.map((file) => dirname(file)).filter((folder) => folder !== join(ROOT, 'dist'))).toEqual([]);
    expect(loaded.length).toBeLessThanOrEqual(pieces);
    expect(Buffer.byteLength(sources.join(''))).toBeLessThan(bytes);
    expect(loaded.filter((_, i) => without.test(sources[i] ?? ''))).toEqual([]);
  });

  it('is a package of less than 3 MB that needs no other, and has the licences of what is in it', async () => {
    const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: ROOT,
    });
    const [{ unpackedSize, files }] = JSON.parse(stdout) as [{ unpackedSize: number; files: { path: string }[] }];
    expect(unpackedSize).toBeLessThan(3_000_000);
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(['LICENSE', 'THIRD-PARTY-LICENSES', 'completions/dupgrade.zsh', 'dist/main.js']),
    );
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as object;
    expect(manifest).not.toHaveProperty('dependencies');
    const licences = readFileSync(join(ROOT, 'THIRD-PARTY-LICENSES'), 'utf8');
    for (const name of ['commander', 'undici', 'yaml', 'zod', '@kubernetes/client-node'])
      expect(licences).toContain(`\n${name} `);
  });

  it('names the nearest word for one that an option does not take', async () => {
    const { code, stderr } = await run('dupgrade.js', ['rollback', '--mode', 'scaleOutPriorty']);
    expect(code).toBe(2);
    expect(stderr).toContain('did you mean scaleOutPriority?');
    expect((await run('dupgrade.js', ['list', '--namspace', 'x'])).stderr).toContain('(Did you mean --namespace?)');
  });

  it('tells its version and that of the cluster', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    const client = await run('dupgrade.js', ['version', '--client', '-o', 'json']);
    expect(JSON.parse(client.stdout)).toEqual({ client: { version } });
    const sandbox = await sandboxOf();
    const both = await run('dupgrade.js', ['version', '-o', 'yaml', '--kubeconfig', sandbox.kubeconfig]);
    expect(both.stdout).toBe(`client:\n  version: ${version}\nserver:\n  version: v1.36.0+dupgrade-sandbox\n`);
  });

  it('completes as a plugin of kubectl, which asks a program of its own for it', async () => {
    const { stdout } = await run('kubectl_complete-dupgrade.js', ['set-target', '--mode', 'scaleI']);
    expect(stdout).toBe('scaleInPriority\t\n:4\n');
    expect((await run('kubectl_complete-dupgrade.js', ['start', ''])).stdout).toBe(':0\n');
  });

  // What completions/dupgrade.powershell makes of a line, and what it takes apart: a value and a note, and a number at the end.
  it.each([
    ['dupgrade st', ['st'], ['start', 'status'], 4],
    ['dupgrade status ', ['status', ''], [], 4],
    ['dupgrade set-target --mode scaleI', ['set-target', '--mode', 'scaleI'], ['scaleInPriority'], 4],
    ['dupgrade set-target --mode=scaleI', ['set-target', '--mode=scaleI'], ['--mode=scaleInPriority'], 4],
    ['dupgrade start ', ['start', ''], [], 0],
  ])('answers PowerShell at a tab key behind %j', async (_, words, values, directive) => {
    const kubeconfig = { env: { KUBECONFIG: '/nonexistent' } };
    for (const dashes of [['--'], []]) {
      const { code, stdout, stderr } = await run('dupgrade.js', ['complete', ...dashes, ...words], kubeconfig);
      const lines = stdout.trimEnd().split('\n');
      expect({ code, stderr, end: lines.at(-1) }).toEqual({ code: 0, stderr: '', end: `:${directive}` });
      expect(lines.slice(0, -1).map((line) => line.split('\t'))).toEqual(
        values.map((value) => [value, expect.any(String)]),
      );
    }
  });

  it('says nothing where it is asked to complete from a cluster that cannot be had', async () => {
    const words = ['status', '--kubeconfig', '/nonexistent', ''];
    expect(await run('dupgrade.js', ['complete', '--', ...words])).toEqual({ code: 0, stdout: ':4\n', stderr: '' });
  });

  it('without a command shows its help, and exits with 2', async () => {
    const { code, stdout, stderr } = await run('dupgrade.js', []);
    expect(code).toBe(2);
    expect(stdout + stderr).toContain('Usage: dupgrade [options] [command]');
  });
});
