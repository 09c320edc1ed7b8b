import { VirtualClock } from '../cluster/virtual/clock.ts';
import type { Action, Scenario } from '../cluster/virtual/scenario.ts';
import { VirtualCluster } from '../cluster/virtual/virtual-cluster.ts';
import { Answers } from './answers.ts';
import { makeCredentials } from './certificate.ts';
import { BUILT_IN } from './built-in-scenario.ts';
import { writeKubeconfig } from './kubeconfig-file.ts';
import { Pace, type RealClock } from './pace.ts';
import { type PodCounts, podCountsOf } from './pod-counts.ts';
import { listen } from './server.ts';

export type ServeOptions = {
  /** How many seconds pass in the cluster in one. */
  readonly speed: number;
  /** 0 for any that is free. */
  readonly port: number;
  /** Whoever knows it may do everything in the sandbox. */
  readonly token: string;
  readonly clock: RealClock & { readonly now: () => number };
  /** Between two bookmarks of a watch; 30 s. */
  readonly bookmarkMs?: number;
  /** At least so many changes of each kind can be told again; 5000. */
  readonly history?: number;
};

export type SandboxOptions = ServeOptions & { readonly scenario?: Scenario };

/** A virtual cluster that is served on loopback. */
export type Sandbox = {
  readonly scenario: string;
  readonly port: number;
  readonly namespace: string;
  readonly kubeconfig: string;
  /** Ms that have passed in the cluster. */
  readonly elapsedMs: () => number;
  readonly pods: () => readonly PodCounts[];
  /** Has something happen in the cluster. Throws a ClusterError where it cannot be. */
  readonly do: (action: Action) => void;
  readonly close: () => Promise<void>;
};

export type Served = Omit<Sandbox, 'scenario' | 'namespace'>;

/** Rejects with an Error where the port is taken. */
export const openSandbox = async (options: SandboxOptions): Promise<Sandbox> => {
  const { scenario = BUILT_IN } = options;
  const cluster = new VirtualCluster(scenario, new VirtualClock(options.clock.now()));
  const namespace = scenario.deployments[0]?.namespace ?? 'default';
  return { scenario: scenario.name, namespace, ...(await serveCluster(cluster, namespace, options)) };
};

/** Serves a cluster, whose clock goes on from now; `namespace` is that of the kubeconfig. Rejects as `openSandbox` does. */
export const serveCluster = async (
  cluster: VirtualCluster,
  namespace: string,
  options: ServeOptions,
): Promise<Served> => {
  const { clock: real, speed, token, bookmarkMs = 30_000, history = 5000 } = options;
  const { clock } = cluster;
  const credentials = makeCredentials(real.now());
  const { certificate } = credentials;
  const answers = new Answers(cluster, { clock: real, bookmarkMs, history });
  const pace = new Pace(clock, real, speed);
  const catchUp = (): void => pace.catchUp();
  const close = (): void => {
    pace.end();
    answers.close();
  };
  try {
    const server = await listen({ token, credentials, port: options.port, answers, catchUp });
    const { file, remove } = await writeKubeconfig({ port: server.port, token, certificate, namespace });
    return {
      port: server.port,
      kubeconfig: file,
      elapsedMs: clock.monotonic,
      pods: () => podCountsOf(cluster.api),
      do: (action) => {
        catchUp();
        cluster.do(action);
        catchUp();
      },
      close: async () => {
        close();
        await server.close();
        await remove();
      },
    };
  } catch (error) {
    close();
    throw error;
  }
};
