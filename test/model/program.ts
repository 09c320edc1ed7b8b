import { runProgram } from '../../src/cli/program.ts';
import type { Session } from '../../src/cli/session.ts';
import type { Cluster } from '../../src/cluster/port.ts';
import type { Clock } from '../../src/drive/clock.ts';
import { Process } from './process.ts';

/** A line of `-o json`. */
export type Line = { readonly type?: string; readonly [field: string]: unknown };

export type Surroundings = {
  readonly holder: string;
  readonly namespace: string;
  /** A connection of the process's own. */
  readonly connection: { readonly cluster: Cluster; readonly close: () => void | Promise<void> };
  readonly clock: Clock;
  readonly input: string;
};

/**
 * The program itself, all but its main.ts, run in this process: commands with an output of `-o json`. Over any cluster and
 * clock, so that it can be killed, interrupted and made to stand still.
 */
export class Program {
  readonly args: readonly string[];
  readonly process: Process;
  /** Resolves with the exit code; never where it was killed. */
  readonly exit: Promise<number>;
  /** Resolves when it drives an upgrade, or has ended. */
  readonly settled: Promise<unknown>;
  code: number | undefined;
  out = '';
  err = '';
  interrupted = false;
  readonly #close: () => void | Promise<void>;
  readonly #interruption = new AbortController();
  #drives: () => void = () => undefined;

  constructor(args: readonly string[], { holder, namespace, connection, clock, input }: Surroundings) {
    this.args = args;
    this.#close = connection.close;
    this.process = new Process(holder, connection.cluster, clock);
    const started = new Promise<void>((resolve) => {
      this.#drives = resolve;
    });
    const session = this.#session(namespace, input);
    this.exit = runProgram([...args, '-o', 'json'], session, 'test').then(async (code) => {
      this.code = code;
      this.process.isDriving = false;
      this.process.endedMs = clock.monotonic();
      await connection.close();
      return code;
    });
    this.settled = Promise.race([started, this.exit]);
  }

  get verb(): string {
    return this.args[0] ?? '';
  }

  /** Whether it drove an upgrade, now or before it ended. */
  get drove(): boolean {
    return this.lines.some(({ type }) => type === 'started');
  }

  /** Whether it moves the upgrade, or can at any time. */
  get isDriving(): boolean {
    return this.drove && this.code === undefined && this.process.isAlive;
  }

  get lines(): readonly Line[] {
    return this.out
      .split('\n')
      .filter((line) => line.startsWith('{"'))
      .map((line) => JSON.parse(line) as Line);
  }

  interrupt(): void {
    this.interrupted = true;
    this.#interruption.abort('SIGINT');
  }

  async kill(): Promise<void> {
    this.process.kill();
    await this.#close();
  }

  #write(text: string): void {
    this.out += text;
    if (!text.includes('"type":"started"')) return;
    this.process.isDriving = true;
    this.#drives();
  }

  #session(namespace: string, input: string): Session {
    const { holder, cluster, clock } = this.process;
    const out = { write: (text: string) => this.#write(text) };
    const err = {
      write: (text: string) => {
        this.err += text;
      },
    };
    const columns = (): number => Number.POSITIVE_INFINITY;
    return {
      program: 'dupgrade',
      out,
      err,
      isErrTerminal: false,
      terminal: () => ({ out, err, interactive: false, color: false, unicode: true, columns, rows: () => 24 }),
      clock,
      ciSystem: 'none',
      summarize: undefined,
      actor: holder,
      holder,
      interruption: () => this.#interruption.signal,
      keys: () => undefined,
      readBytes: () => Promise.resolve(new TextEncoder().encode(input)),
      specFilesIn: () => Promise.resolve(undefined),
      writeText: () => Promise.reject(new Error('no file is written here')),
      connect: () =>
        Promise.resolve({
          cluster,
          lane: () => cluster,
          namespace,
          serverVersion: () => Promise.resolve('v1.36.0'),
          namespaces: () => Promise.resolve([namespace]),
          close: () => undefined,
        }),
      contexts: () => Promise.resolve([]),
      completionScript: () => Promise.reject(new Error('no script is read here')),
      openThreads: () => Promise.reject(new Error('nothing is rehearsed here')),
      openSandbox: () => Promise.reject(new Error('no sandbox is opened here')),
      inputLines: async function* () {
        // Nobody types.
      },
    };
  }
}
