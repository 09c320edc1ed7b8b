import type { Cluster } from '../cluster/port.ts';
import type { Refusal } from '../upgrade/refusal.ts';
import { type PerSide, perSide } from '../upgrade/side.ts';
import type { UpgradeSpec } from '../upgrade/spec.ts';
import { type Capacity, readCapacity } from './capacity.ts';
import type { Clock } from './clock.ts';
import { replicasOf, type SideObjects } from './observe.ts';
import { preflight, readSide } from './preflight.ts';

/** What a plan is made from: both sides as they stand, and what `start` would refuse. */
export type Survey = {
  /** `spec.replicas` of both sides. */
  readonly counts: PerSide<number>;
  readonly capacity: Capacity;
  /** Without what the limits do to the way, which the plan itself shows. */
  readonly obstacles: readonly Refusal[];
};

/** Reads only. Where a Deployment is missing there is nothing to plan, and the answer is only what `start` would refuse. */
export const survey = async (
  { cluster, clock }: { readonly cluster: Cluster; readonly clock: Clock },
  spec: UpgradeSpec,
): Promise<Survey | readonly Refusal[]> => {
  const found = await preflight({ cluster, clock }, spec);
  const refused = 'main' in found ? [] : found;
  const sides = 'main' in found ? found : await readBoth(cluster, spec);
  if (sides === undefined) return refused;
  return {
    counts: perSide((side) => replicasOf(sides[side].deployment)),
    capacity: await readCapacity(cluster, sides),
    obstacles: refused.filter(({ check }) => check !== 'limits'),
  };
};

const readBoth = async (cluster: Cluster, spec: UpgradeSpec): Promise<PerSide<SideObjects> | undefined> => {
  const { deployments } = spec;
  const [main, grey] = await Promise.all([readSide(cluster, deployments.main), readSide(cluster, deployments.grey)]);
  return main === undefined || grey === undefined ? undefined : { main, grey };
};
