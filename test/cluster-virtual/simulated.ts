import type { PortOptions } from '../../src/cluster/virtual/adapter.ts';
import { isReady, isTerminating } from '../../src/cluster/virtual/objects.ts';
import { Random } from '../../src/cluster/virtual/random.ts';
import type { Failure, Happening, Scenario, Spread } from '../../src/cluster/virtual/scenario.ts';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import { beginLeg, directionOf, type Leg, MODES, PACINGS } from '../../src/upgrade/leg.ts';
import { envelope } from '../../src/upgrade/route.ts';
import { type PerSide, perSide, SIDES, type Side } from '../../src/upgrade/side.ts';
import type { UpgradeSpec } from '../../src/upgrade/spec.ts';
import { countsOf, deployment, type Drive, driveTo, GREY, MAIN, pool, scenario, upgrade } from './given.ts';

/** A random cluster and a random upgrade on it: all of one seed. */
export type Case = {
  readonly scenario: Scenario;
  readonly spec: UpgradeSpec;
  readonly before: PerSide<number>;
  /** Both sides were scaled to 0 and up again before: since then the API server names nobody who wrote their replicas. */
  readonly isUnowned: boolean;
};

export const caseOf = (seed: number, { failing }: { readonly failing: boolean }): Case => {
  const random = new Random(seed, 'case');
  const count = (most: number): number => random.between(0, most);
  const one = <T>(items: readonly T[]): T => items[count(items.length - 1)] as T;
  const before = { main: count(9), grey: count(4) };
  const targets = { main: count(9), grey: count(9) };
  const spread = (most: number): Spread =>
    one<Spread>([
      { kind: 'fixed', ms: count(most) },
      { kind: 'range', fromMs: count(most / 10), toMs: most },
      { kind: 'log-normal', medianMs: most / 2, sigma: random.next() },
      { kind: 'samples', samplesMs: [count(most), count(most), 0] },
    ]);
  const failures = failing ? Array.from({ length: count(2) }, () => failureOf(random)) : [];
  const deployments = SIDES.map((side) =>
    deployment({
      ...(side === 'main' ? MAIN : GREY),
      replicas: before[side],
      readyAfter: spread(120_000),
      termination: spread(40_000),
      failures,
    }),
  );
  const step = one<UpgradeSpec['way']['step']['main']>([1, 2, 3, 7, '10%', '50%', '100%']);
  const way = { mode: one(MODES), pacing: one(PACINGS), step: { main: one([step, 2]), grey: step } };
  return {
    before,
    isUnowned: random.next() < 0.3,
    spec: upgrade({ targets, way, progressDeadlineMs: failing ? 400_000 : 3_600_000 }),
    scenario: scenario({
      seed,
      nodes: [pool({ count: failing ? 1 + count(3) : 5 })],
      deployments,
      happenings: failing ? Array.from({ length: count(2) }, () => happeningOf(random)) : [],
    }),
  };
};

const failureOf = (random: Random): Failure => {
  const kinds = ['never-ready', 'crash-loop', 'image-pull', 'turn-unready'] as const;
  const kind = kinds[random.between(0, 3)] ?? 'never-ready';
  return { kind, share: 0.2, afterMs: random.between(0, 100_000) };
};

const happeningOf = (random: Random): Happening => {
  const [node, atMs] = ['node-0', random.between(0, 200_000)];
  const one = random.next() < 0.5 ? MAIN : GREY;
  const actions: readonly Happening['action'][] = [
    { kind: 'break-node', node },
    { kind: 'lose-node', node },
    { kind: 'mend-node', node },
    { kind: 'delete-pods', deployment: one, pods: 1 },
    { kind: 'set-quota', quota: { namespace: MAIN.namespace, pods: random.between(1, 9) } },
    { kind: 'delete-deployment', deployment: one },
    { kind: 'scale', deployment: one, replicas: random.between(0, 9), manager: 'kubectl' },
    { kind: 'set-image', deployment: one, image: 'model-server:hotfix', manager: 'kubectl-edit' },
  ];
  return { atMs, action: actions[random.between(0, actions.length - 1)] ?? { kind: 'break-node', node } };
};

/** A connection that loses one request, and one answer, in thirty, and whose watches fall silent now and then. */
export const badConnection = (seed: number): PortOptions => {
  const random = new Random(seed, 'connection');
  return {
    mishap: () => {
      const lot = random.between(1, 30);
      return lot === 1 ? 'lose-request' : lot === 2 ? 'lose-answer' : undefined;
    },
    isSilent: () => random.between(1, 30) === 1,
  };
};

type Counts = { ready: number; existing: number };

const sideOf = (name: string | undefined): Side => (name === MAIN.name ? 'main' : 'grey');

/** Drives a case to its end, and calls `judge` after every change of a pod or of a Deployment's scale. */
export const simulate = async (
  { scenario: given, spec, before: counted, isUnowned }: Case,
  judge: (counts: PerSide<Counts>, asked: PerSide<number>) => void = () => undefined,
  connection: PortOptions = {},
): Promise<Drive & { readonly cluster: VirtualCluster; readonly counts: readonly (number | undefined)[] }> => {
  const cluster = new VirtualCluster(given);
  if (isUnowned) await disown(cluster, counted);
  const counts = perSide<Counts>(() => ({ ready: 0, existing: 0 }));
  const asked = { main: countsOf(cluster)[0] ?? 0, grey: countsOf(cluster)[1] ?? 0 };
  const add = (pod: Parameters<typeof isReady>[0], by: number): void => {
    const side = counts[sideOf(pod.metadata.labels?.['app'])];
    side.existing += by;
    if (isReady(pod) && !isTerminating(pod)) side.ready += by;
  };
  for (const pod of cluster.api.list('pods', {}).items) add(pod, 1);
  cluster.api.watch('pods', ({ type, object, before }) => {
    if (before !== undefined) add(before, -1);
    if (type !== 'DELETED') add(object, 1);
    judge(counts, asked);
  });
  cluster.api.watch('deployments', ({ object }) => {
    asked[sideOf(object.metadata.name)] = object.spec.replicas;
    judge(counts, asked);
  });
  return { ...(await driveTo(cluster, spec, connection)), cluster, counts: countsOf(cluster) };
};

const disown = async (cluster: VirtualCluster, before: PerSide<number>): Promise<void> => {
  for (const [side, count] of [
    [MAIN, before.main],
    [GREY, before.grey],
  ] as const) {
    for (const replicas of [count + 1, 0, count]) {
      cluster.do({ kind: 'scale', deployment: side, replicas, manager: 'kubectl' });
    }
  }
  // No pod is made or lost by that: their controllers come to see it only now.
  await cluster.clock.advance(1000);
};

/** Throws where a leg is not kept to: its envelope, and no side with more than a step in flight. */
export const judgeOf = ({ before, spec }: Case): ((counts: PerSide<Counts>, asked: PerSide<number>) => void) => {
  const leg: Leg = beginLeg(before, spec.targets, spec.way);
  const { minReady, maxExisting } = envelope(leg);
  return (counts, asked) => {
    const ready = counts.main.ready + counts.grey.ready;
    const existing = counts.main.existing + counts.grey.existing;
    const told = JSON.stringify({ counts, asked, leg, minReady, maxExisting });
    if (ready < minReady) throw new Error(`${ready} ready are too few: ${told}`);
    if (existing > maxExisting) throw new Error(`${existing} existing are too many: ${told}`);
    for (const side of SIDES) {
      const inFlight =
        directionOf(leg, side) === 'adds' ? asked[side] - counts[side].ready : counts[side].existing - asked[side];
      if (inFlight > leg.step[side]) throw new Error(`${inFlight} of ${side} are in flight: ${told}`);
    }
  };
};
