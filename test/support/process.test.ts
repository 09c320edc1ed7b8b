import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runCli, type Cli } from './process.ts';

/** Runs a few lines of JavaScript in the program's place. */
const runScript = (script: string, args: readonly string[] = [], input = ''): Cli => {
  const folder = mkdtempSync(join(tmpdir(), 'dupgrade-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const program = join(folder, 'program.mjs');
  writeFileSync(program, script);
  return runCli(args, { program, input });
};

const forever = 'setInterval(() => {}, 1000);';

describe('a process under test', () => {
  test('hands over its arguments, its input, both streams and its exit code', async () => {
    const cli = runScript(
      `process.stdin.on('data', (input) => {
         console.log(process.argv[2], String(input));
         console.error('to stderr');
         process.exitCode = 3;
       });`,
      ['one'],
      'input',
    );
    expect(await cli.exit).toEqual({ code: 3, signal: null });
    expect(cli.stdout).toBe('one input\n');
    expect(cli.stderr).toBe('to stderr\n');
  });

  test('waits for a line that is still to come, and finds one that has come before', async () => {
    const cli = runScript(`process.on('SIGUSR2', () => console.error('second')); console.log('first'); ${forever}`);
    await cli.line('first');
    const second = cli.line(/^sec/);
    cli.kill('SIGUSR2');
    expect(await second).toEqual({ stream: 'stderr', text: 'second', index: 1 });
    expect(await cli.line('first')).toMatchObject({ stream: 'stdout', index: 0 });
    const third = cli.line(/^sec/, { after: await second });
    cli.kill('SIGUSR2');
    expect(await third).toMatchObject({ index: 2 });
  });

  test('shows its output when it ends without the line that was waited for', async () => {
    const cli = runScript(`console.log('something else'); process.exitCode = 5;`);
    await expect(cli.line('never')).rejects.toThrow(/without a line like never\.\nstdout: something else\n.*code 5/);
  });

  test('shows its output when the line does not come in time', async () => {
    const cli = runScript(`console.log('something else'); ${forever}`);
    await cli.line('something');
    await expect(cli.line('never', { timeoutMs: 1 })).rejects.toThrow(/stdout: something else\nIt is still running/);
  });

  test('tells by which signal it ended', async () => {
    const cli = runScript(`console.log('up'); ${forever}`);
    await cli.line('up');
    cli.kill('SIGINT');
    expect(await cli.exit).toEqual({ code: null, signal: 'SIGINT' });
  });

  describe('that outlasts its test', () => {
    let left: Cli | undefined;

    test('is started in one test', async () => {
      left = runScript(`process.on('SIGTERM', () => {}); console.log('up'); ${forever}`);
      expect(await left.line('up')).toMatchObject({ text: 'up' });
    });

    test('and is gone in the next', async () => {
      expect(await left?.exit).toEqual({ code: null, signal: 'SIGKILL' });
    });
  });
});
