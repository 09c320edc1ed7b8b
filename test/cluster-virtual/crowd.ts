import { virtualClusterPort, type PortOptions } from '../../src/cluster/virtual/adapter.ts';
import type { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import type { Cluster, ObjectRef } from '../../src/cluster/port.ts';
import { isoTime } from '../../src/drive/clock.ts';
import { drive, type DriveDeps } from '../../src/drive/drive.ts';
import { readRecord, type Stored } from '../../src/drive/records.ts';
import { prepareStart, takeUpgradeLock } from '../../src/drive/start.ts';
import { readyNow, steer } from '../../src/drive/steer.ts';
import type { Command, Verdict } from '../../src/upgrade/command.ts';
import type { Outcome } from '../../src/upgrade/outcome.ts';
import type { UpgradeSpec } from '../../src/upgrade/spec.ts';
import { NAMESPACE } from './given.ts';

/** A scale that a process has sent and has had no answer to. */
export type Sent = { readonly ref: ObjectRef; readonly replicas: number; readonly version: string };

/** One process on some machine: it may be killed, and then nothing of it is heard any more. */
export type Process = {
  readonly holder: string;
  readonly sent: Set<Sent>;
  isAlive: boolean;
  isDriving: boolean;
  outcome: Outcome | undefined;
  endedMs: number;
};

const never = <T>(): Promise<T> => new Promise(() => undefined);

/** People at machines of their own who work on one upgrade, each through the functions that the commands use. */
export class Crowd {
  readonly processes: Process[] = [];
  /** What no ending of a command foresees. */
  readonly faults: unknown[] = [];
  readonly #cluster: VirtualCluster;
  readonly #spec: UpgradeSpec;
  readonly #connection: PortOptions;

  constructor(cluster: VirtualCluster, spec: UpgradeSpec, connection: PortOptions = {}) {
    this.#cluster = cluster;
    this.#spec = spec;
    this.#connection = connection;
  }

  get drivers(): readonly Process[] {
    return this.processes.filter(({ isAlive, isDriving }) => isAlive && isDriving);
  }

  kill(): void {
    for (const process of this.drivers) process.isAlive = false;
  }

  async start(): Promise<void> {
    const { process, deps } = this.#begin();
    const start = await prepareStart(deps, this.#spec, '', {});
    if (start.kind === 'ready') this.#drive(process, deps, start.stored, start.lock, start.resumed);
  }

  /** Gives a command; `resume` and `rollback` drive where no driver is alive. Undefined where there is no record. */
  async command(command: Command): Promise<Verdict | undefined> {
    const { process, deps } = this.#begin();
    const found = await this.#read(deps.cluster);
    if (found === undefined) return undefined;
    const author = { by: process.holder, at: isoTime(deps.clock) };
    const steered = await steer(deps.cluster, found, command, author);
    if (steered === undefined || steered.verdict.kind === 'refused') return steered?.verdict;
    const drives = command.verb === 'resume' || command.verb === 'rollback';
    if (drives && steered.stored.record.phase === 'active') await this.#takeOn(process, deps);
    return steered.verdict;
  }

  /** `set-target --ready`. */
  async acceptReady(): Promise<void> {
    const targets = await readyNow(this.#begin().deps.cluster, this.#spec);
    if (targets !== undefined) await this.command({ verb: 'set-target', targets, way: {} });
  }

  async #takeOn(process: Process, deps: Deps): Promise<void> {
    const lock = await takeUpgradeLock(deps, this.#spec, {});
    if ('holder' in lock) return;
    const stored = await this.#read(deps.cluster);
    if (stored?.record.phase === 'active') this.#drive(process, deps, stored, lock, true);
    else await lock.release();
  }

  #read(cluster: Cluster): Promise<Stored | undefined> {
    return readRecord(cluster, NAMESPACE, this.#spec.name);
  }

  #drive(process: Process, deps: Deps, stored: Stored, lock: Parameters<typeof drive>[2], resumed: boolean): void {
    process.isDriving = true;
    drive(deps, stored, lock, { resumed, onHold: 'exit', pollIntervalMs: 15_000, failFast: false }).then(
      (outcome) => {
        process.outcome = outcome;
        process.endedMs = this.#cluster.clock.monotonic();
        process.isDriving = false;
      },
      (error: unknown) => this.faults.push(error),
    );
  }

  #begin(): { readonly process: Process; readonly deps: Deps } {
    const holder = `somebody@machine-${this.processes.length} 1`;
    const process: Process = {
      holder,
      sent: new Set(),
      isAlive: true,
      isDriving: false,
      outcome: undefined,
      endedMs: Number.POSITIVE_INFINITY,
    };
    this.processes.push(process);
    const { clock } = this.#cluster;
    const { signal } = new AbortController();
    const deps: Deps = {
      cluster: mortal(virtualClusterPort(this.#cluster, this.#connection), process),
      clock: {
        now: clock.now,
        monotonic: clock.monotonic,
        after: (ms, call) =>
          clock.after(ms, () => {
            if (process.isAlive) call();
          }),
      },
      holder,
      signal,
      interruption: () => signal,
      emit: () => undefined,
      waiting: () => undefined,
    };
    return { process, deps };
  }
}

type Deps = DriveDeps & { readonly interruption: () => AbortSignal; readonly waiting: () => void };

/** The port of a process that may be killed: what it has sent still arrives, no answer reaches it, and it sends no more. */
const mortal = (port: Cluster, process: Process): Cluster => {
  const ask = async <T>(work: () => Promise<T>): Promise<T> => {
    if (!process.isAlive) return never();
    try {
      const answer = await work();
      return process.isAlive ? answer : await never();
    } catch (error) {
      if (process.isAlive) throw error;
      return never();
    }
  };
  return {
    get: (kind, ref) => ask(() => port.get(kind, ref)),
    list: (kind, selection) => ask(() => port.list(kind, selection)),
    create: (kind, object) => ask(() => port.create(kind, object)),
    replace: (kind, object) => ask(() => port.replace(kind, object)),
    allowed: (access) => ask(() => port.allowed(access)),
    log: (pod, request) => ask(() => port.log(pod, request)),
    scale: (ref, replicas, version, mayWrite) =>
      ask(async () => {
        const sent = { ref, replicas, version };
        process.sent.add(sent);
        try {
          return await port.scale(ref, replicas, version, () => process.isAlive && (mayWrite?.() ?? true));
        } finally {
          process.sent.delete(sent);
        }
      }),
    follow: (kind, selection, changed) =>
      port.follow(kind, selection, (changes) => {
        if (process.isAlive) changed(changes);
      }),
  };
};
