import type { Cluster } from '../../../src/cluster/port.ts';
import type { Clock } from '../../../src/drive/clock.ts';
import type { Side } from '../../../src/upgrade/side.ts';
import type { ForeignAct } from './scenario.ts';

export const NAMES: Readonly<Record<Side, string>> = { main: 'server-v1', grey: 'server-v2' };

/** The names in managedFields of somebody who scales, and of somebody who changes a template. */
export const SCALER = 'kubectl';
export const EDITOR = 'kubectl-edit';

export const OTHER_IMAGE = 'model-server:hotfix';

export const sideOf = (deployment: string): Side => (deployment === NAMES.main ? 'main' : 'grey');

/** One accepted scale write, whoever did it. */
export type Write = { readonly side: Side; readonly replicas: number };

/** What somebody saw who watched the cluster and was told nothing by the driver. */
export type Seen = {
  readonly writes: readonly Write[];
  /** Ready pods of both sides together, at the worst moment. */
  readonly lowestReady: number;
  /** Existing pods of both sides together, terminating ones included, at the worst moment. */
  readonly highestPods: number;
  /** `spec.replicas` of both sides at the end; undefined where the Deployment is gone. */
  readonly counts: Readonly<Record<Side, number | undefined>>;
};

/** A cluster with both Deployments of a scenario, settled, somebody else's hands in it, and somebody who watches. */
export type Ground = {
  readonly namespace: string;
  readonly clock: Clock;
  /** The port of one more process. */
  readonly connect: () => Cluster;
  readonly does: (act: ForeignAct) => Promise<void>;
  /** Waits for what `play` comes to, letting time pass. */
  readonly wait: <T>(play: Promise<T>) => Promise<T>;
  /** Ends the watch. */
  readonly seen: () => Promise<Seen>;
  readonly close: () => Promise<void>;
};
