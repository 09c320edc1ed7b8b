import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { AuditLog } from '../test/cluster/audit.ts';
import { type Change, follow } from '../test/cluster/follow.ts';
import { makeNodes } from '../test/cluster/nodes.ts';
import { type Deployment, isReady, type Pod } from '../test/cluster/objects.ts';
import { type OwnPlane, startPlane } from '../test/cluster/plane.ts';
import { TestNamespace } from '../test/cluster/workload.ts';
import { delays, type Spread, spreadOf } from './reaction.ts';
import type { Usage } from './usage.ts';

/** Of each upgrade, on each side; as fast pods as the fake kubelet of a small machine can have of so many. */
const REPLICAS = 4;
const READY_SECONDS: readonly [number, number] = [10, 40];
const GONE_SECONDS = 5;

export type OnPlane = {
  readonly upgrades: number;
  /** From a pod that is shown ready or gone to the scale write of its upgrade. */
  readonly reactionMs: Spread;
  /** From the same until Kubernetes' own controllers show it in the status of the Deployment. */
  readonly statusLagMs: Spread;
  readonly usage: Usage;
  /** For each replica that was added or removed, by verb and resource. */
  readonly perReplica: Readonly<Record<string, number>>;
};

/** When what happened to the pods and Deployments of each upgrade. */
type Moments = { readonly causesMs: number[]; readonly statusMs: number[]; readonly writesMs: number[] };

/** Upgrades of four replicas on a real control plane, so many at a time in one process. */
export const measureOnPlane = async (counts: readonly number[]): Promise<readonly OnPlane[]> => {
  const plane = await startPlane();
  try {
    const client = plane.client();
    await makeNodes(client, { count: 20, gpus: 8, prefix: 'gpu' });
    client.close();
    const measured: OnPlane[] = [];
    for (const count of counts) measured.push(await run(plane, count));
    return measured;
  } finally {
    await plane.stop();
  }
};

const upgradeOf = (deployment: string): string => deployment.replace(/-v[12]$/, '');

const sorted = (spans: readonly number[]): Spread => spreadOf(spans.toSorted((a, b) => a - b));

const run = async (plane: OwnPlane, upgrades: number): Promise<OnPlane> => {
  const client = plane.client();
  const namespace = await TestNamespace.make(client, 'bench');
  const names = Array.from({ length: upgrades }, (_, at) => `u${at}`);
  const behaviour = { readySeconds: READY_SECONDS, terminateSeconds: GONE_SECONDS };
  for (const name of names) {
    await namespace.createDeployment({
      name: `${name}-v1`,
      replicas: REPLICAS,
      behaviour: { terminateSeconds: GONE_SECONDS },
    });
    await namespace.createDeployment({ name: `${name}-v2`, replicas: 0, behaviour });
  }
  for (const name of names) await namespace.untilReady(`${name}-v1`, REPLICAS, { timeoutMs: 300_000 });
  const moments = new Map(names.map((name): [string, Moments] => [name, { causesMs: [], statusMs: [], writesMs: [] }]));
  const end = new AbortController();
  const watched = watching(namespace, moments, end.signal);
  const usage = await start(plane, namespace.name, names);
  end.abort();
  await watched.catch(() => undefined);
  const audit = new AuditLog(plane.auditLog);
  for (const { user, code, deployment, time } of await audit.scaleWrites(namespace.name)) {
    if (user === 'cli' && code === 200) moments.get(upgradeOf(deployment))?.writesMs.push(Date.parse(time));
  }
  const requests = await audit.requestCounts({ namespace: namespace.name, user: 'cli' });
  await namespace.delete();
  client.close();
  const all = [...moments.values()];
  const scaled = 2 * REPLICAS * upgrades;
  return {
    upgrades,
    // The first write of each is due by itself.
    reactionMs: sorted(all.flatMap(({ causesMs, writesMs }) => delays(causesMs, writesMs.slice(1)))),
    statusLagMs: sorted(all.flatMap(({ causesMs, statusMs }) => delays(causesMs, statusMs))),
    usage,
    perReplica: Object.fromEntries(
      requests.map(({ verb, resource, count }) => [`${verb} ${resource}`, count / scaled]),
    ),
  };
};

/** Runs `dupgrade start` of a folder with all of them; answers with what the process took. */
const start = async (plane: OwnPlane, namespace: string, names: readonly string[]): Promise<Usage> => {
  const folder = mkdtempSync(join(tmpdir(), 'dupgrade-bench-'));
  try {
    for (const name of names) {
      const spec = {
        main: { deployment: `${name}-v1`, target: 0 },
        grey: { deployment: `${name}-v2`, target: REPLICAS },
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

/** Notes when pods of each upgrade become ready or are gone, and when the status of its Deployments shows it. */
const watching = (
  namespace: TestNamespace,
  moments: ReadonlyMap<string, Moments>,
  end: AbortSignal,
): Promise<unknown> => {
  const ready = new Set<string>();
  const seePod = (change: Change<Pod>): void => {
    if (change.type === 'LISTED') return;
    const { uid, labels } = change.object.metadata;
    const app = labels?.['app'] ?? '';
    const isDue = app.endsWith('-v2') ? isReady(change.object) && !ready.has(uid) : change.type === 'DELETED';
    if (!isDue) return;
    ready.add(uid);
    moments.get(upgradeOf(app))?.causesMs.push(Date.now());
  };
  const shown = new Map<string, string>();
  const seeDeployment = (change: Change<Deployment>): void => {
    if (change.type === 'LISTED') return;
    const { metadata, status } = change.object;
    const now = `${status.readyReplicas ?? 0} ${status.terminatingReplicas ?? 0}`;
    if (now !== shown.get(metadata.name)) moments.get(upgradeOf(metadata.name))?.statusMs.push(Date.now());
    shown.set(metadata.name, now);
  };
  const { client } = namespace;
  return Promise.all([
    follow<Pod>(client, namespace.path('pods'), {}, seePod, end),
    follow<Deployment>(client, namespace.path('deployments'), {}, seeDeployment, end),
  ]);
};
