import { Upgrade } from '../cluster/upgrade.ts';
import { runCli } from '../support/process.ts';
import type { Fault } from './fault.ts';
import { FaultyWay, type Injected } from './faulty-way.ts';
import { type Course, judge, type Judged, REPLICAS } from './judged.ts';

export interface Troubled extends Judged {
  readonly injected: readonly Injected[];
}

/** One upgrade over a way on which these faults happen; the seed says when. The driver has to end it by itself, with 0. */
export const troubled = async (seed: number, faults: readonly Fault[], course: Course): Promise<Troubled> => {
  const upgrade = await Upgrade.of({ main: REPLICAS });
  const way = await FaultyWay.open(seed, faults);
  const input = upgrade.spec({ targets: [0, REPLICAS], step: 1, ...course });
  // More lists, where lists are what goes wrong; and a watch that fell silent is made up for by the next of them.
  const pollInterval = faults.includes('stale list') ? '2s' : '10s';
  const driver = runCli(['start', '-', '--poll-interval', pollInterval], {
    env: { KUBECONFIG: way.kubeconfig },
    input,
  });
  const { code } = await driver.exit;
  await way.close();
  const { violations, wrongWrites, wrongEnd } = await judge(upgrade, course);
  const ended = code === 0 ? [] : [`ended with ${code}: ${driver.stdout}${driver.stderr}`];
  const placed = (fault: string): string =>
    `seed ${seed}, ${faults.join(', ')}, ${course.mode}, ${course.pacing}: ${fault}`;
  return {
    injected: way.injected,
    violations: violations.map(placed),
    wrongWrites: wrongWrites.map(placed),
    wrongEnd: [...ended, ...wrongEnd].map(placed),
  };
};
