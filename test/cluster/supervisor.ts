// The process that owns a plane: it makes the folder, starts the programs, and takes all of it away again.
//
// It is a process of its own so that nothing outlives a test run, however that ends: its parent holds its standard input,
// and when that closes, because the parent closed it or was killed, the plane goes.
//
// How the two talk is in supervision.ts.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { isExecutable, type ProgramName } from './binaries.ts';
import { until } from './follow.ts';
import { fromJson } from './json.ts';
import { freePorts } from './ports.ts';
import * as programs from './programs.ts';
import { RestClient } from './rest.ts';
import { endRequest, type Assignment, type Report, type Request } from './supervision.ts';
import { kubeconfigPath, newTokens, tokenFile, writeKubeconfigs, writeServiceAccountKeys } from './users.ts';

/** Another process has bound a port between our choosing it and the program's binding it. */
class PortTaken extends Error {}

interface Running {
  readonly name: ProgramName;
  readonly child: ChildProcess;
  readonly log: string;
  readonly exited: Promise<unknown>;
}

const startTimeoutMs = 90_000;
const attempts = 5;

/** How often the fake kubelet is started again that has ended by itself. */
const mostRevivals = 5;

const report = (message: Report): void => {
  process.stdout.write(`${JSON.stringify(message)}\n`);
};

class Supervisor {
  readonly #assignment: Assignment;
  readonly #running = new Set<Running>();
  /** Resolves when the program works. */
  readonly #starts = new Map<ProgramName, () => Promise<void>>();
  #dir: string | undefined;
  #revivals = 0;
  #isUp = false;
  #isEnding = false;

  constructor(assignment: Assignment) {
    this.#assignment = assignment;
  }

  async start(): Promise<void> {
    for (let attempt = 1; !this.#isEnding; attempt++) {
      try {
        await this.#attempt();
        return;
      } catch (error) {
        if (this.#isEnding) return;
        await this.#clear();
        if (!(error instanceof PortTaken) || attempt === attempts) throw error;
      }
    }
  }

  /** Ends every program and removes the folder. Nothing in there is worth a gentle end. */
  async end(): Promise<void> {
    this.#isEnding = true;
    await this.#clear();
  }

  /** Listens at a socket for somebody to have the plane ended; a connection alone only shows that it is there. */
  async keep(onEndRequest: () => void): Promise<string> {
    if (this.#dir === undefined) throw new Error('only a plane that is up can be kept');
    const socket = join(this.#dir, 'supervisor.sock');
    const server = createServer((connection) => {
      connection.on('error', () => {});
      createInterface({ input: connection }).on('line', (line) => {
        if (line === endRequest) onEndRequest();
      });
    });
    await once(server.listen(socket), 'listening');
    return socket;
  }

  /** Ends one program of a plane that is up; resolves when it has ended. */
  async stop(program: ProgramName, signal: NodeJS.Signals): Promise<void> {
    const running = [...this.#running].find(({ name }) => name === program);
    if (running === undefined) throw new Error(`${program} does not run`);
    // First, so that nobody takes its end for a fault.
    this.#running.delete(running);
    running.child.kill(signal);
    await running.exited;
  }

  /** Starts a program that was stopped, as it was. */
  async startAgain(program: ProgramName): Promise<void> {
    await this.#starts.get(program)?.();
  }

  async #clear(): Promise<void> {
    const running = [...this.#running];
    this.#running.clear();
    for (const { child } of running) child.kill('SIGKILL');
    await Promise.all(running.map(({ exited }) => exited));
    if (this.#dir !== undefined) await rm(this.#dir, { recursive: true, force: true });
    this.#dir = undefined;
  }

  async #attempt(): Promise<void> {
    const [etcd = 0, etcdPeer = 0, apiserver = 0] = await freePorts(3);
    const dir = mkdtempSync(join(this.#assignment.base, 'dupgrade-plane-'));
    this.#dir = dir;
    const layout = { dir, ports: { etcd, etcdPeer, apiserver }, extra: this.#assignment.extraFlags };
    const server = programs.serverUrl(layout);
    const tokens = newTokens();
    writeServiceAccountKeys(dir);
    programs.writeServingCertificate(layout);
    writeFileSync(join(dir, 'tokens.csv'), tokenFile(tokens), { mode: 0o600 });
    writeFileSync(programs.schedulerConfigPath(dir), programs.schedulerConfig(layout));

    await this.#start(dir, programs.etcd(layout), () => ownEtcd(layout));
    await this.#start(dir, programs.apiserver(layout), async () => {
      writeKubeconfigs(dir, { server, ca: readFileSync(programs.servingCertificate(layout)) }, tokens);
      await asAdmin(dir, (admin) => admin.text('/readyz'));
    });
    await Promise.all([
      this.#start(dir, programs.controllerManager(layout), () => asAdmin(dir, defaultAccount)),
      this.#start(dir, programs.scheduler(layout)),
      this.#start(dir, programs.kubelet(layout)),
    ]);
    this.#isUp = true;
    report({ type: 'started', dir, server });
  }

  /** The first start of a program, to be repeated at will. */
  #start(dir: string, program: programs.Program, probe?: () => Promise<unknown>): Promise<void> {
    const start = (): Promise<void> => this.#run(dir, program, probe);
    this.#starts.set(program.name, start);
    return start();
  }

  /** Starts a program and waits until `probe` resolves; rejects when the program ends before. */
  async #run(
    dir: string,
    { name, args }: programs.Program,
    probe = (): Promise<unknown> => Promise.resolve(),
  ): Promise<void> {
    if (this.#isEnding) throw new Error('the plane is ending');
    const log = join(dir, `${name}.log`);
    const output = openSync(log, 'a');
    const child = spawnBound(join(this.#assignment.binaries, name), args, dir, output);
    closeSync(output);
    const exited = new Promise<string>((done) => {
      child.once('error', (error) => done(error.message));
      child.once('exit', (code, signal) => done(`it ended with ${signal ?? `code ${code}`}`));
    });
    const running: Running = { name, child, log, exited };
    this.#running.add(running);
    void exited.then((how) => this.#onExit(running, how));

    const end = new AbortController();
    const early = exited.then((how) => {
      const tail = endOf(log);
      const message = `${name} did not come up: ${how}. Its last lines:\n${tail}`;
      throw tail.includes('address already in use') ? new PortTaken(message) : new Error(message);
    });
    try {
      await Promise.race([persist(name, probe, end.signal), early]);
    } finally {
      end.abort();
      early.catch(() => {});
    }
  }

  #onExit(running: Running, how: string): void {
    if (!this.#running.has(running)) return;
    const broken = (): void =>
      report({
        type: 'broken',
        message: `${running.name} of the test cluster: ${how}. Last lines:\n${endOf(running.log)}`,
      });
    // Some of its threads write the same map as they begin (kwok 0.8, easycel 0.6: "concurrent map writes"), and a new one looks
    // at all nodes and pods.
    if (running.name === 'kwok' && this.#revivals < mostRevivals) {
      this.#running.delete(running);
      this.#revivals += 1;
      this.startAgain('kwok').catch(broken);
    } else if (this.#isUp) {
      this.#running.delete(running);
      broken();
    }
  }
}

/**
 * Has the kernel end the program when the supervisor itself is killed, where the system has the means (util-linux).
 * Without it only SIGKILL to the supervisor would leave something behind.
 */
const setpriv = '/usr/bin/setpriv';

const spawnBound = (file: string, args: readonly string[], dir: string, output: number): ChildProcess => {
  const bound = isExecutable(setpriv) ? [setpriv, '--pdeathsig', 'KILL', '--', file] : [file];
  const [command = file, ...before] = bound;
  return spawn(command, [...before, ...args], {
    cwd: dir,
    // Neither proxies nor a kubeconfig of the person who runs the tests may matter. A tenth of the API server's time went into
    // collecting garbage of which there is little; of memory there is more.
    env: { PATH: process.env['PATH'], HOME: dir, TMPDIR: dir, GOGC: '1000', GOMEMLIMIT: '1GiB' },
    stdio: ['ignore', output, output],
  });
};

const persist = async (name: string, probe: () => Promise<unknown>, signal: AbortSignal): Promise<void> => {
  const deadline = Date.now() + startTimeoutMs;
  let last: unknown;
  while (!signal.aborted) {
    try {
      await probe();
      return;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`${name} was not up after ${startTimeoutMs / 1000} s`, { cause: last });
    await pause(50);
  }
};

/** Rejects unless the etcd at this plane's port is up and this plane's own, not another's that was quicker to bind. */
const ownEtcd = async (layout: programs.Layout): Promise<void> => {
  const response = await fetch(`${programs.etcdUrl(layout)}/v3/cluster/member/list`, { method: 'POST', body: '{}' });
  const { members } = fromJson<{ members?: readonly { name?: string }[] }>(await response.text());
  if (members?.[0]?.name !== programs.etcdName(layout)) throw new Error('this is not the etcd that was started');
};

const asAdmin = async (dir: string, use: (admin: RestClient) => Promise<unknown>): Promise<void> => {
  const admin = RestClient.of(kubeconfigPath(dir, 'admin'));
  try {
    await use(admin);
  } finally {
    admin.close();
  }
};

/** The controllers work once the default namespace has its account. */
const defaultAccount = (admin: RestClient): Promise<unknown> =>
  until(admin, '/api/v1/namespaces/default/serviceaccounts', {}, (accounts) => accounts.length > 0);

const endOf = (log: string): string => {
  try {
    const lines = readFileSync(log, 'utf8').trim().split('\n').slice(-15);
    return lines.map((line) => line.slice(0, 400)).join('\n');
  } catch {
    return '(no log)';
  }
};

const supervise = (assignment: Assignment): void => {
  const supervisor = new Supervisor(assignment);
  let isKept = false;
  const end = async (code = 0): Promise<void> => {
    await supervisor.end();
    process.exit(code);
  };
  const fail = async (error: unknown): Promise<void> => {
    report({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
    await end(1);
  };
  const keep = async (): Promise<void> => {
    const socket = await supervisor.keep(() => void end());
    isKept = true;
    report({ type: 'kept', socket });
  };

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void end());
  process.on('uncaughtException', (error) => void fail(error));
  // The parent may be gone when there is something to say.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});

  const answer = async (request: Request): Promise<void> => {
    if (request.type === 'keep') return keep();
    if (request.type === 'stop') await supervisor.stop(request.program, request.signal);
    else await supervisor.startAgain(request.program);
    report({ type: 'done' });
  };

  // One after the other, in the order in which they were asked.
  let answered = Promise.resolve();
  const requests = createInterface({ input: process.stdin });
  requests.on('line', (line) => {
    answered = answered.then(() => answer(fromJson<Request>(line))).catch(fail);
  });
  requests.on('close', () => {
    if (!isKept) void end();
  });
  supervisor.start().catch(fail);
};

supervise(fromJson<Assignment>(process.argv[2] ?? ''));
