import { appendFileSync, createReadStream, promises, readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { runCommandLine } from './cli/command-line.ts';
import { CommandError } from './cli/command-error.ts';
import type { Connected, Session } from './cli/session.ts';
import type { Clock } from './drive/clock.ts';
import { hasKeys, listenToKeys, type Seat } from './keyboard.ts';
import { ciSystemOf } from './output/pipeline/system.ts';
import { printable } from './output/printable.ts';
import { terminalOf } from './output/terminal.ts';

type Options = Parameters<Session['connect']>[0];

/** The program: takes a process, answers with its exit code. The only place that puts the parts together. */
export const main = async (process: NodeJS.Process): Promise<number> => {
  const { stdout, stderr, env } = process;
  const closedPipe = new AbortController();
  for (const stream of [stdout, stderr]) {
    // `dupgrade list | head -1`: nobody reads on, and that is no fault.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      closedPipe.abort('SIGTERM');
    });
  }
  const actor = actorOf(env);
  const session: Session = {
    program: /^kubectl[-_]/.test(process.argv[1]?.split(/[\\/]/).at(-1) ?? '') ? 'kubectl dupgrade' : 'dupgrade',
    out: stdout,
    err: stderr,
    isErrTerminal: stderr.isTTY && env['TERM'] !== 'dumb',
    terminal: ({ color }) => terminalOf({ stdout, stderr, env, platform: process.platform }, color ? undefined : false),
    clock: systemClock,
    ciSystem: ciSystemOf(env),
    summarize: summaryFile(process),
    actor,
    holder: actor.startsWith('http') ? actor : `${actor} pid ${process.pid}`,
    interruption: once(() => AbortSignal.any([interruption(process), closedPipe.signal])),
    keys: () =>
      stdout.isTTY && hasKeys(process.stdin) ? (pressed) => listenToKeys(seat(process), pressed) : undefined,
    readBytes: (file, most) => readBytes(file, most, process),
    specFilesIn,
    writeText,
    connect: (options) => connectTo(options, process),
    contexts: async ({ kubeconfig }) => {
      const { contextsOf } = await import('./cluster/kubernetes/kubeconfig.ts');
      return contextsOf({ kubeconfig, env: process.env });
    },
    completionScript: (shell) =>
      promises.readFile(join(import.meta.dirname, `../completions/dupgrade.${shell}`), 'utf8'),
    openThreads: async (load) => (await import('./threads/threads.ts')).openThreads(load),
    openSandbox: sandboxOf,
    inputLines: (signal) => inputLines(process, signal),
  };
  return runCommandLine(process.argv.slice(2), session, VERSION);
};

/** Put in by the build. */
declare const VERSION: string;

const systemClock: Clock = {
  now: () => Date.now(),
  // Whole milliseconds: that is what is told of spans of time.
  monotonic: () => Math.round(performance.now()),
  after: (ms, call) => {
    // A longer delay than a timer can hold would fire at once.
    const timer = setTimeout(call, Math.min(ms, 2_147_483_647));
    return () => clearTimeout(timer);
  },
};

/** The job of a pipeline, else the person and the machine. */
const actorOf = (env: NodeJS.ProcessEnv): string => {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, CI_JOB_URL, BUILD_URL } = env;
  if (GITHUB_SERVER_URL && GITHUB_REPOSITORY && GITHUB_RUN_ID) {
    return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
  }
  return CI_JOB_URL || BUILD_URL || `${userName()}@${hostname()}`;
};

/** In a container the user may have no name. */
const userName = (): string => {
  try {
    return userInfo().username;
  } catch {
    return `uid${process.getuid?.() ?? ''}`;
  }
};

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

/** Aborted by the first SIGINT or SIGTERM, so that a run can leave in order; the second ends the process at once. */
const interruption = (process: NodeJS.Process): AbortSignal => {
  const interrupted = new AbortController();
  for (const [signal, exitCode] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.on(signal, () => {
      if (interrupted.signal.aborted) process.exit(exitCode);
      interrupted.abort(signal);
    });
  }
  return interrupted.signal;
};

const seat = (process: NodeJS.Process): Seat => ({
  input: process.stdin,
  raise: (signal) => {
    // On Windows a signal that is sent ends the process at once.
    if (process.platform !== 'win32') process.kill(0, signal);
    else if (!process.emit(signal, signal)) process.exit(130);
  },
  onContinue: (call) => {
    process.on('SIGCONT', call);
    return () => process.off('SIGCONT', call);
  },
  isForeground: () => isForeground(process),
});

/** Whether the group of this process is that of its terminal. Where that is not known, it is taken not to be. */
const isForeground = (process: NodeJS.Process): boolean => {
  if (process.platform === 'win32') return true;
  try {
    const [group, foreground] = groupsOf(process);
    return group !== undefined && group === foreground;
  } catch {
    return false;
  }
};

/** The group of this process, and the one in the foreground of its terminal. */
const groupsOf = (process: NodeJS.Process): readonly (string | undefined)[] => {
  if (process.platform === 'linux') {
    // Behind the name of the program: state, parent, group, session, terminal, group in the foreground (proc(5)).
    const [, , group, , , foreground] = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return [group, foreground];
  }
  // Loaded only where it is needed: the program is to start quickly.
  const { execFileSync } = process.getBuiltinModule('node:child_process');
  const text = execFileSync('ps', ['-o', 'pgid=,tpgid=', '-p', String(process.pid)], { encoding: 'utf8' });
  return text.trim().split(/\s+/);
};

const inputLines = async function* (process: NodeJS.Process, signal: AbortSignal): AsyncGenerator<string> {
  const { createInterface } = await import('node:readline');
  yield* createInterface({ input: process.stdin, signal });
};

/** A file may be a device that never ends: nothing is read beyond what is more than enough. */
const readBytes = async (file: string, most: number, process: NodeJS.Process): Promise<Uint8Array> => {
  try {
    const pieces: Uint8Array[] = [];
    let length = 0;
    for await (const piece of file === '-' ? process.stdin : createReadStream(file)) {
      const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
      pieces.push(bytes);
      length += bytes.length;
      if (length > most) break;
    }
    return Buffer.concat(pieces);
  } catch (error) {
    throw new CommandError(2, `${file} cannot be read: ${fileTrouble(error)}`);
  }
};

const specFilesIn: Session['specFilesIn'] = async (path) => {
  try {
    // What cannot be looked at is told when it is read.
    const found = await promises.stat(path).catch(() => undefined);
    if (found?.isDirectory() !== true) return undefined;
    const entries = await promises.readdir(path, { withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory() && /^[^.].*\.ya?ml$/.test(entry.name))
      .map(({ name }) => join(path, name))
      .toSorted();
  } catch (error) {
    throw new CommandError(2, `${path} cannot be read: ${fileTrouble(error)}`);
  }
};

const writeText: Session['writeText'] = async (file, content, { isNew } = { isNew: false }) => {
  try {
    await promises.writeFile(file, content, { flag: isNew ? 'wx' : 'w' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw new CommandError(2, `${file} is there already; give another file, or --force to write over it`);
    throw new CommandError(2, `${file} cannot be written: ${fileTrouble(error)}`);
  }
};

/** Why a file cannot be read or written, in words. */
const fileTrouble = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return ('code' in error ? FILE_TROUBLES[String(error.code)] : undefined) ?? error.message;
};

const FILE_TROUBLES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'part of its path is no folder',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not',
  ENOSPC: 'there is no room left on the disk',
  EROFS: 'nothing can be written there',
};

/** GitHub Actions names a file for it. That it cannot be written is no reason for an upgrade to end otherwise than it did. */
const summaryFile = ({ env, stderr }: NodeJS.Process): Session['summarize'] => {
  const file = env['GITHUB_STEP_SUMMARY'];
  if (file === undefined || file === '') return undefined;
  return (markdown) => {
    try {
      appendFileSync(file, markdown);
    } catch (error) {
      stderr.write(
        printable(`warning: the summary was not written: ${error instanceof Error ? error.message : String(error)}\n`),
      );
    }
  };
};

/** Loads the adapter only for commands that need a cluster. */
const connectTo = async (options: Options, process: NodeJS.Process): Promise<Connected> => {
  const { kubeconfig, context, timeout, qps, isForMany, verbose } = options;
  if (isForMany === true) keepMemorySmall();
  const { connect } = await import('./cluster/kubernetes/connect.ts');
  const connection = connect({
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
    ...(timeout === undefined ? {} : { unreachableAfterMs: Math.min(timeout, UNREACHABLE_MS) }),
    ...(qps === undefined ? {} : { qps }),
    env: process.env,
    note: (message) => {
      if (verbose > 0) process.stderr.write(`${printable(message)}\n`);
    },
  });
  return {
    cluster: connection.cluster,
    lane: () => connection.lane(),
    namespace: options.namespace ?? connection.namespace,
    serverVersion: () => connection.serverVersion(),
    namespaces: () => connection.namespaces(),
    close: () => connection.close(),
  };
};

/**
 * V8 collects garbage when it has grown to several times what lasts, and lets the memory for what is needed for a moment only
 * grow to 128 MB. That spares time where much is worked out; a driver waits for most of the time. So what is for a moment stays
 * as large as it is, and what lasts grows by no more than a half of it before it is looked through.
 */
const keepMemorySmall = (): void => {
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=50');
};

/** Loads the virtual cluster only for the command that serves it. */
const sandboxOf: Session['openSandbox'] = async (options) => {
  const [{ openSandbox }, { randomBytes }] = await Promise.all([import('./sandbox/sandbox.ts'), import('node:crypto')]);
  const token = randomBytes(32).toString('base64url');
  try {
    return await openSandbox({ ...options, token, clock: systemClock });
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error && error.syscall === 'listen')) throw error;
    throw new CommandError(3, `port ${options.port} cannot be had: ${error.message}`);
  }
};

/** An API server that does not answer for this long is lost. */
const UNREACHABLE_MS = 5 * 60_000;
