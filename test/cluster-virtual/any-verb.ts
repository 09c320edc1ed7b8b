import { Random } from '../../src/cluster/virtual/random.ts';
import { ClusterError } from '../../src/cluster/port.ts';
import type { Happening } from '../../src/cluster/virtual/scenario.ts';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import { readRecord } from '../../src/drive/records.ts';
import { virtualClusterPort } from '../../src/cluster/virtual/adapter.ts';
import type { WayChange } from '../../src/upgrade/command.ts';
import { beginLeg, MODES, PACINGS } from '../../src/upgrade/leg.ts';
import type { Limits } from '../../src/upgrade/limits.ts';
import { route } from '../../src/upgrade/route.ts';
import type { UpgradeSpec } from '../../src/upgrade/spec.ts';
import { Crowd } from './crowd.ts';
import { NAMESPACE } from './given.ts';
import { badConnection, caseOf } from './simulated.ts';
import { Umpire } from './umpire.ts';

/** Longer than any upgrade of these sizes takes, held steps and progress deadlines included. */
const BOUND_MS = 24 * 3_600_000;
const SETTLING_MS = 10 * 60_000;

export type Told = { readonly broken: readonly string[]; readonly verbs: number; readonly writes: number };

/** Plays a seed: a random upgrade on a random cluster, and random verbs of many people at random moments. */
export const anyVerbs = async (seed: number): Promise<Told> => {
  const random = new Random(seed, 'verbs');
  const failing = random.next() < 0.4;
  const drawn = caseOf(seed, { failing });
  const spec = { ...drawn.spec, limits: limitsOf(random) };
  const cluster = new VirtualCluster({ ...drawn.scenario, happenings: [] });
  const { clock } = cluster;
  for (const { atMs, action } of drawn.scenario.happenings) clock.quietly(atMs, () => happen(cluster, action));
  const crowd = new Crowd(cluster, spec, random.next() < 0.3 ? badConnection(seed) : {});
  const umpire = new Umpire(cluster, crowd, spec, failing);
  const broken: string[] = [];
  const play = (work: Promise<unknown>): void => {
    work.catch((error: unknown) => crowd.faults.push(error));
  };

  play(crowd.start());
  const verbs = random.between(1, 8);
  for (let i = 0; i < verbs; i += 1) {
    await clock.advance(random.next() < 0.3 ? random.between(0, 50) : random.between(0, 120_000));
    play(oneVerb(crowd, random));
  }
  await clock.advance(BOUND_MS);
  if (crowd.drivers.length > 0) broken.push(`a driver has not ended after ${BOUND_MS} ms`);

  // Whatever was done: without failures the upgrade can always be brought to its end.
  if (!failing) {
    play(crowd.command({ verb: 'resume', keepTargets: false }));
    await clock.advance(BOUND_MS);
    broken.push(...(await endOf(cluster, crowd, umpire, spec)));
  }
  await clock.advance(SETTLING_MS);
  // Pods that fail, and people who scale, may end a run in other ways; limits may have no way to the targets.
  umpire.judgeEndings(failing ? [5, 8] : [5]);
  broken.push(...crowd.faults.map(String), ...umpire.broken);
  return { broken, verbs, writes: umpire.writes };
};

/** What befalls a Deployment that was deleted befalls nobody. */
const happen = (cluster: VirtualCluster, action: Happening['action']): void => {
  try {
    cluster.do(action);
  } catch (error) {
    if (!(error instanceof ClusterError && error.fault === 'not-found')) throw error;
  }
};

const limitsOf = (random: Random): Limits => {
  if (random.next() < 0.5) return {};
  return { minReady: random.between(0, 4), maxPods: random.between(10, 20) };
};

const oneVerb = (crowd: Crowd, random: Random): Promise<unknown> => {
  const one = <T>(items: readonly T[]): T => items[random.between(0, items.length - 1)] as T;
  const way: WayChange = one<WayChange>([
    {},
    { mode: one(MODES) },
    { pacing: one(PACINGS) },
    { step: { main: one([1, 3, '50%'] as const), grey: one([1, 2, '100%'] as const) } },
  ]);
  const targets = { main: random.between(0, 9), grey: random.between(0, 9) };
  switch (random.between(0, 9)) {
    case 0:
      return crowd.command({ verb: 'pause' });
    case 1:
      return crowd.command({ verb: 'resume', keepTargets: random.next() < 0.5 });
    case 2:
      return crowd.acceptReady();
    case 3:
      return crowd.command({ verb: 'set-target', targets, way });
    case 4:
      return crowd.command({ verb: 'set-target', targets: {}, way });
    case 5:
      return crowd.command({ verb: 'rollback', way });
    case 6:
      return random.next() < 0.3 ? crowd.command({ verb: 'abort' }) : crowd.command({ verb: 'pause' });
    case 7:
      crowd.kill();
      return crowd.start();
    case 8:
      crowd.kill();
      return crowd.command({ verb: 'resume', keepTargets: false });
    default:
      return crowd.start();
  }
};

/** What does not fit of an end without failures: the record, the counts and what the last driver said. */
const endOf = async (
  cluster: VirtualCluster,
  crowd: Crowd,
  umpire: Umpire,
  spec: UpgradeSpec,
): Promise<readonly string[]> => {
  const stored = await cluster.clock.runUntil(readRecord(virtualClusterPort(cluster), NAMESPACE, spec.name));
  if (stored === undefined) return [];
  const { record } = stored;
  const { main, grey } = umpire.counts;
  const asked = { main: main.asked, grey: grey.asked };
  const says = JSON.stringify({ asked, phase: record.phase, lastRun: record.lastRun });
  const wanted = record.phase === 'completed' ? record.spec.targets : undefined;
  const last = crowd.processes.findLast(({ outcome }) => outcome !== undefined)?.outcome;
  if (record.phase !== 'active') {
    if (!umpire.isSettled) return [`ended, and not settled: ${says}`];
    return wanted && (wanted.main !== main.asked || wanted.grey !== grey.asked) ? [`not at its targets: ${says}`] : [];
  }
  const isBlocked = !route(beginLeg(asked, record.spec.targets, record.intent.way), spec.limits).arrives;
  if (isBlocked && last?.kind === 'stuck' && last.reason === 'limit') return [];
  return [`it does not come to its end: ${says}, ${JSON.stringify(last)}`];
};
