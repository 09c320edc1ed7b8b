/**
 * A real control plane with fake machines: how long an upgrade takes over how long it must, how soon a write follows what
 * makes it due, and what it all costs the API server. `node bench/plane.ts [-o json] [--replicas N] [--step N]`, after
 * `npm run build`. Pods are watched by a watch of the benchmark's own; writes are those of the audit log.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { PACINGS, type Pacing } from '../src/upgrade/leg.ts';
import { AuditLog, type RequestCount, type ScaleWrite } from '../test/cluster/audit.ts';
import { type Change, follow } from '../test/cluster/follow.ts';
import { makeNodes } from '../test/cluster/nodes.ts';
import { type Deployment, isReady, type Pod } from '../test/cluster/objects.ts';
import { type OwnPlane, startPlane } from '../test/cluster/plane.ts';
import { TestNamespace } from '../test/cluster/workload.ts';
import { lowerBoundMs, type PodTimes } from './lower-bound.ts';
import { delays, type Spread, spreadOf } from './reaction.ts';

const MAIN = 'server-v1';
const GREY = 'server-v2';
/** From start to ready, in seconds, any time between as likely; and from deletion to the end. */
const READY_SECONDS: readonly [number, number] = [4, 12];
const GONE_SECONDS = 2;

/** When things happened, by this machine's clock, which is the API server's too. */
type Seen = {
  readonly times: PodTimes;
  /** A pod was shown ready, or gone. */
  readonly causesMs: readonly number[];
  /** Kubernetes' own controllers have put it into the status of the Deployment. */
  readonly statusMs: readonly number[];
};

type Result = {
  readonly pacing: Pacing;
  readonly replicas: number;
  readonly step: number;
  readonly tookMs: number;
  readonly ratio: number;
  readonly goal: number | null;
  /** From what makes a write due to the write, in ms. */
  readonly reactionMs: Spread;
  /** From the same until Kubernetes shows it in the status of the Deployment. */
  readonly statusLagMs: Spread;
  /** For each replica that was added or removed. */
  readonly perReplica: Readonly<Record<string, number>>;
  readonly requests: readonly RequestCount[];
};

const { values } = parseArgs({
  options: {
    output: { type: 'string', short: 'o' },
    replicas: { type: 'string', default: '30' },
    step: { type: 'string', default: '3' },
  },
});
const [replicas, step] = [Number(values.replicas), Number(values.step)];

/** Watches pods and Deployments until `end`, and notes when what happened. */
const watching = (
  namespace: TestNamespace,
  end: AbortSignal,
): { readonly seen: Seen; readonly done: Promise<unknown> } => {
  const times: { readyMs: number[]; goneMs: number[] } = { readyMs: [], goneMs: [] };
  const causesMs: number[] = [];
  const statusMs: number[] = [];
  const since = new Map<string, { readonly atMs: number; readonly place: number; readonly list: number[] }>();
  const begin = (uid: string, list: number[]): void => {
    if (!since.has(uid)) since.set(uid, { atMs: performance.now(), place: list.push(Number.NaN) - 1, list });
  };
  const finish = (uid: string): void => {
    const begun = since.get(uid);
    if (begun === undefined || !Number.isNaN(begun.list[begun.place] ?? 0)) return;
    begun.list[begun.place] = performance.now() - begun.atMs;
    causesMs.push(Date.now());
  };
  const seePod = (change: Change<Pod>): void => {
    if (change.type === 'LISTED') return;
    const { metadata, spec } = change.object;
    const isNew = metadata.labels?.['app'] === GREY;
    if (isNew && spec.nodeName !== undefined) begin(metadata.uid, times.readyMs);
    if (isNew && isReady(change.object)) finish(metadata.uid);
    if (!isNew && metadata.deletionTimestamp !== undefined) begin(metadata.uid, times.goneMs);
    if (!isNew && change.type === 'DELETED') finish(metadata.uid);
  };
  let shown = '';
  const seeDeployment = (change: Change<Deployment>): void => {
    if (change.type === 'LISTED') return;
    const { readyReplicas = 0, terminatingReplicas = 0 } = change.object.status;
    const now = `${change.object.metadata.name} ${readyReplicas} ${terminatingReplicas}`;
    if (now !== shown) statusMs.push(Date.now());
    shown = now;
  };
  const { client } = namespace;
  const done = Promise.all([
    follow<Pod>(client, namespace.path('pods'), {}, seePod, end),
    follow<Deployment>(client, namespace.path('deployments'), {}, seeDeployment, end),
  ]);
  return { seen: { times, causesMs, statusMs }, done };
};

const run = async (plane: OwnPlane, pacing: Pacing): Promise<Result> => {
  const client = plane.client();
  const namespace = await TestNamespace.make(client, 'bench');
  const behaviour = { readySeconds: READY_SECONDS, terminateSeconds: GONE_SECONDS };
  await namespace.createDeployment({ name: MAIN, replicas, behaviour: { terminateSeconds: GONE_SECONDS } });
  await namespace.createDeployment({ name: GREY, replicas: 0, behaviour });
  await namespace.untilReady(MAIN, replicas);
  const end = new AbortController();
  const { seen, done } = watching(namespace, end.signal);
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
  end.abort();
  await done.catch(() => undefined);
  if (code !== 0) throw new Error(`dupgrade ended with ${String(code)}: ${output}`);
  const audit = new AuditLog(plane.auditLog);
  const writes = (await audit.scaleWrites(namespace.name)).filter(
    ({ user, code: answer }) => user === 'cli' && answer === 200,
  );
  const requests = await audit.requestCounts({ namespace: namespace.name, user: 'cli' });
  const result = resultOf(pacing, seen, writes, requests);
  await namespace.delete();
  client.close();
  return result;
};

const resultOf = (
  pacing: Pacing,
  seen: Seen,
  writes: readonly ScaleWrite[],
  requests: readonly RequestCount[],
): Result => {
  const writtenMs = writes.map(({ time }) => Date.parse(time));
  const [firstMs = Number.NaN] = writtenMs;
  const tookMs = Math.max(...seen.causesMs) - firstMs;
  const scaled = 2 * replicas;
  const perReplica: Record<string, number> = {};
  for (const { verb, resource, count } of requests) {
    const what = `${verb} ${resource}`;
    perReplica[what] = (perReplica[what] ?? 0) + count / scaled;
  }
  // The first write is due by itself.
  const reactions = delays(seen.causesMs, writtenMs.slice(1));
  return {
    pacing,
    replicas,
    step,
    tookMs,
    ratio: tookMs / lowerBoundMs(seen.times, step),
    goal: pacing === 'window' ? 1.05 : null,
    reactionMs: spreadOf(reactions),
    statusLagMs: spreadOf(delays(seen.causesMs, seen.statusMs)),
    perReplica,
    requests,
  };
};

const plane = await startPlane();
const results: Result[] = [];
try {
  const client = plane.client();
  await makeNodes(client, { count: 20, gpus: 8, prefix: 'gpu' });
  client.close();
  for (const pacing of PACINGS) results.push(await run(plane, pacing));
} finally {
  await plane.stop();
}

if (values.output === 'json') process.stdout.write(`${JSON.stringify(results, undefined, 2)}\n`);
else {
  for (const { pacing, tookMs, ratio, goal, reactionMs, statusLagMs, perReplica } of results) {
    process.stdout.write(
      `\n${replicas} replicas, step ${step}, ${pacing}: ${(tookMs / 1000).toFixed(1)} s, ${ratio.toFixed(3)} of the lower bound${goal === null ? '' : ` (goal: ${goal})`}\n` +
        `  from a pod shown ready or gone to the scale write: p50 ${reactionMs.p50.toFixed(0)} ms, p99 ${reactionMs.p99.toFixed(0)} ms\n` +
        `  from the same to the status of the Deployment: p50 ${statusLagMs.p50.toFixed(0)} ms, p99 ${statusLagMs.p99.toFixed(0)} ms\n` +
        '  requests for each replica added or removed:\n',
    );
    for (const [what, count] of Object.entries(perReplica))
      process.stdout.write(`    ${what.padEnd(28)} ${count.toFixed(2)}\n`);
  }
}
