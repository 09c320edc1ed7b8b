/**
 * What the rest of the program asks of a Kubernetes cluster. Objects are those of the API, as JSON, with the fields that
 * are used here; an adapter may leave out others when it reads and must keep them when it replaces.
 */

export type ObjectRef = { readonly namespace: string; readonly name: string };

export type ObjectMeta = {
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly {
    readonly uid: string;
    readonly kind: string;
    readonly name: string;
    readonly controller?: boolean;
  }[];
  readonly finalizers?: readonly string[];
  readonly managedFields?: readonly ManagedFields[];
};

export type ManagedFields = {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  readonly time?: string;
  readonly fieldsV1?: Readonly<Record<string, unknown>>;
};

export type LabelSelector = {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
};

export type Condition = {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
};

/** Amounts by resource, as Kubernetes writes them: `{ cpu: '500m', memory: '2Gi', 'nvidia.com/gpu': '8' }`. */
export type Quantities = Readonly<Record<string, string>>;

export type Container = {
  readonly name: string;
  readonly image: string;
  /** What is not a plain value has fields that are not used here. */
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly resources?: { readonly requests?: Quantities; readonly limits?: Quantities };
  /** Of an init container: `Always` makes it one that runs beside the others. */
  readonly restartPolicy?: string;
  readonly readinessProbe?: Probe;
};

export type Probe = {
  readonly initialDelaySeconds?: number;
  readonly periodSeconds?: number;
  readonly failureThreshold?: number;
};

/** What of a pod says how much room it takes, and where. */
export type PodSpec = {
  readonly nodeName?: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly {
    readonly key?: string;
    readonly operator?: string;
    readonly value?: string;
    readonly effect?: string;
  }[];
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly overhead?: Quantities;
  readonly terminationGracePeriodSeconds?: number;
};

export type Deployment = {
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly replicas?: number;
    readonly paused?: boolean;
    readonly minReadySeconds?: number;
    readonly selector: LabelSelector;
    readonly template: {
      readonly metadata?: {
        readonly labels?: Readonly<Record<string, string>>;
        readonly annotations?: Readonly<Record<string, string>>;
      };
      readonly spec?: PodSpec;
    };
  };
  readonly status?: { readonly observedGeneration?: number; readonly conditions?: readonly Condition[] };
};

export type ReplicaSet = {
  readonly metadata: ObjectMeta;
  readonly spec: { readonly replicas?: number };
  readonly status?: {
    readonly replicas?: number;
    readonly observedGeneration?: number;
    readonly conditions?: readonly Condition[];
  };
};

export type ContainerStatus = {
  readonly name: string;
  readonly ready?: boolean;
  readonly restartCount?: number;
  /** Whether its startup probe has passed; true where it has none and it runs. */
  readonly started?: boolean;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
};

export type ContainerState = {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: {
    readonly exitCode?: number;
    readonly reason?: string;
    readonly message?: string;
    readonly startedAt?: string;
    readonly finishedAt?: string;
  };
};

export type Pod = {
  readonly metadata: ObjectMeta;
  /** What it requests only where a list asked for `requests`; else its node alone. */
  readonly spec?: PodSpec;
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly conditions?: readonly Condition[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
};

/** A machine of the cluster. It is in no namespace: there is none in its metadata, and a ref to it has ''. */
export type ClusterNode = {
  readonly metadata: ObjectMeta;
  readonly spec?: {
    /** Cordoned: nothing is scheduled to it. */
    readonly unschedulable?: boolean;
    readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  };
  readonly status?: { readonly allocatable?: Quantities; readonly conditions?: readonly Condition[] };
};

export type ConfigMap = { readonly metadata: ObjectMeta; readonly data?: Readonly<Record<string, string>> };

export type Lease = {
  readonly metadata: ObjectMeta;
  readonly spec?: {
    readonly holderIdentity?: string | null;
    readonly leaseDurationSeconds?: number | null;
    /** RFC 3339 with six digits of a second. */
    readonly acquireTime?: string | null;
    readonly renewTime?: string | null;
    readonly leaseTransitions?: number | null;
  };
};

/** A core/v1 Event, which `kubectl describe` shows with the object that it is about. */
export type KubernetesEvent = {
  readonly metadata: ObjectMeta;
  readonly involvedObject: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly uid?: string;
    /** Of a pod: `spec.containers{server}`. */
    readonly fieldPath?: string;
  };
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly source: { readonly component: string };
  readonly reportingComponent: string;
  readonly reportingInstance: string;
  /** Those of the scheduler have `eventTime` and `series` in place of these three. */
  readonly firstTimestamp: string | null;
  readonly lastTimestamp: string | null;
  readonly count?: number;
  readonly eventTime?: string | null;
  readonly series?: { readonly count: number; readonly lastObservedTime: string };
};

export type Service = {
  readonly metadata: ObjectMeta;
  readonly spec?: { readonly selector?: Readonly<Record<string, string>> | null };
};

/** What is to be scaled, or looked after, by a name in the same namespace. */
export type TargetRef = { readonly kind?: string; readonly name?: string };

export type HorizontalPodAutoscaler = {
  readonly metadata: ObjectMeta;
  readonly spec?: { readonly scaleTargetRef?: TargetRef };
};

/** Of KEDA. A target without a kind is a Deployment. */
export type ScaledObject = { readonly metadata: ObjectMeta; readonly spec?: { readonly scaleTargetRef?: TargetRef } };

export type VerticalPodAutoscaler = {
  readonly metadata: ObjectMeta;
  readonly spec?: { readonly targetRef?: TargetRef; readonly updatePolicy?: { readonly updateMode?: string } };
};

export type PodDisruptionBudget = {
  readonly metadata: ObjectMeta;
  readonly spec?: { readonly selector?: LabelSelector };
};

export type ResourceQuota = {
  readonly metadata: ObjectMeta;
  readonly spec?: {
    readonly hard?: Quantities;
    /** It counts only some pods: those of a priority class, best-effort ones. */
    readonly scopes?: readonly string[];
    readonly scopeSelector?: object;
  };
  readonly status?: { readonly hard?: Quantities; readonly used?: Quantities };
};

/** One that is being deleted says so by its `deletionTimestamp`, before anything in it goes. */
export type Namespace = { readonly metadata: ObjectMeta };

/** The kinds that are used, by the name of their resource in the API. */
export type Kinds = {
  readonly deployments: Deployment;
  readonly replicasets: ReplicaSet;
  readonly pods: Pod;
  readonly configmaps: ConfigMap;
  readonly leases: Lease;
  readonly events: KubernetesEvent;
  readonly nodes: ClusterNode;
  /** By its name only: who has rights in one namespace may read and follow that one, and list none. */
  readonly namespaces: Namespace;
  readonly services: Service;
  readonly horizontalpodautoscalers: HorizontalPodAutoscaler;
  readonly poddisruptionbudgets: PodDisruptionBudget;
  readonly resourcequotas: ResourceQuota;
  /** Not every cluster has these two: a list of them rejects with `not-found` where they are not installed. */
  readonly scaledobjects: ScaledObject;
  readonly verticalpodautoscalers: VerticalPodAutoscaler;
};

export type Kind = keyof Kinds;

/** What dupgrade writes whole. A Deployment is never among it: one that is there is only ever scaled. */
export type WritableKind = 'configmaps' | 'leases' | 'events';

/** What it makes; a Deployment only where somebody asks for one, as a clone of another with 0 replicas. */
export type CreatableKind = WritableKind | 'deployments';

/** Which objects of a kind: of one namespace or of all, by name, by labels or by fields. */
export type Selection = {
  readonly namespace?: string;
  readonly name?: string;
  readonly labels?: LabelSelector;
  /** By the few fields that the API server selects by, e.g. `involvedObject.uid` of Events: it sends no others. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Of pods, also what they request: for a list that is looked at once, and left out of what is kept. */
  readonly requests?: boolean;
};

/** The name under which a cluster keeps what is written through the port in `metadata.managedFields`. */
export const FIELD_MANAGER = 'dupgrade';

/** An object of a live copy that is there in another version than before, or for the first time, or not any more. */
export type CopyChange<T> = { readonly object: T; readonly isGone: boolean };

/** A live copy of a selection of objects. */
export type Follower<T> = {
  /** The objects as last heard of; empty before `synced`. */
  readonly objects: () => readonly T[];
  /** Resolves when the objects were first read; rejects with a ClusterError where they may not be read. */
  readonly synced: Promise<void>;
  /** Reads them again, whatever the watch says: the safety net under a watch that fell silent. Rejects as `list` does. */
  readonly refresh: () => Promise<void>;
  readonly close: () => void;
};

/** The last lines of what a container wrote. */
export type LogRequest = {
  readonly container: string;
  /** Of the run before the one that is under way. */
  readonly previous: boolean;
  readonly tailLines: number;
  readonly limitBytes: number;
};

export type Access = {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace: string;
};

/**
 * The port. Every call rejects with a ClusterError and nothing else. What passes by itself (a lost connection, 429, 5xx, a
 * watch that ends) is retried inside, until `unreachable`.
 */
export type Cluster = {
  /** The object, or undefined where there is none. */
  readonly get: <K extends Kind>(kind: K, ref: ObjectRef) => Promise<Kinds[K] | undefined>;
  readonly list: <K extends Kind>(kind: K, selection: Selection) => Promise<readonly Kinds[K][]>;
  /** Rejects with `exists` where an object of that name is there already. */
  readonly create: <K extends CreatableKind>(kind: K, object: Kinds[K]) => Promise<Kinds[K]>;
  /**
   * Replaces the version that `metadata.resourceVersion` names; rejects with `conflict` where there is a newer one. `mayWrite`
   * is asked before every attempt: where it says no there is none, and the call rejects with `conflict`.
   */
  readonly replace: <K extends WritableKind>(kind: K, object: Kinds[K], mayWrite?: () => boolean) => Promise<Kinds[K]>;
  /**
   * Sets `spec.replicas` through the scale subresource, if the Deployment is still at `resourceVersion`; rejects with
   * `conflict` where it is not. Answers with the Deployment's new resourceVersion. `mayWrite` is as in `replace`.
   */
  readonly scale: (
    ref: ObjectRef,
    replicas: number,
    resourceVersion: string,
    mayWrite?: () => boolean,
  ) => Promise<{ readonly resourceVersion: string }>;
  /** Keeps a live copy, and calls `changed` after it has changed, with everything that has changed since the last call. */
  readonly follow: <K extends Kind>(
    kind: K,
    selection: Selection,
    changed: (changes: readonly CopyChange<Kinds[K]>[]) => void,
  ) => Follower<Kinds[K]>;
  /**
   * The last lines that a container of a pod wrote, each fit for a message to a person; rejects with `invalid` where it has
   * not run yet. It is tried once: a node that does not answer for its pods is no reason to wait.
   */
  readonly log: (pod: ObjectRef, request: LogRequest) => Promise<readonly string[]>;
  /** Those of them that this user may not do, in their order. */
  readonly denied: (wanted: readonly Access[]) => Promise<readonly Access[]>;
};

export type Fault =
  | 'not-found'
  | 'conflict'
  | 'exists'
  /** The user may not do that (403). */
  | 'forbidden'
  /** Nothing can be made in the namespace any more, since it is being deleted (403). */
  | 'namespace-leaving'
  /** The user is not known (401), or has no credentials. */
  | 'unauthorized'
  /** No answer for as long as was to be waited, or no cluster to ask. */
  | 'unreachable'
  /** The API server found fault with the request (400, 422). */
  | 'invalid';

/** What a cluster answers instead of what was asked for. `message` is a sentence for a person, without secrets. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
  readonly fault: Fault;

  constructor(fault: Fault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

/** `a` is the same version as `b` or a newer one. Kubernetes promises since 1.35 that they compare as whole numbers. */
export const atLeastVersion = (a: string | undefined, b: string | undefined): boolean => {
  if (a === undefined || b === undefined) return true;
  return /^\d+$/.test(a) && /^\d+$/.test(b) ? BigInt(a) >= BigInt(b) : true;
};
