import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { accessSync, constants, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { binaryFolder, type ProgramName } from './binaries.ts';
import { fromJson } from './json.ts';
import { auditLogPath, type ExtraFlags } from './programs.ts';
import { RestClient } from './rest.ts';
import type { Assignment, Report, Request } from './supervision.ts';
import { kubeconfigPaths, limitedUser, type PlaneUser, type RbacSubject } from './users.ts';

/** All that a process needs to know to use a plane; plain data, so that it can be handed to another process. */
export interface PlaneDescription {
  /** The folder of the plane's files; for a cluster that was there before, one for the few files the tests add. */
  readonly dir: string;
  readonly server: string;
  readonly kubeconfigs: Readonly<Record<PlaneUser, string>>;
  readonly auditLog: string | undefined;
  /** The kubectl binary. */
  readonly kubectl: string;
  /** Who the user `limited` is in a RoleBinding. */
  readonly limited: RbacSubject;
}

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A control plane to use, whoever started it. */
export class Plane {
  readonly description: PlaneDescription;

  constructor(description: PlaneDescription) {
    this.description = description;
  }

  get dir(): string {
    return this.description.dir;
  }

  get server(): string {
    return this.description.server;
  }

  get limited(): RbacSubject {
    return this.description.limited;
  }

  /** The path of the audit log. Throws where the cluster was given from outside and its log was not. */
  get auditLog(): string {
    const { auditLog } = this.description;
    if (auditLog !== undefined) return auditLog;
    throw new Error(
      'This test reads the audit log of the API server: name it in DUPGRADE_TEST_AUDIT_LOG, ' +
        'or unset DUPGRADE_TEST_KUBECONFIG to have a cluster with such a log started.',
    );
  }

  /** The path of a user's kubeconfig. */
  kubeconfig(user: PlaneUser): string {
    return this.description.kubeconfigs[user];
  }

  /** A client of the tests' own; `admin` unless told. */
  client(user: PlaneUser = 'admin'): RestClient {
    return RestClient.of(this.kubeconfig(user));
  }

  /** Runs kubectl as `user` (admin) and resolves with what it printed; rejects when it fails. */
  async kubectl(args: readonly string[], { input = '', user = 'admin' }: KubectlOptions = {}): Promise<string> {
    const access = [`--kubeconfig=${this.kubeconfig(user)}`, `--cache-dir=${join(this.dir, 'kubectl-cache')}`];
    const { code, stdout, stderr } = await run(this.description.kubectl, [...access, ...args], input);
    if (code === 0) return stdout;
    throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${stderr.trim()}`);
  }
}

export interface KubectlOptions {
  /** What it reads from stdin, e.g. for `apply -f -`. */
  readonly input?: string;
  readonly user?: PlaneUser;
}

/** A plane that this process started, and has to stop. */
export class OwnPlane extends Plane {
  readonly #supervisor: SupervisorHandle;

  constructor(description: PlaneDescription, supervisor: SupervisorHandle) {
    super(description);
    this.#supervisor = supervisor;
  }

  /** Ends all of its processes and removes all of its files. Also happens by itself when this process ends. */
  stop(): Promise<void> {
    return this.#supervisor.end();
  }

  /** Ends one of its programs with a signal; resolves when that has ended. All else goes on, as well as it can. */
  stopProgram(program: ProgramName, signal: NodeJS.Signals): Promise<void> {
    return this.#supervisor.ask({ type: 'stop', program, signal });
  }

  /** Starts a program that was stopped, on the same port and files; resolves when it answers. */
  startProgram(program: ProgramName): Promise<void> {
    return this.#supervisor.ask({ type: 'start', program });
  }

  /** Has the plane outlive this process; resolves with the socket at which somebody else can have it ended. */
  keep(): Promise<string> {
    return this.#supervisor.keep();
  }
}

export interface PlaneOptions {
  /** The folder in which the plane makes its own; one in memory unless told. */
  readonly base?: string;
  readonly extraFlags?: ExtraFlags;
}

/**
 * Starts etcd, kube-apiserver, kube-controller-manager, kube-scheduler and a fake kubelet on loopback, on ports and in a
 * folder of their own; resolves when the API answers and the controllers work. It has no nodes yet.
 */
export const startPlane = async ({ base = defaultBase(), extraFlags = {} }: PlaneOptions = {}): Promise<OwnPlane> => {
  const binaries = await binaryFolder();
  const supervisor = new SupervisorHandle({ binaries, base, extraFlags });
  const { dir, server } = await supervisor.started;
  return new OwnPlane(
    {
      dir,
      server,
      kubeconfigs: kubeconfigPaths(dir),
      auditLog: auditLogPath(dir),
      kubectl: join(binaries, 'kubectl'),
      limited: limitedUser,
    },
    supervisor,
  );
};

/** What etcd may need at most; containers often have a /dev/shm of 64 MB. */
const neededBytes = 2 * 1024 ** 3;

/** Memory where there is some to have, as etcd's speed is that of its disk. */
const defaultBase = (): string => {
  const memory = '/dev/shm';
  try {
    accessSync(memory, constants.W_OK);
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize >= neededBytes ? memory : tmpdir();
  } catch {
    return tmpdir();
  }
};

type SupervisorProcess = ChildProcessByStdio<Writable, Readable, Readable>;

/** The parent's end of a supervisor process. */
class SupervisorHandle {
  /** Resolves when the plane is up. */
  readonly started: Promise<Extract<Report, { type: 'started' }>>;
  readonly #process: SupervisorProcess;
  readonly #exited: Promise<void>;
  readonly #kept = Promise.withResolvers<string>();
  /** Those who have asked to stop or start a program, and wait. */
  readonly #asking: PromiseWithResolvers<void>[] = [];

  constructor(assignment: Assignment) {
    const file = join(import.meta.dirname, 'supervisor.ts');
    // In a process group of its own, so that Ctrl-C in a terminal reaches the tests only: they end the plane.
    this.#process = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', file, JSON.stringify(assignment)],
      {
        detached: true,
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    );
    const started = Promise.withResolvers<Extract<Report, { type: 'started' }>>();
    this.started = started.promise;
    this.#kept.promise.catch(() => {});
    this.#exited = new Promise((done) => this.#process.once('close', () => done()));
    this.#process.once('error', started.reject);
    this.#process.stdin.on('error', () => {});
    this.#process.stderr.on('data', (text: Buffer) => process.stderr.write(text));
    createInterface({ input: this.#process.stdout }).on('line', (line) => {
      const report = fromJson<Report>(line);
      if (report.type === 'started') started.resolve(report);
      else if (report.type === 'kept') this.#kept.resolve(report.socket);
      else if (report.type === 'done') this.#asking.shift()?.resolve();
      else if (report.type === 'failed') this.#fail(started, new Error(report.message));
      else process.stderr.write(`${report.message}\n`);
    });
    void this.#exited.then(() => {
      this.#fail(started, new Error('the supervisor of the test cluster ended'));
    });
    // A plane that somebody forgot to stop must not keep this process from ending; its end ends the plane.
    void started.promise.then(
      () => this.#unref(),
      () => {},
    );
  }

  async end(): Promise<void> {
    this.#process.ref();
    this.#process.stdin.end();
    await this.#exited;
  }

  async keep(): Promise<string> {
    this.#write({ type: 'keep' });
    this.#process.ref();
    try {
      return await this.#kept.promise;
    } finally {
      this.#process.unref();
    }
  }

  async ask(request: Exclude<Request, { type: 'keep' }>): Promise<void> {
    const asking = Promise.withResolvers<void>();
    this.#asking.push(asking);
    this.#write(request);
    await asking.promise;
  }

  #write(request: Request): void {
    this.#process.stdin.write(`${JSON.stringify(request)}\n`);
  }

  #fail(started: { readonly reject: (error: Error) => void }, error: Error): void {
    for (const waiting of [started, this.#kept, ...this.#asking.splice(0)]) waiting.reject(error);
  }

  #unref(): void {
    this.#process.unref();
    for (const stream of [this.#process.stdin, this.#process.stdout, this.#process.stderr]) {
      if ('unref' in stream && typeof stream.unref === 'function') stream.unref();
    }
  }
}

const run = async (file: string, args: readonly string[], input: string): Promise<CommandResult> => {
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // A command that does not read its input is no fault.
  child.stdin.on('error', () => {}).end(input);
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', fail).once('close', done);
  });
  return { code, stdout, stderr };
};
