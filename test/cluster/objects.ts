// The objects of the API as JSON has them, as far as the tests look at them.
import type { KubeObject } from './follow.ts';

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

export interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: { readonly exitCode: number; readonly reason?: string };
}

export interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly state: ContainerState;
  readonly lastState?: ContainerState;
}

export interface Pod extends KubeObject {
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly phase?: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
    readonly startTime?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

export interface Deployment extends KubeObject {
  readonly spec: { readonly replicas: number };
  readonly status: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
    readonly terminatingReplicas?: number;
    readonly conditions?: readonly Condition[];
  };
}

export interface ReplicaSet extends KubeObject {
  readonly spec: { readonly replicas: number };
  readonly status: { readonly replicas?: number; readonly conditions?: readonly Condition[] };
}

export interface Scale extends KubeObject {
  readonly spec: { readonly replicas: number };
}

export interface KubeEvent extends KubeObject {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly involvedObject: { readonly kind: string; readonly name: string };
}

export interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

export interface Lease extends KubeObject {
  readonly spec: { readonly holderIdentity?: string; readonly acquireTime?: string; readonly renewTime?: string };
}

export interface ResourceQuota extends KubeObject {
  readonly status: { readonly hard?: Readonly<Record<string, string>> };
}

export interface Node extends KubeObject {
  readonly spec: { readonly taints?: readonly { readonly key: string }[]; readonly unschedulable?: boolean };
  readonly status: {
    readonly allocatable?: Readonly<Record<string, string>>;
    readonly conditions?: readonly Condition[];
  };
}

export const isReady = ({ status }: Pod | Node): boolean =>
  status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false;

/** The namespaced kinds that tests use, by the name they have in a path. */
export interface Kinds {
  readonly pods: Pod;
  readonly events: KubeEvent;
  readonly configmaps: ConfigMap;
  readonly services: KubeObject;
  readonly serviceaccounts: KubeObject;
  readonly resourcequotas: ResourceQuota;
  readonly deployments: Deployment;
  readonly replicasets: ReplicaSet;
  readonly leases: Lease;
  readonly horizontalpodautoscalers: KubeObject;
  readonly poddisruptionbudgets: KubeObject;
  readonly roles: KubeObject;
  readonly rolebindings: KubeObject;
}

export type Kind = keyof Kinds;

const groupOf: Readonly<Record<Kind, string>> = {
  pods: 'api/v1',
  events: 'api/v1',
  configmaps: 'api/v1',
  services: 'api/v1',
  serviceaccounts: 'api/v1',
  resourcequotas: 'api/v1',
  deployments: 'apis/apps/v1',
  replicasets: 'apis/apps/v1',
  leases: 'apis/coordination.k8s.io/v1',
  horizontalpodautoscalers: 'apis/autoscaling/v2',
  poddisruptionbudgets: 'apis/policy/v1',
  roles: 'apis/rbac.authorization.k8s.io/v1',
  rolebindings: 'apis/rbac.authorization.k8s.io/v1',
};

/** E.g. `/apis/apps/v1/namespaces/x/deployments`. */
export const collectionPath = (namespace: string, kind: Kind): string =>
  `/${groupOf[kind]}/namespaces/${namespace}/${kind}`;
