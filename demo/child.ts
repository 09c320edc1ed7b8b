import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const PROGRAM = join(ROOT, 'bin/dupgrade.js');

/** Of the children that are still running. */
const running = new Set<ChildProcess>();

/** Whatever ends this process, its children do not outlive it. */
export const endChildren = (): void => {
  for (const child of running) child.kill('SIGTERM');
};

/** Starts the built dupgrade, with pipes or with the streams of this process. */
export const start = (
  args: readonly string[],
  stdio: 'inherit' | 'pipe',
  env: Readonly<Record<string, string>> = {},
): ChildProcess => {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    // Nobody types: Ctrl-C reaches all of them through the terminal.
    stdio: stdio === 'inherit' ? ['ignore', 'inherit', 'inherit'] : ['pipe', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  return child;
};

/** Resolves with the exit code when it has ended and all of its output has arrived. */
export const ended = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });

/** Resolves with the first text of a stream that the pattern finds; rejects where the child ends without it. */
export const found = (child: ChildProcess, stream: 'stdout' | 'stderr', pattern: RegExp): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = '';
    child[stream]?.on('data', (piece: Buffer) => {
      text += piece.toString();
      const match = pattern.exec(text);
      if (match !== null) resolve(match[1] ?? match[0]);
    });
    child.once('error', reject);
    child.once('close', () => reject(new Error(`the sandbox ended without ${pattern}: ${text}`)));
  });
