import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Runs the built program in a process of its own, in this Node or in one that says it is another. */
const run = (bin: string, args: readonly string[], version?: string): Promise<Ran> =>
  new Promise((done) => {
    const pretend = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`;
    const before = version === undefined ? [] : ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`];
    execFile(
      process.execPath,
      [...before, join(ROOT, 'bin', bin), ...args],
      { env: { ...process.env, NO_COLOR: '1' } },
      (error, stdout, stderr) => done({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });

describe('the program as a process', () => {
  it.each(['20.20.2', '22.18.0', '18.0.0'])('says in one sentence that Node %s is too old', async (version) => {
    const { code, stdout, stderr } = await run('dupgrade.js', ['--help'], version);
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

  it('without a command shows its help, and exits with 2', async () => {
    const { code, stdout, stderr } = await run('dupgrade.js', []);
    expect(code).toBe(2);
    expect(stdout + stderr).toContain('Usage: dupgrade [options] [command]');
  });
});
