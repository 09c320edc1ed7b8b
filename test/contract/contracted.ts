import type { Cluster } from '../../src/cluster/port.ts';

export type Wanted = {
  readonly name: string;
  readonly replicas: number;
  readonly gpus?: number;
  /** From being on a node to ready; at once unless told. */
  readonly readySeconds?: number;
  /** From its deletion to its end; at once unless told. */
  readonly terminateSeconds?: number;
};

/** A cluster for one test of the contract: the port under test, and the hands of somebody else in the same cluster. */
export type Contracted = {
  readonly cluster: Cluster;
  /** Empty, and the test's own. */
  readonly namespace: string;
  /** Makes a Deployment whose selector is `app: <name>`; it has ten nodes with 8 GPUs each to run on. */
  readonly deploy: (wanted: Wanted) => Promise<void>;
  readonly scaleAs: (manager: string, name: string, replicas: number) => Promise<void>;
  readonly setImageAs: (manager: string, name: string, image: string) => Promise<void>;
  readonly deletePod: (name: string) => Promise<void>;
  readonly deleteDeployment: (name: string) => Promise<void>;
  /** Has the namespace be on its way out. */
  readonly deleteNamespace: () => Promise<void>;
  /** Sets how many pods the namespace may have, in a quota named "quota". */
  readonly setQuota: (pods: number) => Promise<void>;
  /** Resolves when `holds` is true; rejects after a while. */
  readonly until: (what: string, holds: () => boolean | Promise<boolean>) => Promise<void>;
};
