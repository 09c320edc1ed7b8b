import type { Cluster } from '../../src/cluster/port.ts';
import type { Clock } from '../../src/drive/clock.ts';
import type { UpgradeRecord } from '../../src/upgrade/record.ts';
import type { PerSide } from '../../src/upgrade/side.ts';
import type { Process, Standstill } from './process.ts';
import { type Said, saidBy, unfitting } from './ending.ts';
import { Program } from './program.ts';
import {
  type Answer,
  type Asked,
  canonical,
  standingOf,
  type Standing,
  UpgradeModel,
  type Wanted,
} from './upgrade-model.ts';

export const UPGRADE = 'server-v2';

export type Changing = 'pods' | 'deployments' | 'configmaps' | 'leases';

/** A cluster with two Deployments, and its time. */
export type World = {
  readonly namespace: string;
  readonly clock: Clock;
  readonly connect: () => { readonly cluster: Cluster; readonly close: () => void | Promise<void> };
  readonly counts: () => PerSide<number> | Promise<PerSide<number>>;
  readonly record: () => Promise<UpgradeRecord | undefined>;
  /** Lets time pass until a promise is settled. */
  readonly until: <T>(promise: Promise<T>) => Promise<T>;
  readonly pass: (ms: number) => Promise<void>;
  /** Lets time pass until an object of a kind changes, for a minute at most: at such moments things meet. */
  readonly untilChange?: (kind: Changing) => Promise<void>;
  /** Lets time pass until every driver that is not kept from it must have ended. */
  readonly quiet: (exits: readonly Promise<unknown>[]) => Promise<void>;
  /** Whether more pods may be made. */
  readonly setQuota: (isOpen: boolean) => void;
  /** Every process from its beginning on. */
  readonly began?: (process: Process) => void;
};

type Start = ReturnType<UpgradeModel['started']>['answer'] | 'locked';

/** People at machines of their own who work on one upgrade, and the model that foretells what they are answered. */
export class Play {
  readonly programs: Program[] = [];
  /** The record from time to time, as far as exit codes have to fit it. */
  readonly said: Said[] = [];
  model: UpgradeModel;
  wasShut = false;
  readonly #world: World;
  readonly #spec: string;
  /** When a process stood still for the first time. */
  readonly #frozenSince = new Map<Process, number>();
  /** Whether a driver was alive when the record was last looked at: then it may have arrived since. */
  #couldMove = false;

  constructor(world: World, wanted: Wanted, spec: string) {
    this.#world = world;
    this.#spec = spec;
    this.model = new UpgradeModel(wanted);
  }

  get drivers(): readonly Program[] {
    return this.programs.filter(({ isDriving }) => isDriving);
  }

  get #awake(): readonly Program[] {
    return this.drivers.filter(({ process }) => !process.isFrozen);
  }

  saw(record: UpgradeRecord): void {
    this.said.push(saidBy(record, this.#world.clock.monotonic()));
  }

  async start(): Promise<void> {
    const awake = this.#awake;
    const before = await this.#world.counts();
    const program = await this.#run('start', '-');
    const now = await this.#look();
    const said = startOf(program);
    const counts = this.#couldMove && now !== undefined ? [before, now.before, await this.#world.counts()] : [before];
    this.#accept(program, now, said, (model) =>
      counts.flatMap((each) => {
        const { answer, next } = model.started(each);
        const isFree = awake.length === 0 || awake.some(({ code }) => code !== undefined);
        const outcomes: { answer: Start; next: UpgradeModel }[] = [];
        if (answer !== 'drives' || isFree) outcomes.push({ answer, next });
        if (answer === 'drives' && awake.length > 0) outcomes.push({ answer: 'locked', next: model });
        return outcomes;
      }),
    );
  }

  async tell(asked: Asked, ...options: readonly string[]): Promise<void> {
    const awake = this.#awake;
    const program = await this.#run(asked.verb, UPGRADE, ...options);
    const now = await this.#look();
    const said = answerOf(program);
    this.#accept(program, now, said, (model) => [model.told(asked)]);
    const drives = asked.verb === 'resume' || asked.verb === 'rollback';
    if (drives && awake.length === 0 && now?.phase === 'active' && said !== 'refused' && !program.drove)
      throw this.#fault(program, 'nobody drives, and it does not either');
  }

  /** `set-target --ready`: what is ready is only known to whoever looks. */
  async acceptReady(): Promise<void> {
    const program = await this.#run('set-target', UPGRADE, '--ready');
    const now = await this.#look();
    const said = answerOf(program);
    const after = program.lines.find(({ type }) => type === 'command')?.['after'] as Standing | undefined;
    const { targets = { main: 0, grey: 0 } } = after ?? {};
    this.#accept(program, now, said, (model) => [model.told({ verb: 'set-target', targets, way: {} })]);
  }

  async status(): Promise<void> {
    const { is } = this.model;
    const program = await this.#run('status', UPGRADE);
    const list = await this.#run('list');
    const now = await this.#look();
    this.#observe(now, program);
    if (list.code !== 0) throw this.#fault(list, 'list has failed');
    const isThere = now !== undefined;
    if (program.code !== (isThere ? 0 : 3)) throw this.#fault(program, 'status does not find what there is');
    const states = [is, this.model.is].flatMap((each) => (each === undefined ? [] : [...statesOf(each)]));
    const { state } = isThere ? (JSON.parse(program.out) as { state: string }) : { state: undefined };
    if (state !== undefined && !states.includes(state))
      throw this.#fault(program, `status is not among ${states.join()}`);
    const listed = JSON.parse(list.out) as { name: string; state: string }[];
    if (listed.length !== (isThere ? 1 : 0) || listed.some((each) => each.name !== UPGRADE))
      throw this.#fault(list, 'list does not list what there is');
    if (listed.some((each) => !states.includes(each.state)))
      throw this.#fault(list, `the state listed is not among ${states.join()}`);
  }

  async kill(): Promise<void> {
    for (const driver of this.drivers) await driver.kill();
  }

  interrupt(): void {
    for (const driver of this.drivers) driver.interrupt();
  }

  freeze(how: Standstill): void {
    for (const { process } of this.#awake) {
      if (!this.#frozenSince.has(process)) this.#frozenSince.set(process, this.#world.clock.monotonic());
      process.freeze(how);
    }
  }

  thaw(): void {
    for (const { process } of this.programs) process.thaw();
  }

  pass(ms: number): Promise<void> {
    return this.#world.pass(ms);
  }

  async untilChange(kind: Changing): Promise<void> {
    await this.#world.untilChange?.(kind);
  }

  setQuota(isOpen: boolean): void {
    this.wasShut ||= !isOpen;
    this.#world.setQuota(isOpen);
  }

  /** Whatever was done: everybody ends as it fits, and the upgrade can be brought to its end. */
  async end(): Promise<void> {
    this.thaw();
    this.setQuota(true);
    await this.#rest();
    if (this.model.is?.phase === 'active') {
      await this.tell({ verb: 'resume', keepTargets: false });
      await this.#rest();
      const last = this.programs.at(-1);
      if (this.model.state !== 'completed' || last?.code !== 0)
        throw this.#fault(last, 'a resume does not bring it to its end');
    }
    for (const program of this.programs) {
      const fault = this.#unfitting(program);
      if (fault !== undefined) throw this.#fault(program, fault);
    }
  }

  #unfitting(program: Program): string | undefined {
    const { code, drove, interrupted, lines, process, verb } = program;
    if (!drove || code === undefined) return undefined;
    const told = lines.find(({ type }) => type === 'ended')?.['exitCode'];
    if (told !== code) return `it tells the exit code ${String(told)}`;
    const frozenSinceMs = this.#frozenSince.get(process);
    const ended = { code, endedMs: process.endedMs, frozenSinceMs, isRollback: verb === 'rollback' };
    return unfitting(ended, this.said, [
      ...(this.wasShut ? [5] : []),
      ...(frozenSinceMs === undefined ? [] : [8]),
      ...(interrupted ? [130] : []),
    ]);
  }

  /** Until every driver has ended; then the counts fit what the record says. */
  async #rest(): Promise<void> {
    await this.#world.quiet(this.drivers.map(({ exit }) => exit));
    const [late] = this.drivers;
    if (late !== undefined) throw this.#fault(late, 'it does not end');
    this.#observe(await this.#look(), undefined);
    const { is } = this.model;
    const counts = await this.#world.counts();
    const wanted = is?.phase === 'completed' ? is.targets : is?.phase === 'rolled-back' ? is.before : counts;
    if (canonical(wanted) !== canonical(counts))
      throw this.#fault(undefined, `it has ended at ${canonical(counts)}, not at ${canonical(wanted)}`);
  }

  async #run(...args: readonly string[]): Promise<Program> {
    const { namespace, clock } = this.#world;
    const holder = `somebody@machine-${this.programs.length} pid 1`;
    const connection = this.#world.connect();
    const program = new Program(args, { holder, namespace, connection, clock, input: this.#spec });
    this.programs.push(program);
    this.#world.began?.(program.process);
    await this.#world.until(program.settled);
    return program;
  }

  async #look(): Promise<Standing | undefined> {
    const record = await this.#world.record();
    return record && standingOf(record);
  }

  /** The model goes on to what was said and is written, if that is among what it foretells. */
  #accept<A extends string>(
    program: Program,
    now: Standing | undefined,
    said: A | undefined,
    foretold: (model: UpgradeModel) => readonly { readonly answer: A; readonly next: UpgradeModel }[],
  ): void {
    const mayMove = this.#couldMove || program.drove;
    const before = this.#couldMove ? [this.model, this.model.arrived] : [this.model];
    const foreseen = before.flatMap(foretold);
    const found = foreseen
      .filter(({ answer }) => answer === said)
      .flatMap(({ next }) => (mayMove ? [next, next.arrived] : [next]))
      .find(({ is }) => canonical(is) === canonical(now));
    if (found === undefined) {
      const wanted = foreseen.map(({ answer, next }) => `${answer} and ${canonical(next.is)}`).join('\n  or ');
      throw this.#fault(program, `it says ${said} and is now ${canonical(now)}; the model says\n  ${wanted}`);
    }
    this.#settle(found);
  }

  /** What drivers have done by themselves. */
  #observe(now: Standing | undefined, program: Program | undefined): void {
    const models = this.#couldMove ? [this.model, this.model.arrived] : [this.model];
    const found = models.find(({ is }) => canonical(is) === canonical(now));
    if (found === undefined)
      throw this.#fault(program, `it is now ${canonical(now)}; the model says ${canonical(this.model.is)}`);
    this.#settle(found);
  }

  #settle(model: UpgradeModel): void {
    this.model = model;
    this.#couldMove = this.drivers.length > 0;
  }

  #fault(program: Program | undefined, what: string): Error {
    const told = this.programs.map(({ args, code, process, drove }) => {
      const state = process.isAlive ? (process.isFrozen ? 'stands still' : (code ?? 'runs')) : 'killed';
      return `  ${args.join(' ')}: ${state}${drove ? ', drove' : ''}`;
    });
    const said = program === undefined ? '' : `${program.args.join(' ')} (${program.code}): ${program.err}`;
    return new Error(`${said}${what}; ${this.model.state}\n${told.join('\n')}`);
  }
}

const answerOf = ({ code, lines }: Program): Answer | undefined => {
  if (code === 3) return 'refused';
  const line = lines.find(({ type }) => type === 'command');
  return line && (line['changed'] === true ? 'changed' : 'nothing to do');
};

const startOf = ({ code, drove }: Program): Start | undefined => {
  if (drove) return 'drives';
  return code === 0 ? 'nothing to do' : code === 3 ? 'refused' : code === 8 ? 'locked' : undefined;
};

const statesOf = ({ phase, paused }: Standing): readonly string[] => {
  if (phase !== 'active') return [phase];
  return paused ? ['paused'] : ['running', 'held', 'stuck', 'stopped'];
};
