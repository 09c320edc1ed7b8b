import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/process.ts';

const ROOT = join(import.meta.dirname, '../..');

describe('dupgrade sandbox', () => {
  it('prints the line that leads to it and nothing else, and leaves nothing behind', async () => {
    const cli = runCli(['sandbox', '--speed', '10x']);
    const { text: line } = await cli.line(/^export KUBECONFIG=/);
    const file = line.slice('export KUBECONFIG='.length);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toMatch(/"server": "https:\/\/127\.0\.0\.1:\d+"/);
    cli.kill('SIGTERM');
    expect(await cli.exit).toEqual({ code: 0, signal: null });
    expect(cli.stdout).toBe(`${line}\n`);
    expect(existsSync(dirname(file))).toBe(false);
  });

  it('has happen what is typed', async () => {
    const cli = runCli(['sandbox', '-i', '-q'], { input: 'mend gpu-b-0\nbreak nothing\nhello\n' });
    await cli.line('mend gpu-b-0: done');
    await cli.line('nodes "nothing" not found');
    await cli.line('type: break NODE');
    cli.kill('SIGINT');
    expect((await cli.exit).code).toBe(0);
  });

  it.each([
    [['--speed', 'fast'], 2],
    [['--port', '70000'], 2],
    [['/nonexistent/scenario.yaml'], 2],
  ])('refuses %j', async (args, code) => {
    expect((await runCli(['sandbox', ...args]).exit).code).toBe(code);
  });
});

describe('npm run demo', () => {
  it('comes to its good end, as lines', { timeout: 90_000 }, async () => {
    const child = spawn(process.execPath, ['demo/demo.ts'], { cwd: ROOT, env: { ...process.env, CI: 'true' } });
    const code = new Promise((resolve) => {
      child.once('close', resolve);
    });
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(await code, `${out}\n${err}`).toBe(0);
    expect(out).toContain('$ dupgrade set-target --ready');
    expect(out).toContain('llama-v2 serves with 12 GPUs');
  });
});
