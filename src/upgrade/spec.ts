import type { Way } from './leg.ts';
import type { Limits } from './limits.ts';
import type { PodReplacementPolicy } from './observation.ts';
import type { PerSide } from './side.ts';

export type DeploymentRef = { readonly namespace: string; readonly name: string };

/** What a spec file asks for, every default filled in. The upgrade lives in the namespace of main. */
export type UpgradeSpec = {
  readonly name: string;
  readonly deployments: PerSide<DeploymentRef>;
  /** The replicas at which each side must end. */
  readonly targets: PerSide<number>;
  readonly way: Way;
  readonly limits: Limits;
  readonly progressDeadlineMs: number;
  readonly podReplacementPolicy: PodReplacementPolicy;
};

/** `namespace/name`: there is one upgrade of it in a cluster. */
export const fullNameOf = (spec: UpgradeSpec): string => `${namespaceOf(spec)}/${spec.name}`;

export const namespaceOf = (spec: UpgradeSpec): string => spec.deployments.main.namespace;
