import { virtualClusterPort, type PortOptions } from '../../src/cluster/virtual/adapter.ts';
import type { DeploymentSetup, NodePool, Scenario, Spread } from '../../src/cluster/virtual/scenario.ts';
import type { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import { drive } from '../../src/drive/drive.ts';
import type { RunOptions } from '../../src/drive/run.ts';
import { prepareStart } from '../../src/drive/start.ts';
import type { UpgradeEvent } from '../../src/upgrade/events.ts';
import type { Outcome } from '../../src/upgrade/outcome.ts';
import type { UpgradeSpec } from '../../src/upgrade/spec.ts';

export const NAMESPACE = 'serving';
export const MAIN = { namespace: NAMESPACE, name: 'server-v1' };
export const GREY = { namespace: NAMESPACE, name: 'server-v2' };

export const fixed = (ms: number): Spread => ({ kind: 'fixed', ms });

export const pool = (given: Partial<NodePool> = {}): NodePool => ({
  name: 'node',
  count: 10,
  cpuMilli: 96_000,
  memoryBytes: 2 ** 40,
  gpus: 8,
  pods: 110,
  ...given,
});

export const deployment = (given: Partial<DeploymentSetup> = {}): DeploymentSetup => ({
  ...MAIN,
  replicas: 3,
  image: 'model-server:1',
  requests: { cpuMilli: 1000, memoryBytes: 2 ** 30, gpus: 1 },
  readyAfter: fixed(20_000),
  termination: fixed(5_000),
  gracePeriodSeconds: 30,
  failures: [],
  ...given,
});

export const scenario = (given: Partial<Scenario> = {}): Scenario => ({
  name: 'test',
  seed: 1,
  nodes: [pool()],
  deployments: [deployment()],
  quotas: [],
  happenings: [],
  ...given,
});

/** An upgrade from server-v1 to server-v2, moved on by the real driver. */
export const upgrade = (given: Partial<UpgradeSpec> = {}): UpgradeSpec => ({
  name: 'server-v2',
  deployments: { main: MAIN, grey: GREY },
  targets: { main: 0, grey: 3 },
  way: { mode: 'scaleOutPriority', step: { main: 1, grey: 1 }, pacing: 'batch' },
  limits: {},
  progressDeadlineMs: 600_000,
  podReplacementPolicy: 'TerminationComplete',
  ...given,
});

export type Drive = { readonly outcome: Outcome; readonly events: readonly UpgradeEvent[] };

const OPTIONS: RunOptions = { onHold: 'exit', pollIntervalMs: 15_000, failFast: false };

/** Starts an upgrade and lets time pass until its driver has ended. */
export const driveTo = (
  cluster: VirtualCluster,
  spec: UpgradeSpec,
  options: PortOptions & { readonly run?: Partial<RunOptions> } = {},
  port = virtualClusterPort(cluster, options),
): Promise<Drive> => {
  const { clock } = cluster;
  const { signal } = new AbortController();
  const events: UpgradeEvent[] = [];
  const deps = {
    cluster: port,
    clock,
    holder: 'somebody@somewhere 1',
    signal,
    interruption: () => signal,
    emit: (event: UpgradeEvent) => events.push(event),
    waiting: () => undefined,
  };
  const run = async (): Promise<Drive> => {
    const start = await prepareStart(deps, spec, '', {});
    if (start.kind !== 'ready') throw new Error(`not begun: ${JSON.stringify(start)}`);
    return {
      outcome: await drive(deps, start, { ...OPTIONS, ...options.run }),
      events,
    };
  };
  return clock.runUntil(run());
};

/** `spec.replicas` of both sides. */
export const countsOf = ({ api }: VirtualCluster): readonly (number | undefined)[] =>
  [MAIN, GREY].map((ref) => api.get('deployments', ref)?.spec.replicas);

export const podsOf = ({ api }: VirtualCluster, { namespace, name } = MAIN) =>
  api.list('pods', { namespace, labels: { matchLabels: { app: name } } }).items;
