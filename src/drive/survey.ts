import type { Cluster } from '../cluster/port.ts';
import type { Refusal } from '../upgrade/refusal.ts';
import { type PerSide, perSide } from '../upgrade/side.ts';
import type { UpgradeSpec } from '../upgrade/spec.ts';
import { type Capacity, readCapacity } from './capacity.ts';
import type { Clock } from './clock.ts';
import { replicasOf } from './observe.ts';
import { preflight } from './preflight.ts';

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
  const { sides, refusals } = await preflight({ cluster, clock }, spec);
  if (sides === undefined) return refusals;
  return {
    counts: perSide((side) => replicasOf(sides[side].deployment)),
    capacity: await readCapacity(cluster, sides),
    obstacles: refusals.filter(({ check }) => check !== 'limits'),
  };
};
