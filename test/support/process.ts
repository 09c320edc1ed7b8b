import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach } from 'vitest';

export interface OutputLine {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
  /** Its place among all lines of both streams, in the order in which they came. */
  readonly index: number;
}

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunOptions {
  /** Added to this process's environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** What it reads from stdin, which is closed then. Without it stdin is closed at once. */
  readonly input?: string;
  /** A stand-in for bin/dupgrade.js. */
  readonly program?: string;
  /** A program that is run instead, without Node, such as kubectl. */
  readonly executable?: string;
}

export interface LinePatience {
  /** Looks only at lines that came after this one. */
  readonly after?: OutputLine;
  readonly timeoutMs?: number;
}

const dupgrade = join(import.meta.dirname, '../../bin/dupgrade.js');
const running = new Set<Cli>();

/** Runs the built program. It is ended after the test that started it, if it has not ended by then. */
export const runCli = (args: readonly string[], options: RunOptions = {}): Cli => new Cli(args, options);

/** The program as a process of its own, as a person or a pipeline runs it. */
export class Cli {
  /** Resolves when the process has ended and all of its output has arrived. */
  readonly exit: Promise<Ending>;
  readonly #command: string;
  readonly #process: ChildProcess;
  readonly #lines: OutputLine[] = [];
  readonly #listeners = new Set<() => void>();
  #ending: Ending | undefined;

  constructor(args: readonly string[], { env = {}, cwd, input = '', program = dupgrade, executable }: RunOptions) {
    this.#command = [executable ?? 'dupgrade', ...args].join(' ');
    const [file, ...before] = boundToThisProcess(executable ?? process.execPath);
    const child = spawn(file, [...before, ...(executable === undefined ? [program] : []), ...args], {
      env: { ...process.env, ...env },
      ...(cwd !== undefined && { cwd }),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#process = child;
    for (const stream of ['stdout', 'stderr'] as const) {
      createInterface({ input: child[stream] }).on('line', (text) => {
        this.#lines.push({ stream, text, index: this.#lines.length });
        this.#tell();
      });
    }
    // It may end before it has read its input.
    child.stdin.on('error', () => {}).end(input);
    this.exit = new Promise((done, fail) => {
      child.once('error', fail);
      child.once('close', (code, signal) => {
        this.#ending = { code, signal };
        running.delete(this);
        this.#tell();
        done(this.#ending);
      });
    });
    running.add(this);
  }

  get stdout(): string {
    return this.#text('stdout');
  }

  get stderr(): string {
    return this.#text('stderr');
  }

  get lines(): readonly OutputLine[] {
    return this.#lines;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /**
   * Resolves with the first line on either stream that matches, also with one that has come before. Rejects with all
   * output when the process ends without such a line, or after `timeoutMs` (60 s).
   */
  async line(pattern: RegExp | string, { after, timeoutMs = 60_000 }: LinePatience = {}): Promise<OutputLine> {
    const matches = ({ text, index }: OutputLine): boolean =>
      index > (after?.index ?? -1) && (typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text));
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#tell();
    }, timeoutMs);
    try {
      for (;;) {
        const found = this.#lines.find(matches);
        if (found) return found;
        if (this.#ending)
          throw new Error(`${this.#command} ended without a line like ${pattern}.\n${this.#transcript()}`);
        if (isLate)
          throw new Error(`${this.#command}: no line like ${pattern} in ${timeoutMs / 1000} s.\n${this.#transcript()}`);
        await this.#news();
      }
    } finally {
      clearTimeout(timer);
    }
  }

  kill(signal: NodeJS.Signals = 'SIGTERM'): void {
    this.#process.kill(signal);
  }

  #news(): Promise<void> {
    return new Promise((done) => {
      const listener = (): void => {
        this.#listeners.delete(listener);
        done();
      };
      this.#listeners.add(listener);
    });
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #text(stream: OutputLine['stream']): string {
    return this.#lines.flatMap((line) => (line.stream === stream ? [`${line.text}\n`] : [])).join('');
  }

  #transcript(): string {
    const ending = this.#ending;
    const end = ending ? `It ended with ${ending.signal ?? `code ${ending.code}`}.` : 'It is still running.';
    return [...this.#lines.map(({ stream, text }) => `${stream}: ${text}`), end].join('\n');
  }
}

/**
 * Where the system can (util-linux), the kernel ends the child when this process is killed: a test runner that is killed
 * has no `afterEach` any more.
 */
const boundToThisProcess = (file: string): readonly [string, ...string[]] => {
  const setpriv = '/usr/bin/setpriv';
  try {
    accessSync(setpriv, constants.X_OK);
    return [setpriv, '--pdeathsig', 'KILL', '--', file];
  } catch {
    return [file];
  }
};

afterEach(async () => {
  const left = [...running];
  for (const cli of left) cli.kill('SIGKILL');
  await Promise.allSettled(left.map(({ exit }) => exit));
});
