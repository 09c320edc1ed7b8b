import type { Cluster } from '../../../src/cluster/port.ts';
import { isoTime } from '../../../src/drive/clock.ts';
import { drive, type TakenOn } from '../../../src/drive/drive.ts';
import { readRecord, type Stored } from '../../../src/drive/records.ts';
import type { RunOptions } from '../../../src/drive/run.ts';
import { prepareStart, takeUpgradeLock } from '../../../src/drive/start.ts';
import { readyNow, steer } from '../../../src/drive/steer.ts';
import type { Command } from '../../../src/upgrade/command.ts';
import type { Standing, UpgradeEvent } from '../../../src/upgrade/events.ts';
import { exitCodeOf, type Outcome, reasonOf } from '../../../src/upgrade/outcome.ts';
import { perSide } from '../../../src/upgrade/side.ts';
import type { UpgradeSpec } from '../../../src/upgrade/spec.ts';
import { type Ground, NAMES } from './ground.ts';
import type { Act, EndingReason, Scenario, When } from './scenario.ts';

/** How one run of the driver ended: its outcome without what is another in every run, as times and names of pods. */
export type Ending = { readonly reason: EndingReason } & Readonly<Record<string, unknown>>;

/** Longer than the sides of a scenario ever wait for one another, and shorter than a test. */
const DEADLINE_SECONDS = 60;

/** Plays a scenario from its start until no driver runs any more, and answers how each run of one ended. */
export const play = async (ground: Ground, scenario: Scenario): Promise<readonly Ending[]> => {
  const upgrade = new PlayedUpgrade(ground, scenario);
  await upgrade.does({ verb: 'start' });
  for (const [when, act] of scenario.acts ?? []) {
    await upgrade.until(when);
    await upgrade.does(act);
  }
  await upgrade.until('ended');
  return upgrade.endings;
};

export const specOf = (scenario: Scenario, namespace: string): UpgradeSpec => {
  const { main, grey, mode, pacing, step, limits = {} } = scenario;
  return {
    name: NAMES.grey,
    deployments: perSide((side) => ({ namespace, name: NAMES[side] })),
    targets: { main: main.to, grey: grey.to },
    way: { mode, pacing, step: typeof step === 'object' ? step : { main: step, grey: step } },
    limits,
    progressDeadlineMs: (scenario.progressDeadlineSeconds ?? DEADLINE_SECONDS) * 1000,
    podReplacementPolicy: 'TerminationComplete',
  };
};

/** An upgrade, and people who work on it, each in a process of their own, through the functions that the commands use. */
class PlayedUpgrade {
  readonly endings: Ending[] = [];
  readonly #ground: Ground;
  readonly #spec: UpgradeSpec;
  readonly #options: Pick<RunOptions, 'onHold' | 'failFast' | 'pollIntervalMs'>;
  #processes = 0;
  #isDriven = false;
  #isHeld = false;
  #writes = 0;
  #standing: Standing | undefined;
  /** What no ending of a run foresees. */
  #fault: unknown;
  #wake = (): void => undefined;

  constructor(ground: Ground, scenario: Scenario) {
    this.#ground = ground;
    this.#spec = specOf(scenario, ground.namespace);
    const { onHold = 'exit', failFast = false } = scenario;
    this.#options = { onHold, failFast, pollIntervalMs: 15_000 };
  }

  /** Rejects where the driver's run has ended before. */
  async until(when: When): Promise<void> {
    while (!this.#is(when)) {
      if (!this.#isDriven) {
        const told = JSON.stringify({ when, writes: this.#writes, endings: this.endings });
        throw new Error(`ended before it was time to act: ${told}`, { cause: this.#fault });
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#fault !== undefined) throw this.#fault;
  }

  async does(act: Act): Promise<void> {
    if ('foreign' in act) return this.#ground.does(act);
    const deps = this.#process();
    if (act.verb === 'start') return this.#start(deps);
    if (act.verb !== 'accept-ready') return this.#command(deps, act);
    const targets = await readyNow(deps.cluster, this.#spec);
    if (targets === undefined) throw new Error('there is nothing to accept');
    await this.#command(deps, { verb: 'set-target', targets, way: {} });
  }

  #is(when: When): boolean {
    if (when === 'ended') return !this.#isDriven;
    if (when === 'held') return this.#isHeld;
    if ('writes' in when) return this.#writes >= when.writes;
    if ('cause' in when) return this.#standing?.causes.some(({ reason }) => reason === when.cause) ?? false;
    return (this.#standing?.sides[when.side].ready ?? 0) >= when.ready;
  }

  async #start(deps: Deps): Promise<void> {
    const start = await prepareStart(deps, this.#spec, '', {});
    if (start.kind === 'refused') {
      this.endings.push({ reason: 'refused', ...start });
      return;
    }
    if (start.kind !== 'ready') throw new Error(`it did not begin: ${JSON.stringify(start)}`);
    this.#drive(deps, start);
  }

  /** `resume` and `rollback` drive where no driver is alive. */
  async #command(deps: Deps, command: Command): Promise<void> {
    const author = { by: deps.holder, at: isoTime(deps.clock) };
    const steered = await steer(deps.cluster, await this.#read(deps.cluster), command, author);
    if (steered?.verdict.kind !== 'changed') throw new Error(`${command.verb} was not taken: ${steered?.verdict.kind}`);
    if (this.#isDriven || (command.verb !== 'resume' && command.verb !== 'rollback')) return;
    const lock = await takeUpgradeLock(deps, this.#spec, {});
    if ('holder' in lock) throw new Error(`the lock is held by ${lock.holder}`);
    this.#drive(deps, { stored: await this.#read(deps.cluster), lock, resumed: true });
  }

  async #read(cluster: Cluster): Promise<Stored> {
    const stored = await readRecord(cluster, this.#ground.namespace, this.#spec.name);
    if (stored === undefined) throw new Error('there is no record');
    return stored;
  }

  #drive(deps: Deps, taken: TakenOn): void {
    this.#isDriven = true;
    const ended = (): void => {
      this.#isDriven = false;
      this.#wake();
    };
    drive(deps, taken, this.#options).then(
      (outcome) => {
        this.endings.push(endingOf(outcome));
        ended();
      },
      (error: unknown) => {
        this.#fault = error;
        ended();
      },
    );
  }

  #hear(event: UpgradeEvent): void {
    if (event.type === 'scaled') this.#writes += 1;
    if (event.type === 'observed') this.#standing = event.standing;
    if (event.type === 'held') this.#isHeld = true;
    if (event.type === 'leg' || event.type === 'started') this.#isHeld = false;
    this.#wake();
  }

  #process(): Deps {
    this.#processes += 1;
    const { signal } = new AbortController();
    return {
      cluster: this.#ground.connect(),
      clock: this.#ground.clock,
      holder: `somebody@machine-${this.#processes} pid 1`,
      signal,
      interruption: () => signal,
      emit: (event) => this.#hear(event),
      waiting: () => undefined,
    };
  }
}

type Deps = Parameters<typeof drive>[0] & Parameters<typeof prepareStart>[0];

const FACTS = ['side', 'limit', 'failedFast', 'expected', 'found', 'manager', 'replaced'] as const;

const endingOf = (outcome: Outcome): Ending => {
  const facts = new Map<string, unknown>(Object.entries(outcome));
  return {
    kind: outcome.kind,
    exitCode: exitCodeOf(outcome),
    reason: reasonOf(outcome) ?? 'reached',
    ...Object.fromEntries(FACTS.filter((fact) => facts.has(fact)).map((fact) => [fact, facts.get(fact)])),
  };
};
