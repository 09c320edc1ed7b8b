/**
 * How long an upgrade takes over how long it must: `node bench/makespan.ts [--json FILE] [--seeds N]`. The pods' own times are
 * read from the cluster's events; the bound is what a scheduler that knows no latency would make of the same times.
 */
import { parseArgs } from 'node:util';
import { virtualClusterPort } from '../src/cluster/virtual/adapter.ts';
import type { DeploymentSetup } from '../src/cluster/virtual/scenario.ts';
import { isReady } from '../src/cluster/virtual/objects.ts';
import { VirtualCluster } from '../src/cluster/virtual/virtual-cluster.ts';
import { drive } from '../src/drive/drive.ts';
import { prepareStart } from '../src/drive/start.ts';
import { PACINGS, type Pacing } from '../src/upgrade/leg.ts';
import { percentile } from '../src/upgrade/rehearsal.ts';
import { perSide, type Side } from '../src/upgrade/side.ts';
import { lowerBoundMs, type PodTimes } from './lower-bound.ts';
import { JSON_FILE, report } from './report.ts';

const SIZES = [
  { replicas: 30, step: 3 },
  { replicas: 100, step: 10 },
  { replicas: 1000, step: 50 },
];
/** Spread of the times to ready: the standard deviation of their logarithm. */
const SIGMAS = [0, 0.25, 0.5, 1];
const MEDIAN_READY_MS = 180_000;
const GOAL_OF_WINDOW = 1.01;

type Case = { readonly replicas: number; readonly step: number; readonly sigma: number; readonly pacing: Pacing };
type Measured = Case & { readonly ratioP50: number; readonly ratioWorst: number; readonly goal: number | undefined };

const ignore = (): void => undefined;

const refOf = (side: Side) => ({ namespace: 'serving', name: side });

const setupOf = (side: Side, replicas: number, sigma: number): DeploymentSetup => ({
  ...refOf(side),
  replicas,
  image: 'model-server:1',
  requests: { cpuMilli: 1000, memoryBytes: 2 ** 30, gpus: 1 },
  readyAfter: { kind: 'log-normal', medianMs: MEDIAN_READY_MS, sigma },
  termination: { kind: 'range', fromMs: 10_000, toMs: 30_000 },
  gracePeriodSeconds: 60,
  failures: [],
});

/** The duration of a run, in ms, and the times that its pods took. */
const run = async (
  { replicas, step, sigma, pacing }: Case,
  seed: number,
): Promise<{ tookMs: number; times: PodTimes }> => {
  const cluster = new VirtualCluster({
    name: 'makespan',
    seed,
    nodes: [
      {
        name: 'gpu',
        count: Math.ceil((replicas + step) / 8) + 1,
        cpuMilli: 96_000,
        memoryBytes: 2 ** 40,
        gpus: 8,
        pods: 110,
      },
    ],
    deployments: [setupOf('main', replicas, sigma), setupOf('grey', 0, sigma)],
    quotas: [],
    happenings: [],
  });
  const times = observed(cluster);
  const { clock } = cluster;
  const { signal } = new AbortController();
  const deps = {
    cluster: virtualClusterPort(cluster),
    clock,
    holder: 'bench',
    signal,
    interruption: () => signal,
    emit: ignore,
    waiting: ignore,
  };
  const upgrade = async (): Promise<number> => {
    const start = await prepareStart(
      deps,
      {
        name: 'bench',
        deployments: perSide(refOf),
        targets: { main: 0, grey: replicas },
        way: { mode: 'scaleOutPriority', step: perSide(() => step), pacing },
        limits: {},
        progressDeadlineMs: 24 * 3_600_000,
        podReplacementPolicy: 'TerminationComplete',
      },
      '',
      {},
    );
    if (start.kind !== 'ready') throw new Error(`it did not begin: ${start.kind}`);
    const begunMs = clock.monotonic();
    const outcome = await drive(deps, start, {
      onHold: 'exit',
      failFast: false,
    });
    if (outcome.kind !== 'reached') throw new Error(`it ended otherwise: ${outcome.kind}`);
    return clock.monotonic() - begunMs;
  };
  return { tookMs: await clock.runUntil(upgrade()), times };
};

/** Fills up while the cluster goes on: from being on a node to ready of each new pod, from deletion to its end of each old. */
const observed = ({ api, clock }: VirtualCluster): PodTimes => {
  const times: { readyMs: number[]; goneMs: number[] } = { readyMs: [], goneMs: [] };
  const since = new Map<string, { readonly atMs: number; readonly place: number }>();
  const begin = (uid: string, list: number[]): void => {
    since.set(uid, { atMs: clock.monotonic(), place: list.push(Number.NaN) - 1 });
  };
  const end = (uid: string, list: number[]): void => {
    const begun = since.get(uid);
    if (begun !== undefined) list[begun.place] = clock.monotonic() - begun.atMs;
    since.delete(uid);
  };
  api.watch('pods', ({ type, object, before }) => {
    const { uid = '', labels } = object.metadata;
    if (labels?.['app'] === 'grey') {
      if (object.spec.nodeName !== undefined && before?.spec.nodeName === undefined) begin(uid, times.readyMs);
      if (isReady(object)) end(uid, times.readyMs);
    } else if (type === 'DELETED') end(uid, times.goneMs);
    else if (object.metadata.deletionTimestamp !== undefined && before?.metadata.deletionTimestamp === undefined)
      begin(uid, times.goneMs);
  });
  return times;
};

const measure = async (given: Case, seeds: number): Promise<Measured> => {
  const ratios: number[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { tookMs, times } = await run(given, seed);
    ratios.push(tookMs / lowerBoundMs(times, given.step));
  }
  ratios.sort((a, b) => a - b);
  const goal = given.pacing === 'window' ? GOAL_OF_WINDOW : undefined;
  const [ratioP50 = Number.NaN, ratioWorst = Number.NaN] = [0.5, 1].map((share) => percentile(ratios, share));
  return { ...given, ratioP50, ratioWorst, goal };
};

const { values } = parseArgs({
  options: { ...JSON_FILE, seeds: { type: 'string', default: '5' } },
});
const results: Measured[] = [];
for (const size of SIZES)
  for (const sigma of SIGMAS)
    for (const pacing of PACINGS) results.push(await measure({ ...size, sigma, pacing }, Number(values.seeds)));

report(
  {
    title: 'makespan over the lower bound, scaleOutPriority, virtual cluster (latencies of a real one included)',
    figures: results.map(({ replicas, step, sigma, pacing, ratioP50, goal }) => ({
      what: `${replicas} replicas, step ${step}, σ ${sigma}, ${pacing}`,
      measured: ratioP50,
      goal,
    })),
    details: results,
  },
  values.json,
);
