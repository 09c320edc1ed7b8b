import { virtualClusterPort } from '../src/cluster/virtual/adapter.ts';
import type { DeploymentSetup } from '../src/cluster/virtual/scenario.ts';
import { VirtualCluster } from '../src/cluster/virtual/virtual-cluster.ts';
import { drive } from '../src/drive/drive.ts';
import { prepareStart } from '../src/drive/start.ts';
import { perSide } from '../src/upgrade/side.ts';
import { type Usage, usage } from './usage.ts';

const REPLICAS = 4;

export type OnVirtual = { readonly upgrades: number; readonly tookMs: number; readonly usage: Usage };

const ignore = (): void => undefined;

const setupOf = (name: string, replicas: number): DeploymentSetup => ({
  namespace: 'serving',
  name,
  replicas,
  image: 'model-server:1',
  requests: { cpuMilli: 1000, memoryBytes: 2 ** 30, gpus: 1 },
  readyAfter: { kind: 'log-normal', medianMs: 180_000, sigma: 0.5 },
  termination: { kind: 'range', fromMs: 10_000, toMs: 30_000 },
  gracePeriodSeconds: 60,
  failures: [],
});

/** So many upgrades of four replicas side by side in this process, the cluster included; what the process took so far. */
export const measureOnVirtual = async (upgrades: number): Promise<OnVirtual> => {
  const names = Array.from({ length: upgrades }, (_, at) => `u${at}`);
  const node = { cpuMilli: 96_000, memoryBytes: 2 ** 40, gpus: 8, pods: 110 };
  const cluster = new VirtualCluster({
    name: 'many',
    seed: 1,
    nodes: [{ name: 'gpu', count: upgrades + 1, ...node }],
    deployments: names.flatMap((name) => [setupOf(`${name}-v1`, REPLICAS), setupOf(`${name}-v2`, 0)]),
    quotas: [],
    happenings: [],
  });
  const { clock } = cluster;
  const { signal } = new AbortController();
  const deps = { clock, holder: 'bench', signal, interruption: () => signal, emit: ignore, waiting: ignore };
  const upgrade = async (name: string): Promise<void> => {
    const own = { ...deps, cluster: virtualClusterPort(cluster) };
    const spec = {
      name,
      deployments: perSide((side) => ({ namespace: 'serving', name: `${name}-${side === 'main' ? 'v1' : 'v2'}` })),
      targets: { main: 0, grey: REPLICAS },
      way: { mode: 'scaleOutPriority', step: perSide(() => 1), pacing: 'window' },
      limits: {},
      progressDeadlineMs: 24 * 3_600_000,
      podReplacementPolicy: 'TerminationComplete',
    } as const;
    const start = await prepareStart(own, spec, '', {});
    if (start.kind !== 'ready') throw new Error(`${name} did not begin: ${start.kind}`);
    const options = { onHold: 'exit', failFast: false } as const;
    const outcome = await drive(own, start, options);
    if (outcome.kind !== 'reached') throw new Error(`${name} ended otherwise: ${outcome.kind}`);
  };
  const beginMs = performance.now();
  await clock.runUntil(Promise.all(names.map(upgrade)));
  return { upgrades, tookMs: performance.now() - beginMs, usage: usage() };
};
