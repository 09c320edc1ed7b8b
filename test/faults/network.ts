import { type Course, drive } from './course.ts';
import type { Fault } from './fault.ts';
import { FaultyWay } from './faulty-way.ts';
import type { Ground } from './ground.ts';
import { judge, placed, type Suffered } from './judged.ts';

/** One upgrade over a way on which these faults happen; the seed says when. The driver has to end it by itself, with 0. */
export const troubled = async (
  ground: Ground,
  { seed, faults, course }: { readonly seed: number; readonly faults: readonly Fault[]; readonly course: Course },
): Promise<Suffered> => {
  const upgrade = await ground.upgrade();
  const way = await FaultyWay.open(seed, faults);
  // More lists, where lists are what goes wrong; and a watch that fell silent is made up for by the next of them.
  const pollInterval = faults.includes('stale list') ? '2s' : '10s';
  const options = ['--poll-interval', pollInterval];
  const driver = await drive(upgrade, course, { kubeconfig: way.kubeconfig, options });
  const { code } = await driver.exit;
  await way.close();
  const judged = await judge(upgrade, course);
  const ended = code === 0 ? [] : [`ended with ${code}: ${driver.stdout}${driver.stderr}`];
  return {
    injected: way.injected.length,
    recoveriesMs: way.injected.flatMap(({ recoveredMs }) => (recoveredMs === undefined ? [] : [recoveredMs])),
    ...placed(`seed ${seed}, ${faults.join(', ')}, ${course.mode}, ${course.pacing}`, {
      ...judged,
      wrongEnd: [...ended, ...judged.wrongEnd],
    }),
  };
};
