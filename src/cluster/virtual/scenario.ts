import type { ObjectRef } from '../port.ts';

/** A time that is drawn for each pod anew. */
export type Spread =
  | { readonly kind: 'fixed'; readonly ms: number }
  /** Every time between the two is as likely. */
  | { readonly kind: 'range'; readonly fromMs: number; readonly toMs: number }
  /** Half of the times are below the median; sigma is the standard deviation of their natural logarithm. */
  | { readonly kind: 'log-normal'; readonly medianMs: number; readonly sigma: number }
  /** One of these, e.g. times that were measured. */
  | { readonly kind: 'samples'; readonly samplesMs: readonly number[] };

/** What a pod asks for, and what a node has. */
export type Room = {
  /** Thousandths of a core. */
  readonly cpuMilli: number;
  readonly memoryBytes: number;
  readonly gpus: number;
};

/** Alike nodes `<name>-0`, `<name>-1`, … */
export type NodePool = Room & {
  readonly name: string;
  readonly count: number;
  readonly pods: number;
  /** Besides `kubernetes.io/hostname`. */
  readonly labels?: Readonly<Record<string, string>>;
};

/** What goes wrong with some pods of a Deployment. */
export type Failure = {
  /**
   * `never-ready`: runs and never turns ready. `crash-loop`: starts, exits, backs off, starts again. `image-pull`: its image
   * is not there. `turn-unready`: is ready for `afterMs` and then no more.
   */
  readonly kind: 'never-ready' | 'crash-loop' | 'image-pull' | 'turn-unready';
  /** These pods, in the order in which the Deployment's pods are made, from 1; those of the beginning are counted. */
  readonly pods?: readonly number[];
  /** Or this part of them, by lot: 0.05 is one in twenty. With neither it is all. */
  readonly share?: number;
  readonly afterMs?: number;
};

export type DeploymentSetup = ObjectRef & {
  /** With so many pods it begins, settled: those that fit are ready, long since, after `readyAfter`, unless they fail. */
  readonly replicas: number;
  /** Of its pods, besides `app`, which is the Deployment's name and its selector. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly image: string;
  readonly requests: Room;
  /** Its pods go to nodes that have all of these labels. */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** From being on a node to ready. */
  readonly readyAfter: Spread;
  /** From its deletion to its end, at most the grace period. */
  readonly termination: Spread;
  readonly gracePeriodSeconds: number;
  readonly failures: readonly Failure[];
};

/** The ResourceQuota of a namespace; what is left out is not limited. */
export type QuotaSetup = { readonly namespace: string; readonly pods?: number } & Partial<Room>;

/** Something that somebody else does, or that happens to the cluster. */
export type Action =
  | { readonly kind: 'scale'; readonly deployment: ObjectRef; readonly replicas: number; readonly manager: string }
  /** A new image is a new template: the Deployment rolls its pods over. */
  | { readonly kind: 'set-image'; readonly deployment: ObjectRef; readonly image: string; readonly manager: string }
  | { readonly kind: 'delete-pods'; readonly deployment: ObjectRef; readonly pods: number }
  | { readonly kind: 'delete-deployment'; readonly deployment: ObjectRef }
  /** The node says that it is well, but no pod on it is or becomes ready: its GPUs or its network are gone. */
  | { readonly kind: 'break-node'; readonly node: string }
  /** The node falls silent: its pods turn unready, nothing is scheduled to it, and deleted pods stay. */
  | { readonly kind: 'lose-node'; readonly node: string }
  /** The node is well again. */
  | { readonly kind: 'mend-node'; readonly node: string }
  | { readonly kind: 'set-quota'; readonly quota: QuotaSetup };

/** An action at a time, in ms from the beginning. */
export type Happening = { readonly atMs: number; readonly action: Action };

/** A cluster as it is at the beginning, how its pods behave, and what happens to it. */
export type Scenario = {
  readonly name: string;
  /** Of everything that is drawn by lot. */
  readonly seed: number;
  readonly nodes: readonly NodePool[];
  readonly deployments: readonly DeploymentSetup[];
  readonly quotas: readonly QuotaSetup[];
  readonly happenings: readonly Happening[];
  /** Pods get on at multiples of so many ms, the nearest ones; where it is left out, at any moment. */
  readonly grainMs?: number;
};
