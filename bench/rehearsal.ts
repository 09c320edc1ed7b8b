/**
 * What a rehearsal costs: an upgrade of N + N replicas by the real driver on the virtual cluster, from the making of the
 * cluster to the end of the run; how much more ten times the replicas cost; and what a seed takes when `dupgrade rehearse` has
 * the processors share them. `node bench/rehearsal.ts [--json FILE] [--mode MODE] [--pacing PACING] [--seeds N] [N…]`. A
 * run goes before those that are measured, so that what is measured is compiled.
 */
import { parseArgs } from 'node:util';
import type { DeploymentSetup, Scenario } from '../src/cluster/virtual/scenario.ts';
import { VirtualCluster } from '../src/cluster/virtual/virtual-cluster.ts';
import { coarse, podsOf } from '../src/rehearse/coarse.ts';
import { rehearse } from '../src/rehearse/rehearsal.ts';
import { driveOn } from '../src/rehearse/rehearse-run.ts';
import { openThreads } from '../src/threads/threads.ts';
import { MODES, PACINGS, type Way } from '../src/upgrade/leg.ts';
import { perSide, type Side } from '../src/upgrade/side.ts';
import type { UpgradeSpec } from '../src/upgrade/spec.ts';
import { type Figure, JSON_FILE, report } from './report.ts';

const SIZES = [1_000, 10_000, 100_000];
/** A step of this share of the replicas. */
const STEP_SHARE = 0.1;
const GPUS_OF_NODE = 8;

/** The goal, of 10,000 replicas: ms for a seed. */
const GOAL_MS = 500;
const GOAL_REPLICAS = 10_000;
/** Of ten times the replicas: at most so many times the time. */
const GOAL_RATIO = 11;

type Run = {
  /** Of the clock, and of the cluster's versions: the same on every machine. */
  readonly events: number;
  readonly writes: number;
  readonly versions: number;
  readonly virtualMs: number;
  readonly wallMs: number;
  /** On a busy machine a better measure than the time on the wall. */
  readonly cpuMs: number;
};

type Measured = Run & {
  readonly replicas: number;
  readonly mode: string;
  readonly pacing: string;
  readonly step: number;
  readonly usPerReplica: number;
  /** CPU time over that of a tenth of the replicas, where they were measured too. */
  readonly ratio?: number;
  readonly heapMb: number;
  /** Of the time on the wall of a whole rehearsal, with threads, a seed's part. */
  readonly sharedMs: number;
  readonly threads: number;
};

const refOf = (side: Side) => ({ namespace: 'serving', name: side });

const setupOf = (side: Side, replicas: number): DeploymentSetup => ({
  ...refOf(side),
  replicas,
  image: 'model-server:1',
  requests: { cpuMilli: 1000, memoryBytes: 2 ** 30, gpus: 1 },
  readyAfter: { kind: 'log-normal', medianMs: 180_000, sigma: 0.4 },
  termination: { kind: 'range', fromMs: 5_000, toMs: 30_000 },
  gracePeriodSeconds: 30,
  failures: [],
});

/** Nodes enough for the step that is there twice. */
const scenarioOf = (replicas: number, step: number, seed: number): Scenario => ({
  name: 'bench',
  seed,
  nodes: [
    {
      name: 'gpu',
      count: Math.ceil((replicas + 2 * step) / GPUS_OF_NODE),
      cpuMilli: 96_000,
      memoryBytes: 2 ** 40,
      gpus: GPUS_OF_NODE,
      pods: 110,
    },
  ],
  deployments: [setupOf('main', replicas), setupOf('grey', 0)],
  quotas: [],
  happenings: [],
});

const specOf = (replicas: number, way: Way): UpgradeSpec => ({
  name: 'bench',
  deployments: perSide(refOf),
  targets: { main: 0, grey: replicas },
  way,
  limits: {},
  progressDeadlineMs: 3_600_000,
  podReplacementPolicy: 'TerminationComplete',
});

const upgrade = async (replicas: number, step: number, way: Way, seed: number): Promise<Run> => {
  const beganMs = performance.now();
  const used = process.cpuUsage();
  const cluster = new VirtualCluster(coarse(scenarioOf(replicas, step, seed)));
  const { clock, api } = cluster;
  const { end, writes } = await driveOn(cluster, specOf(replicas, way));
  if (end.kind !== 'reached') throw new Error(`it ended with ${end.kind}`);
  const wallMs = performance.now() - beganMs;
  const { user, system } = process.cpuUsage(used);
  const cpuMs = (user + system) / 1000;
  const versions = Number(api.list('namespaces', {}).resourceVersion);
  return { events: clock.events, writes, versions, virtualMs: clock.monotonic(), wallMs, cpuMs };
};

/** As many as a rehearsal has by default, and fewer of so many replicas that it would take minutes. */
const sharedSeeds = (replicas: number): number => Math.max(4, Math.min(20, Math.floor(200_000 / replicas)));

/** As the command does it: with curves, and with the start of the threads. */
const share = async (
  replicas: number,
  step: number,
  way: Way,
  seeds: number,
): Promise<Pick<Measured, 'sharedMs' | 'threads'>> => {
  const beganMs = performance.now();
  const scenario = coarse(scenarioOf(replicas, step, 1));
  const { performers, close } = openThreads({ runs: seeds, pods: podsOf(scenario) });
  try {
    await rehearse(scenario, specOf(replicas, way), { seeds, mishaps: [], performers, onRun: () => undefined });
    return { sharedMs: (performance.now() - beganMs) / seeds, threads: performers.length };
  } finally {
    await close();
  }
};

/** The median of the seeds. */
const measure = async (replicas: number, step: number, way: Way, seeds: number): Promise<Measured> => {
  const runs: Run[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) runs.push(await upgrade(replicas, step, way, seed));
  const median = runs.toSorted((a, b) => a.wallMs - b.wallMs)[seeds >> 1];
  if (median === undefined) throw new Error('there is no seed');
  const { heapUsed } = process.memoryUsage();
  return {
    replicas,
    mode: way.mode,
    pacing: way.pacing,
    step,
    ...median,
    usPerReplica: (1000 * median.wallMs) / (2 * replicas),
    heapMb: heapUsed / 2 ** 20,
    ...(await share(replicas, step, way, sharedSeeds(replicas))),
  };
};

const withRatio = (row: Measured, before: readonly Measured[]): Measured => {
  const tenth = before.find(
    ({ replicas, mode, pacing }) => replicas * 10 === row.replicas && mode === row.mode && pacing === row.pacing,
  );
  return tenth === undefined ? row : { ...row, ratio: row.cpuMs / tenth.cpuMs };
};

const figuresOf = (row: Measured): readonly Figure[] => {
  const { replicas, mode, pacing, wallMs, sharedMs, threads, ratio } = row;
  const what = `${replicas.toLocaleString('en')} replicas, ${mode}, ${pacing}`;
  return [
    { what: `${what}: one run by itself`, measured: wallMs, unit: 'ms' },
    {
      what: `${what}: a seed of many, shared by ${threads} threads`,
      measured: sharedMs,
      unit: 'ms',
      goal: replicas === GOAL_REPLICAS ? GOAL_MS : undefined,
    },
    ...(ratio === undefined
      ? []
      : [{ what: `${what}: CPU time over that of a tenth`, measured: ratio, goal: GOAL_RATIO }]),
  ];
};

const { values, positionals } = parseArgs({
  options: {
    ...JSON_FILE,
    mode: { type: 'string', default: 'scaleOutPriority' },
    pacing: { type: 'string' },
    seeds: { type: 'string', default: '3' },
  },
  allowPositionals: true,
});

const mode = MODES.find((each) => each === values.mode);
if (mode === undefined) throw new Error(`no such mode: ${values.mode}; there are ${MODES.join(', ')}`);

const waysOf = (step: number): readonly Way[] =>
  PACINGS.filter((pacing) => values.pacing === undefined || pacing === values.pacing).map((pacing) => ({
    mode,
    pacing,
    step: { main: step, grey: step },
  }));

const rows: Measured[] = [];
for (const way of waysOf(100)) await upgrade(1_000, 100, way, 0);
for (const replicas of positionals.length > 0 ? positionals.map(Number) : SIZES) {
  const step = Math.ceil(replicas * STEP_SHARE);
  for (const way of waysOf(step)) rows.push(withRatio(await measure(replicas, step, way, Number(values.seeds)), rows));
}
report(
  {
    title: 'rehearsals: a run by itself, and a seed of many with the start of the threads',
    figures: rows.flatMap(figuresOf),
    details: rows,
  },
  values.json,
);
