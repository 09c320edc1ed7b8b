import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dupgrade, sandboxOf } from '../sandbox/given.ts';

const ROOT = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'dupgrade-shells-'));
const PATH = [folder, dirname(process.execPath), process.env['PATH']].join(delimiter);
const spec = JSON.stringify({
  apiVersion: 'dupgrade.dev/v1',
  kind: 'DeploymentUpgrade',
  metadata: { name: 'to-v2', namespace: 'serving' },
  spec: { main: { deployment: 'model-v1', target: 4 }, grey: { deployment: 'model-v2', target: 2 }, step: 2 },
});

beforeAll(() => {
  symlinkSync(join(ROOT, 'bin/dupgrade.js'), join(folder, 'dupgrade'));
  chmodSync(join(ROOT, 'bin/dupgrade.js'), 0o755);
});

afterAll(() => rmSync(folder, { recursive: true }));

const run = async (file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const options = { cwd: ROOT, env: { ...process.env, PATH, ...env }, timeout: 20_000 };
  return promisify(execFile)(file, args, options);
};

/** What a shell offers for the last word of a line, as the person at the keyboard sees it. */
type Offers = (line: string, env?: Readonly<Record<string, string>>) => Promise<readonly string[]>;

const inBash: Offers = async (line, env) => {
  const words = line.split(' ');
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const { stdout, stderr } = await run(
    'bash',
    [
      '--norc',
      '-c',
      `source /usr/share/bash-completion/bash_completion && source completions/dupgrade.bash && source completions/dupgrade.bash &&
       COMP_LINE='${line}' COMP_POINT=${line.length} COMP_CWORD=${words.length - 1} && COMP_WORDS=(${quoted}) && compopt() { :; } &&
       $(complete -p dupgrade | sed 's/.*-F \\([^ ]*\\).*/\\1/') ; printf '%s\\n' "\${COMPREPLY[@]:-}"`,
    ],
    env,
  );
  expect(stderr).toBe('');
  return stdout.split('\n').filter(Boolean).map(firstWord);
};

/** In a pseudo terminal, as zsh completes nowhere else: what the last word has become after the tab key, and all that was shown. */
const inZsh: Offers = async (line, env) => {
  const driver = `
    zmodload zsh/zpty
    zpty shell zsh -f -i
    zpty -w shell 'PS1= ; autoload -Uz compinit ; compinit -u -d ${folder}/zcompdump ; source completions/dupgrade.zsh'
    zpty -w shell 'press() { zle expand-or-complete ; print -r -- "<<$BUFFER>>DO""NE" } ; zle -N press ; bindkey "^T" press ; print REA""DY'
    zpty -r shell text '*READY*'
    zpty -w -n shell '${line}'$'\x14'
    zpty -r shell text '*DONE*'
    print -r -- $text
    zpty -d shell`;
  const { stdout } = await run('zsh', ['-f', '-c', driver], { TERM: 'dumb', ...env });
  expect(stdout).not.toMatch(/error/i);
  return [/<<([^>]*)>>DONE/.exec(stdout)?.[1]?.trim().split(' ').at(-1) ?? stdout];
};

const inFish: Offers = async (line, env) => {
  const script = join(folder, 'ask.fish');
  writeFileSync(script, `source completions/dupgrade.fish\ncomplete -C '${line}'\n`);
  const { stdout, stderr } = await run('fish', ['--no-config', script], env);
  expect(stderr).toBe('');
  return stdout.split('\n').filter(Boolean).map(firstWord);
};

const firstWord = (line: string): string => line.trim().split(/\s/)[0] ?? '';

describe.each([
  ['bash', inBash],
  ['zsh', inZsh],
  ['fish', inFish],
] as const)('in %s', (_, offers) => {
  it('commands and options are completed', async () => {
    expect(await offers('dupgrade ro')).toContain('rollback');
    expect(await offers('dupgrade set-target --pac')).toContain('--pacing');
  });

  it('the words that an option takes are completed', async () => {
    expect(await offers('dupgrade set-target --mode scaleI')).toContain('scaleInPriority');
    expect(await offers('dupgrade schema ev')).toContain('events');
  });

  it('names of upgrades, namespaces and contexts come from the cluster', async () => {
    const sandbox = await sandboxOf();
    expect((await dupgrade(sandbox, ['start', '-'], spec).exit).code).toBe(0);
    const env = { KUBECONFIG: sandbox.kubeconfig };
    expect(await offers('dupgrade status -n serving to', env)).toContain('to-v2');
    expect(await offers('dupgrade status -n ser', env)).toContain('serving');
    expect(await offers('dupgrade status --context sand', env)).toContain('sandbox');
  });

  it('a cluster that cannot be had leaves nothing behind on the screen', async () => {
    const offered = await offers('dupgrade status x', { KUBECONFIG: '/nonexistent' });
    expect(offered.join('\n')).not.toMatch(/error|KUBECONFIG|exists/i);
  });
});
