import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beginLeg } from '../src/upgrade/leg.ts';
import { perSide, type Side } from '../src/upgrade/side.ts';
import { AuditLog } from '../test/cluster/audit.ts';
import { makeNodes } from '../test/cluster/nodes.ts';
import { type OwnPlane, startPlane } from '../test/cluster/plane.ts';
import { TestNamespace } from '../test/cluster/workload.ts';
import { AUDITED, happeningsIn } from './happenings.ts';
import { type Reactions, reactionsOf, type Spread, spreadOf } from './reaction.ts';
import type { Usage } from './usage.ts';

/** Of each upgrade, on each side. */
const REPLICAS = 4;
const GONE_SECONDS = 1;
/** Of few upgrades there are several runs, for a p99 not to be the slowest of a few; but of one not so many that it takes long. */
const REACTIONS = 300;
const MOST_RUNS = 8;

/**
 * The more upgrades, the longer pods take to become ready: so many become ready in a second whatever their number, and what
 * is measured is the program, not how much a control plane on a small machine can do.
 */
const readySeconds = (upgrades: number): readonly [number, number] => [Math.ceil(upgrades / 5), Math.max(4, upgrades)];

export type OnPlane = {
  readonly upgrades: number;
  /** How many reactions there were. */
  readonly reactions: number;
  /** From a replica that is due, by the pods as the API server has them, to the write that asks for it. */
  readonly reactionMs: Spread;
  /** From a pod that is ready until Kubernetes' own controllers show it in the status of the Deployment. */
  readonly statusLagMs: Spread;
  readonly usage: Usage;
  /** For each replica that was added or removed, by verb and resource. */
  readonly perReplica: Readonly<Record<string, number>>;
};

/** Upgrades of four replicas on a real control plane, so many at a time in one process. */
export const measureOnPlane = async (counts: readonly number[]): Promise<readonly OnPlane[]> => {
  const plane = await startPlane({ extraFlags: AUDITED });
  try {
    const client = plane.client();
    await makeNodes(client, { count: 20, gpus: 8, prefix: 'gpu' });
    client.close();
    const measured: OnPlane[] = [];
    for (const count of counts) measured.push(await measure(plane, count));
    return measured;
  } finally {
    await plane.stop();
  }
};

const measure = async (plane: OwnPlane, upgrades: number): Promise<OnPlane> => {
  const runs: Run[] = [];
  do runs.push(await run(plane, upgrades));
  while (runs.length < MOST_RUNS && runs.flatMap(({ reactions }) => reactions.writesMs).length < REACTIONS);
  const writesMs = runs.flatMap(({ reactions }) => reactions.writesMs);
  const scaled = 2 * REPLICAS * upgrades;
  return {
    upgrades,
    reactions: writesMs.length,
    reactionMs: spreadOf(writesMs),
    statusLagMs: spreadOf(runs.flatMap(({ reactions }) => reactions.statusMs)),
    usage: {
      residentMb: Math.max(...runs.map(({ usage }) => usage.residentMb)),
      cpuMs: runs.reduce((sum, { usage }) => sum + usage.cpuMs, 0) / runs.length,
    },
    perReplica: Object.fromEntries(
      (runs[0]?.requests ?? []).map(({ verb, resource, count }) => [`${verb} ${resource}`, count / scaled]),
    ),
  };
};

type Run = {
  readonly reactions: Reactions;
  readonly usage: Usage;
  readonly requests: Awaited<ReturnType<AuditLog['requestCounts']>>;
};

const deploymentOf = (name: string, side: Side): string => `${name}-${side === 'main' ? 'v1' : 'v2'}`;

const run = async (plane: OwnPlane, upgrades: number): Promise<Run> => {
  const client = plane.client();
  const namespace = await TestNamespace.make(client, 'bench');
  const names = Array.from({ length: upgrades }, (_, at) => `u${at}`);
  for (const name of names) {
    const gone = { terminateSeconds: GONE_SECONDS };
    const behaviour = { ...gone, readySeconds: readySeconds(upgrades) };
    await namespace.createDeployment({ name: deploymentOf(name, 'main'), replicas: REPLICAS, behaviour: gone });
    await namespace.createDeployment({ name: deploymentOf(name, 'grey'), replicas: 0, behaviour });
  }
  for (const name of names) await namespace.untilReady(deploymentOf(name, 'main'), REPLICAS, { timeoutMs: 300_000 });
  const usage = await start(plane, namespace.name, names);
  const happenings = Map.groupBy(await happeningsIn(plane.auditLog, namespace.name), ({ name }) => name);
  const reactions = names.map((name) =>
    reactionsOf(
      LEG,
      perSide((side) => happenings.get(deploymentOf(name, side)) ?? []),
    ),
  );
  const requests = await new AuditLog(plane.auditLog).requestCounts({ namespace: namespace.name, user: 'cli' });
  await namespace.delete();
  client.close();
  return {
    reactions: {
      writesMs: reactions.flatMap(({ writesMs }) => writesMs),
      statusMs: reactions.flatMap(({ statusMs }) => statusMs),
    },
    usage,
    requests,
  };
};

/** As a spec without a mode, a step or a pacing has it. */
const LEG = beginLeg(
  { main: REPLICAS, grey: 0 },
  { main: 0, grey: REPLICAS },
  { mode: 'scaleOutPriority', step: perSide(() => 1), pacing: 'window' },
);

/** Runs `dupgrade start` of a folder with all of them; answers with what the process took. */
const start = async (plane: OwnPlane, namespace: string, names: readonly string[]): Promise<Usage> => {
  const folder = mkdtempSync(join(tmpdir(), 'dupgrade-bench-'));
  try {
    for (const name of names) {
      const spec = {
        main: { deployment: deploymentOf(name, 'main'), target: 0 },
        grey: { deployment: deploymentOf(name, 'grey'), target: REPLICAS },
      };
      const head = { apiVersion: 'dupgrade.dev/v1', kind: 'DeploymentUpgrade', metadata: { name, namespace } };
      writeFileSync(join(folder, `${name}.yaml`), JSON.stringify({ ...head, spec }));
    }
    const file = join(folder, 'usage.json');
    const args = ['--import', join(import.meta.dirname, 'usage.ts'), join(import.meta.dirname, '../bin/dupgrade.js')];
    const options = ['start', folder, '--parallel', String(names.length), '-q', '-o', 'json'];
    const program = spawn(process.execPath, [...args, ...options], {
      env: { ...process.env, KUBECONFIG: plane.kubeconfig('cli'), BENCH_USAGE: file },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [output, [code]] = await Promise.all([text(program.stdout), once(program, 'exit')]);
    if (code !== 0) throw new Error(`dupgrade ended with ${String(code)}: ${output}`);
    const taken: Usage = JSON.parse(readFileSync(file, 'utf8'));
    return taken;
  } finally {
    rmSync(folder, { recursive: true });
  }
};
