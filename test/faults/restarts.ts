import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Random } from '../../src/cluster/virtual/random.ts';
import type { ProgramName } from '../cluster/binaries.ts';
import { countTraceOf, judgeOf } from '../cluster/fixtures.ts';
import type { OwnPlane } from '../cluster/plane.ts';
import type { Upgrade } from '../cluster/upgrade.ts';
import type { Cli } from '../support/process.ts';
import { type Course, COURSES, courseOf, drive } from './course.ts';
import { Ground } from './ground.ts';
import { type Evidence, judge, placed, type Suffered } from './judged.ts';
import { type Halt, NumberedWay } from './numbered-way.ts';

/** A program of the control plane that is ended and started again while upgrades go on. */
export interface Restart {
  readonly fault: string;
  readonly program: ProgramName;
  readonly signal: NodeJS.Signals;
}

export const RESTARTS: readonly Restart[] = [
  { fault: 'API server restarts (SIGTERM)', program: 'kube-apiserver', signal: 'SIGTERM' },
  { fault: 'API server restarts (SIGKILL)', program: 'kube-apiserver', signal: 'SIGKILL' },
  { fault: 'etcd restarts (SIGKILL)', program: 'etcd', signal: 'SIGKILL' },
];

/** Between these requests of a run its driver has the lock and is at work. */
const AT_WORK = { first: 35, middle: 48, last: 62 } as const;

/** A plane of its own, on which as many upgrades go on at once as a round has. */
export class Quake {
  readonly #plane: OwnPlane;
  readonly #grounds: readonly Ground[];

  private constructor(plane: OwnPlane, grounds: readonly Ground[]) {
    this.#plane = plane;
    this.#grounds = grounds;
  }

  static async on(plane: OwnPlane): Promise<Quake> {
    return new Quake(plane, await Promise.all(COURSES.map(() => Ground.on(plane))));
  }

  /** A program is ended at a drawn moment of one of the upgrades, and started again; all go on by themselves. */
  async restart({ fault, program, signal }: Restart, seed: number): Promise<readonly Suffered[]> {
    const random = new Random(seed, fault);
    const round = await this.#begin();
    let brokenMs = Number.POSITIVE_INFINITY;
    const act = async (): Promise<void> => {
      brokenMs = performance.now();
      await this.#plane.stopProgram(program, signal);
      await this.#plane.startProgram(program);
      // The fake kubelet does not try again what failed meanwhile; a new one looks at all pods.
      await this.#plane.stopProgram('kwok', 'SIGKILL');
      await this.#plane.startProgram('kwok');
    };
    const at = random.between(AT_WORK.first, AT_WORK.last);
    const moment = random.between(0, 1) === 0 ? 'before' : 'after';
    const runs = await this.#drive(round, [{ at: (number) => number === at, moment, act }]);
    return Promise.all(
      runs.map(async ({ upgrade, course, driver, way, code }) => {
        // Each of its two watches, on pods and on Deployments, may have to begin anew.
        const { trace } = upgrade;
        const judged = await judge(upgrade, course, { judge: upgrade.judge, trace, gaps: 2, auditLog: false });
        const well = way.asked.find(
          ({ askedMs, code: answer = 0 }) => askedMs > brokenMs && answer > 0 && answer < 400,
        );
        const ended = code === 0 ? [] : [`ended with ${code}: ${driver.stdout}${driver.stderr}`];
        return {
          // One that had ended before had nothing to get over.
          injected: well === undefined ? 0 : 1,
          recoveriesMs: well?.answeredMs === undefined ? [] : [well.answeredMs - brokenMs],
          ...placed(`seed ${seed}, ${fault}, ${course.mode}, ${course.pacing}`, {
            ...judged,
            wrongEnd: [...ended, ...judged.wrongEnd],
          }),
        };
      }),
    );
  }

  /**
   * Everything that the API server knows goes back to how it was at an earlier moment of the upgrades: their counts, their
   * pods, their records and leases. A driver ends the upgrade from there, or ends with 8 for another to do so.
   */
  async restore(seed: number): Promise<readonly Suffered[]> {
    const random = new Random(seed, 'restore');
    const round = await this.#begin();
    let copying: Promise<void> | undefined;
    const since = new Map<Upgrade, Evidence>();
    let restoredMs = Number.POSITIVE_INFINITY;
    const copy = (): Promise<void> => (copying = this.#copyEtcd());
    const goBack = async (): Promise<void> => {
      if (copying === undefined) return;
      await copying;
      await this.#restoreEtcd(async () => {
        await Promise.all(
          round.map(async ({ upgrade }) => {
            const watches = [judgeOf(upgrade.namespace), countTraceOf(upgrade.namespace)] as const;
            const [ownJudge, trace] = await Promise.all(watches);
            since.set(upgrade, { judge: ownJudge, trace, gaps: 1, auditLog: false });
            // What they wait for was before.
            await Promise.all([upgrade.judge.close(), upgrade.trace.close()]);
          }),
        );
      });
      restoredMs = performance.now();
    };
    const first = random.between(AT_WORK.first, AT_WORK.middle);
    const second = random.between(AT_WORK.middle, AT_WORK.last);
    const runs = await this.#drive(round, [
      { at: (number) => number === first, moment: 'after', act: copy },
      { at: (number) => number === second, moment: 'after', act: goBack },
    ]);
    return Promise.all(
      runs.map(async ({ upgrade, course, driver, code }) => {
        const wrong = code === 0 || code === 8 ? [] : [`ended with ${code}: ${driver.stdout}${driver.stderr}`];
        if (!(await isCompleted(upgrade))) {
          const next = await drive(upgrade, course);
          const ending = await next.exit;
          if (ending.code !== 0) wrong.push(`the next ended with ${ending.code}: ${next.stdout}${next.stderr}`);
        }
        const endedMs = performance.now();
        const evidence = since.get(upgrade);
        const judged = await judge(upgrade, course, evidence);
        return {
          injected: evidence === undefined ? 0 : 1,
          recoveriesMs: evidence === undefined ? [] : [endedMs - restoredMs],
          ...placed(`seed ${seed}, etcd restored, ${course.mode}, ${course.pacing}`, {
            ...judged,
            wrongEnd: [...wrong, ...judged.wrongEnd],
          }),
        };
      }),
    );
  }

  async #begin(): Promise<readonly Begun[]> {
    return Promise.all(
      this.#grounds.map(async (ground, index) => {
        const upgrade = await ground.upgrade({ behaviour: { readySeconds: 3 } });
        return { upgrade, course: courseOf(index) };
      }),
    );
  }

  /** Starts a driver of each, and waits for all; the last ones have the halts, so that the others have begun when it comes to those. */
  async #drive(round: readonly Begun[], halts: readonly Halt[]): Promise<readonly Ended[]> {
    const acts: Promise<void>[] = [];
    const noted = halts.map((halt) => ({
      ...halt,
      act: () => {
        const act = Promise.resolve(halt.act());
        acts.push(act);
        return act;
      },
    }));
    const runs: Omit<Ended, 'code'>[] = [];
    for (const [index, begun] of round.entries()) {
      const way = await NumberedWay.open(noted[index - round.length + halts.length], this.#plane);
      runs.push({ ...begun, way, driver: await drive(begun.upgrade, begun.course, { kubeconfig: way.kubeconfig }) });
    }
    // Nobody is judged before the control plane is well again.
    const endings = await Promise.all(runs.map(({ driver }) => driver.exit));
    await Promise.all(acts);
    await Promise.all(runs.map(({ way }) => way.close()));
    return runs.map((run, index) => ({ ...run, code: endings[index]?.code ?? null }));
  }

  async #copyEtcd(): Promise<void> {
    await this.#plane.stopProgram('etcd', 'SIGTERM');
    await cp(this.#data, this.#copy, { recursive: true });
    await this.#plane.startProgram('etcd');
  }

  /** All programs are started anew, as is told to do after a restore; `seen` is called before any of them changes something. */
  async #restoreEtcd(seen: () => Promise<void>): Promise<void> {
    for (const program of [...CONTROLLERS, 'kube-apiserver', 'etcd'] as const)
      await this.#plane.stopProgram(program, 'SIGKILL');
    await rm(this.#data, { recursive: true });
    await cp(this.#copy, this.#data, { recursive: true });
    await rm(this.#copy, { recursive: true });
    for (const program of ['etcd', 'kube-apiserver'] as const) await this.#plane.startProgram(program);
    await seen();
    for (const program of CONTROLLERS) await this.#plane.startProgram(program);
  }

  get #data(): string {
    return join(this.#plane.dir, 'etcd');
  }

  get #copy(): string {
    return join(this.#plane.dir, 'etcd-copy');
  }
}

const CONTROLLERS = ['kwok', 'kube-scheduler', 'kube-controller-manager'] as const;

interface Begun {
  readonly upgrade: Upgrade;
  readonly course: Course;
}

interface Ended extends Begun {
  readonly way: NumberedWay;
  readonly driver: Cli;
  readonly code: number | null;
}

const isCompleted = async ({ namespace, name }: Upgrade): Promise<boolean> => {
  const [record] = await namespace.list('configmaps', { fieldSelector: `metadata.name=dupgrade-${name}` });
  return record?.data?.['progress']?.includes('"completed"') ?? false;
};
