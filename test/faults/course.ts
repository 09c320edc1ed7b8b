import { MODES, type Mode, PACINGS, type Pacing } from '../../src/upgrade/leg.ts';
import type { Upgrade } from '../cluster/upgrade.ts';
import { type Cli, runCli } from '../support/process.ts';
import { Gate } from './gate.ts';

/** So many replicas move from main to grey, one at a time: few enough for hundreds of upgrades. */
export const REPLICAS = 2;

export interface Course {
  readonly mode: Mode;
  readonly pacing: Pacing;
}

/** Every mode in every pacing. */
export const COURSES: readonly Course[] = MODES.flatMap((mode) => PACINGS.map((pacing) => ({ mode, pacing })));

/** The courses take turns. */
export const courseOf = (seed: number): Course =>
  COURSES[seed % COURSES.length] ?? { mode: 'scaleOutPriority', pacing: 'window' };

export interface Driving {
  /** By which way it gets to the API server; straight unless told. */
  readonly kubeconfig?: string;
  readonly options?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Of more programs that start at once, some would not reach the server in the time that they give themselves. */
const starts = new Gate(6);

/** One that has not said anything by then has started nevertheless, or has been stopped. */
const STARTED_MS = 5_000;

/** Starts a driver that takes all replicas over; resolves once it has started. */
export const drive = async (upgrade: Upgrade, course: Course, driving: Driving = {}): Promise<Cli> => {
  const { kubeconfig, options = [], env } = driving;
  await starts.enter();
  const leave = (): void => starts.leave();
  const driver = runCli(['start', '-', ...options], {
    env: { KUBECONFIG: kubeconfig ?? upgrade.plane.kubeconfig('cli'), ...env },
    input: upgrade.spec({ targets: [0, REPLICAS], step: 1, ...course }),
  });
  // Its first line shows that it has started; one that is stopped or killed before may never say anything.
  void driver.line('', { timeoutMs: STARTED_MS }).then(leave, leave);
  return driver;
};
