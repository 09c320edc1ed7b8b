import { expect } from 'vitest';
import type { Mode, Pacing, Step } from '../../src/upgrade/leg.ts';
import type { Limits } from '../../src/upgrade/limits.ts';
import { type Cli, runCli } from '../support/process.ts';
import { AuditLog, type ScaleWrite } from './audit.ts';
import type { PodBehaviour } from './behaviour.ts';
import { type CountTrace, GREY, MAIN } from './count-trace.ts';
import { countTraceOf, freshNamespace, judgeOf, plane } from './fixtures.ts';
import type { Judge } from './judge.ts';
import type { Plane } from './plane.ts';
import type { PlaneUser } from './users.ts';
import type { TestNamespace } from './workload.ts';

export { GREY, MAIN };

export interface Given {
  readonly main: number;
  readonly grey?: number;
  readonly behaviour?: PodBehaviour;
  /** Of grey's pods, where it is another than main's. */
  readonly greyBehaviour?: PodBehaviour;
  readonly terminationGracePeriodSeconds?: number;
  readonly gpus?: number;
}

export interface Wanted {
  readonly targets: readonly [main: number, grey: number];
  readonly mode?: Mode;
  readonly step?: Step;
  readonly pacing?: Pacing;
  readonly limits?: Limits;
  readonly progressDeadline?: string;
}

interface Parts {
  readonly namespace: TestNamespace;
  readonly judge: Judge;
  readonly trace: CountTrace;
  readonly plane: Plane;
  /** Of what was asked since the Deployments were made. */
  readonly audit: AuditLog;
}

/** Two Deployments of a namespace, a judge over their pods, and the program run on them. */
export class Upgrade {
  readonly name = 'server-v2';
  readonly #parts: Parts;
  readonly #user: PlaneUser;

  private constructor(parts: Parts, user: PlaneUser) {
    this.#parts = parts;
    this.#user = user;
  }

  get namespace(): TestNamespace {
    return this.#parts.namespace;
  }

  get judge(): Judge {
    return this.#parts.judge;
  }

  /** What both sides were asked for since the Deployments were made. */
  get trace(): CountTrace {
    return this.#parts.trace;
  }

  get plane(): Plane {
    return this.#parts.plane;
  }

  /** The same upgrade, with the program run by another user. */
  as(user: PlaneUser): Upgrade {
    return new Upgrade(this.#parts, user);
  }

  /** Makes both Deployments in a namespace of the test's own. */
  static async of(given: Given): Promise<Upgrade> {
    return Upgrade.in(await freshNamespace(), given);
  }

  /** Makes both Deployments and waits until all of main's pods are ready. The judge begins then. */
  static async in(
    namespace: TestNamespace,
    { main, grey = 0, behaviour = {}, greyBehaviour = behaviour, ...pods }: Given,
    on: Plane = plane,
  ): Promise<Upgrade> {
    const audit = AuditLog.fromNow(on.auditLog);
    await namespace.createDeployment({ ...pods, name: MAIN, replicas: main, behaviour });
    await namespace.createDeployment({ ...pods, name: GREY, replicas: grey, behaviour: greyBehaviour });
    await namespace.untilReady(MAIN, main);
    const [judge, trace] = await Promise.all([judgeOf(namespace), countTraceOf(namespace)]);
    return new Upgrade({ namespace, judge, trace, plane: on, audit }, 'cli');
  }

  /** The spec file. */
  spec({ targets: [main, grey], mode, step = 3, pacing, limits, progressDeadline }: Wanted): string {
    const spec = {
      main: { deployment: MAIN, target: main },
      grey: { deployment: GREY, target: grey },
      ...(mode && { mode }),
      step,
      ...(pacing && { pacing }),
      ...(limits && { limits }),
      ...(progressDeadline && { progressDeadline }),
    };
    const metadata = { name: this.name, namespace: this.namespace.name };
    return JSON.stringify({ apiVersion: 'dupgrade.dev/v1', kind: 'DeploymentUpgrade', metadata, spec });
  }

  /** `dupgrade start -` with the spec on standard input. */
  start(wanted: Wanted, ...options: string[]): Cli {
    return runCli(['start', '-', ...options], { env: this.#env(), input: this.spec(wanted) });
  }

  /** Any other command, in the namespace of the upgrade. */
  run(...args: string[]): Cli {
    return runCli([...args, '-n', this.namespace.name], { env: this.#env() });
  }

  /** A command that reads standard input. */
  runWithInput(input: string, ...args: string[]): Cli {
    return runCli([...args, '-n', this.namespace.name], { env: this.#env(), input });
  }

  /** Runs a command to its end and answers with what a shell sees of it. */
  async command(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const cli = this.run(...args);
    const { code } = await cli.exit;
    return { code, stdout: cli.stdout, stderr: cli.stderr };
  }

  /** What a command that reads a spec says of one, as JSON. Fails where it ends with a code that is none of `codes`. */
  async report<Report>(
    command: 'check' | 'plan' | 'rehearse',
    wanted: Wanted,
    { codes = [0], options = [] }: { readonly codes?: readonly number[]; readonly options?: readonly string[] } = {},
  ): Promise<Report> {
    const cli = this.runWithInput(this.spec(wanted), command, '-', '-o', 'json', ...options);
    const { code } = await cli.exit;
    expect(codes, cli.stdout + cli.stderr).toContain(code);
    return JSON.parse(cli.stdout) as Report;
  }

  /** `spec.replicas` of main and grey. */
  async counts(): Promise<[main: number, grey: number]> {
    const [main, grey] = await Promise.all([
      this.namespace.get('deployments', MAIN),
      this.namespace.get('deployments', GREY),
    ]);
    return [main.spec.replicas, grey.spec.replicas];
  }

  /** The counts of both sides after each of the product's accepted scale writes, by the audit log. */
  async writes(from: readonly [main: number, grey: number]): Promise<readonly (readonly [number, number])[]> {
    let at = from;
    const trace = [at];
    for (const { deployment, replicas } of await this.acceptedWrites()) {
      at = deployment === MAIN ? [replicas ?? Number.NaN, at[1]] : [at[0], replicas ?? Number.NaN];
      trace.push(at);
    }
    return trace;
  }

  /** The product's scale writes that were answered with a success, by the audit log. */
  async acceptedWrites(): Promise<readonly ScaleWrite[]> {
    const writes = await this.#parts.audit.scaleWrites(this.namespace.name);
    return writes.filter(({ code, user }) => code === 200 && user === 'cli');
  }

  #env(): Record<string, string | undefined> {
    return { KUBECONFIG: this.plane.kubeconfig(this.#user), LC_ALL: 'C' };
  }
}
