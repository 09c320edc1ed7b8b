/**
 * A real control plane with fake machines: how long an upgrade takes over how long it must, how soon a write follows what
 * makes it due, and what it all costs the API server. `node bench/plane.ts [--json FILE] [--replicas N] [--step N]`, after
 * `npm run build`. All moments are those of the audit log, by the clock of the API server.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { beginLeg, PACINGS, type Pacing } from '../src/upgrade/leg.ts';
import { perSide } from '../src/upgrade/side.ts';
import { AuditLog, type RequestCount } from '../test/cluster/audit.ts';
import { makeNodes } from '../test/cluster/nodes.ts';
import { type OwnPlane, startPlane } from '../test/cluster/plane.ts';
import { TestNamespace } from '../test/cluster/workload.ts';
import { AUDITED, type Happening, happeningsIn } from './happenings.ts';
import { lowerBoundMs } from './lower-bound.ts';
import { reactionFigures, reactionsOf, type Spread, spreadOf } from './reaction.ts';
import { type Figure, JSON_FILE, report } from './report.ts';

const MAIN = 'server-v1';
const GREY = 'server-v2';
/** From start to ready, in seconds, any time between as likely; and from deletion to the end. */
const READY_SECONDS: readonly [number, number] = [4, 12];
const GONE_SECONDS = 2;

const GOAL_OF_WINDOW = 1.05;
/** At most one for each change that is asked for, of which a window has no more than replicas. */
const ONE_EACH: ReadonlySet<string> = new Set(['patch deployments/scale', 'update configmaps']);
/** One more of each: of the record for the end, of scale where a write met with somebody else's. */
const BESIDES = 1;

type Result = {
  readonly pacing: Pacing;
  readonly replicas: number;
  readonly step: number;
  readonly tookMs: number;
  readonly ratio: number;
  readonly goal: number | undefined;
  /** From what makes a write due, as the API server has it, to the write, in ms. */
  readonly reactionMs: Spread;
  /** From a pod that is ready until Kubernetes' own controllers show it in the status of the Deployment. */
  readonly statusLagMs: Spread;
  /** For each replica that was added or removed. */
  readonly perReplica: Readonly<Record<string, number>>;
  readonly requests: readonly RequestCount[];
};

const { values } = parseArgs({
  options: {
    ...JSON_FILE,
    replicas: { type: 'string', default: '30' },
    step: { type: 'string', default: '3' },
  },
});
const [replicas, step] = [Number(values.replicas), Number(values.step)];

const run = async (plane: OwnPlane, pacing: Pacing): Promise<Result> => {
  const client = plane.client();
  const namespace = await TestNamespace.make(client, 'bench');
  const behaviour = { readySeconds: READY_SECONDS, terminateSeconds: GONE_SECONDS };
  await namespace.createDeployment({ name: MAIN, replicas, behaviour: { terminateSeconds: GONE_SECONDS } });
  await namespace.createDeployment({ name: GREY, replicas: 0, behaviour });
  await namespace.untilReady(MAIN, replicas);
  const spec = {
    apiVersion: 'dupgrade.dev/v1',
    kind: 'DeploymentUpgrade',
    metadata: { name: 'bench', namespace: namespace.name },
    spec: { main: { deployment: MAIN, target: 0 }, grey: { deployment: GREY, target: replicas }, step, pacing },
  };
  const program = spawn(
    process.execPath,
    [join(import.meta.dirname, '../bin/dupgrade.js'), 'start', '-', '-q', '-o', 'json'],
    {
      env: { ...process.env, KUBECONFIG: plane.kubeconfig('cli') },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  program.stdin.end(JSON.stringify(spec));
  const [output, [code]] = await Promise.all([text(program.stdout), once(program, 'exit')]);
  if (code !== 0) throw new Error(`dupgrade ended with ${String(code)}: ${output}`);
  const happenings = await happeningsIn(plane.auditLog, namespace.name);
  const requests = await new AuditLog(plane.auditLog).requestCounts({ namespace: namespace.name, user: 'cli' });
  const result = resultOf(pacing, happenings, requests);
  await namespace.delete();
  client.close();
  return result;
};

const resultOf = (pacing: Pacing, happenings: readonly Happening[], requests: readonly RequestCount[]): Result => {
  const begun = happenings.findIndex(({ what }) => what === 'asked');
  // Of the pods of before the start nothing counts but their end.
  const [main, grey] = [MAIN, GREY].map((deployment) =>
    happenings.slice(begun).filter(({ name }) => name === deployment),
  );
  const sides = { main: main ?? [], grey: grey ?? [] };
  const times = { readyMs: spansMs(sides.grey, 'placed', 'ready'), goneMs: spansMs(sides.main, 'deleted', 'gone') };
  const ends = happenings.filter(({ what }) => what === 'ready' || what === 'gone');
  const tookMs = (ends.at(-1)?.atMs ?? Number.NaN) - (happenings[begun]?.atMs ?? Number.NaN);
  const scaled = 2 * replicas;
  const perReplica: Record<string, number> = {};
  for (const { verb, resource, count } of requests) {
    const what = `${verb} ${resource}`;
    perReplica[what] = (perReplica[what] ?? 0) + count / scaled;
  }
  const way = { mode: 'scaleOutPriority', step: perSide(() => step), pacing } as const;
  const { writesMs, statusMs } = reactionsOf(
    beginLeg({ main: replicas, grey: 0 }, { main: 0, grey: replicas }, way),
    sides,
  );
  return {
    pacing,
    replicas,
    step,
    tookMs,
    ratio: tookMs / lowerBoundMs(times, step),
    goal: pacing === 'window' ? GOAL_OF_WINDOW : undefined,
    reactionMs: spreadOf(writesMs),
    statusLagMs: spreadOf(statusMs),
    perReplica,
    requests,
  };
};

/** How long each pod took from one to the other, in the order in which they began. */
const spansMs = (
  happenings: readonly Happening[],
  from: 'placed' | 'deleted',
  to: 'ready' | 'gone',
): readonly number[] => {
  const ends = new Map(happenings.flatMap((each) => (each.what === to ? [[each.pod, each.atMs]] : [])));
  return happenings.flatMap((each) => (each.what === from ? [(ends.get(each.pod) ?? Number.NaN) - each.atMs] : []));
};

const plane = await startPlane({ extraFlags: AUDITED });
const results: Result[] = [];
try {
  const client = plane.client();
  await makeNodes(client, { count: 20, gpus: 8, prefix: 'gpu' });
  client.close();
  for (const pacing of PACINGS) results.push(await run(plane, pacing));
} finally {
  await plane.stop();
}

const figuresOf = ({ pacing, ratio, goal, reactionMs, statusLagMs, perReplica }: Result): readonly Figure[] => [
  { what: `${pacing}: makespan over the lower bound`, measured: ratio, goal },
  ...reactionFigures(pacing, reactionMs, statusLagMs),
  ...Object.entries(perReplica).map(([request, count]) => ({
    what: `${pacing}: ${request}, for each replica`,
    measured: count,
    goal: ONE_EACH.has(request) ? 1 + BESIDES / (2 * replicas) : undefined,
  })),
];

report(
  {
    title: `a real control plane with fake machines, ${replicas} replicas, step ${step}`,
    figures: results.flatMap(figuresOf),
    details: results,
  },
  values.json,
);
