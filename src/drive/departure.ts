import { type PerSide, perSide, SIDES } from '../upgrade/side.ts';
import { ownReplicaSets, replicasOf, type SideObjects } from './observe.ts';

/**
 * Notices that a side has lost the last of its pods that was not removed. It is how the end of a namespace shows first
 * where that may not be followed (`Namespaces`): its pods are deleted at once and none is made in their place, ten seconds before its Deployments go; and no condition or Event
 * tells, since Kubernetes writes none of a namespace that is on its way out.
 */
export class Departure {
  #staying: PerSide<number> | undefined;

  /** Whether a side is without pods that it should have, and was not when last looked at; a first look counts as well. */
  isNew(objects: PerSide<SideObjects>): boolean {
    const before = this.#staying;
    const staying = perSide((side) => stayingOf(objects[side]));
    this.#staying = staying;
    return SIDES.some(
      (side) => replicasOf(objects[side].deployment) > 0 && staying[side] === 0 && before?.[side] !== 0,
    );
  }
}

/** How many of its pods are not on their way out. */
const stayingOf = (objects: SideObjects): number =>
  ownReplicaSets(objects)
    .map(({ metadata }) => objects.pods.countsOf(metadata.uid))
    .reduce((sum, { pods, terminating }) => sum + pods - terminating, 0);
