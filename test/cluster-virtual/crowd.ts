import { virtualClusterPort, type PortOptions } from '../../src/cluster/virtual/adapter.ts';
import type { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import type { Cluster } from '../../src/cluster/port.ts';
import { isoTime } from '../../src/drive/clock.ts';
import { drive, type DriveDeps, type TakenOn } from '../../src/drive/drive.ts';
import { readRecord, type Stored } from '../../src/drive/records.ts';
import { prepareStart, takeUpgradeLock } from '../../src/drive/start.ts';
import { readyNow, steer } from '../../src/drive/steer.ts';
import type { Command, Verdict } from '../../src/upgrade/command.ts';
import type { UpgradeSpec } from '../../src/upgrade/spec.ts';
import { Process } from '../model/process.ts';
import { NAMESPACE } from './given.ts';

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
    for (const process of this.drivers) process.kill();
  }

  async start(): Promise<void> {
    const { process, deps } = this.#begin();
    const start = await prepareStart(deps, this.#spec, '', {});
    if (start.kind === 'ready') this.#drive(process, deps, start);
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
    if (stored?.record.phase === 'active') this.#drive(process, deps, { stored, lock, resumed: true });
    else await lock.release();
  }

  #read(cluster: Cluster): Promise<Stored | undefined> {
    return readRecord(cluster, NAMESPACE, this.#spec.name);
  }

  #drive(process: Process, deps: Deps, taken: TakenOn): void {
    process.isDriving = true;
    drive(deps, taken, { onHold: 'exit', pollIntervalMs: 15_000, failFast: false }).then(
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
    const port = virtualClusterPort(this.#cluster, this.#connection);
    const process = new Process(holder, port, this.#cluster.clock);
    this.processes.push(process);
    const { signal } = new AbortController();
    const deps: Deps = {
      cluster: process.cluster,
      clock: process.clock,
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
