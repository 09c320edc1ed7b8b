import type {
  ClusterNode,
  Condition,
  ConfigMap,
  ContainerStatus,
  Deployment,
  HorizontalPodAutoscaler,
  KubernetesEvent,
  Lease,
  ObjectMeta,
  Pod,
  PodDisruptionBudget,
  Probe,
  Quantities,
  ReplicaSet,
  ScaledObject,
  Service,
  VerticalPodAutoscaler,
} from '../port.ts';

/**
 * The objects of the cluster, in the form that the API gives them, with more fields than the port asks for: a sandbox shows
 * them to kubectl. They are values: none is ever changed, each change makes another one.
 */
export type Container = {
  readonly name: string;
  readonly image: string;
  readonly resources: { readonly requests: Quantities; readonly limits: Quantities };
  readonly readinessProbe?: Probe;
};

export type PodSpec = {
  readonly containers: readonly Container[];
  readonly terminationGracePeriodSeconds: number;
  readonly restartPolicy: 'Always';
  readonly schedulerName: string;
  readonly nodeName?: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
};

export type PodTemplate = {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: PodSpec;
};

/** What the counts of a Deployment and of a ReplicaSet have in common. */
export type Counts = {
  readonly observedGeneration: number;
  readonly replicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
  readonly terminatingReplicas: number;
  readonly conditions: readonly Condition[];
};

export type DeploymentStatus = Counts & { readonly updatedReplicas: number; readonly unavailableReplicas: number };

export type VirtualDeployment = Deployment & {
  readonly spec: {
    readonly replicas: number;
    readonly template: PodTemplate;
    readonly strategy: {
      readonly type: 'RollingUpdate';
      readonly rollingUpdate: { readonly maxSurge: string; readonly maxUnavailable: string };
    };
    readonly revisionHistoryLimit: number;
    readonly progressDeadlineSeconds: number;
  };
  readonly status: Partial<DeploymentStatus>;
};

export type VirtualReplicaSet = ReplicaSet & {
  readonly spec: {
    readonly replicas: number;
    readonly selector: Deployment['spec']['selector'];
    readonly template: PodTemplate;
  };
  readonly status: Partial<Counts> & { readonly fullyLabeledReplicas?: number };
};

export type PodStatus = {
  readonly phase: 'Pending' | 'Running';
  readonly startTime?: string;
  readonly conditions: readonly Condition[];
  readonly containerStatuses?: readonly ContainerStatus[];
};

export type VirtualPod = Pod & {
  readonly metadata: ObjectMeta & { readonly deletionGracePeriodSeconds?: number };
  readonly spec: PodSpec;
  readonly status: PodStatus;
};

export type Taint = { readonly key: string; readonly effect: string };

export type VirtualNode = ClusterNode & {
  readonly spec: { readonly taints?: readonly Taint[] };
  readonly status: {
    readonly capacity: Quantities;
    readonly allocatable: Quantities;
    readonly conditions: readonly Condition[];
  };
};

export type VirtualQuota = {
  readonly metadata: ObjectMeta;
  readonly spec: { readonly hard: Quantities };
  readonly status: { readonly hard: Quantities; readonly used: Quantities };
};

export type VirtualNamespace = { readonly metadata: ObjectMeta; readonly status: { readonly phase: 'Active' } };

/** Every kind that the cluster keeps, by the name of its resource in the API. Nodes and namespaces have no namespace: ''. */
export type StoredKinds = {
  readonly deployments: VirtualDeployment;
  readonly replicasets: VirtualReplicaSet;
  readonly pods: VirtualPod;
  readonly configmaps: ConfigMap;
  readonly leases: Lease;
  readonly events: KubernetesEvent;
  readonly nodes: VirtualNode;
  readonly resourcequotas: VirtualQuota;
  readonly namespaces: VirtualNamespace;
  /** Of these there are none: nothing in here makes them. */
  readonly services: Service;
  readonly horizontalpodautoscalers: HorizontalPodAutoscaler;
  readonly poddisruptionbudgets: PodDisruptionBudget;
  readonly scaledobjects: ScaledObject;
  readonly verticalpodautoscalers: VerticalPodAutoscaler;
};

/** Kinds that an API server has only where somebody has installed them; nobody has, here. */
export type MissingKind = 'scaledobjects' | 'verticalpodautoscalers';

export type StoredKind = keyof StoredKinds;

export const ownerOf = ({ metadata }: { readonly metadata: ObjectMeta }) =>
  metadata.ownerReferences?.find((owner) => owner.controller);

export const conditionOf = (
  { conditions }: { readonly conditions?: readonly Condition[] },
  type: string,
): Condition | undefined => conditions?.find((condition) => condition.type === type);

export const isReady = ({ status }: VirtualPod): boolean => conditionOf(status, 'Ready')?.status === 'True';

export const isTerminating = ({ metadata }: VirtualPod): boolean => metadata.deletionTimestamp !== undefined;
