import { type Deployment, FIELD_MANAGER } from '../cluster/port.ts';
import type { Outcome } from '../upgrade/outcome.ts';
import type { UpgradeRecord } from '../upgrade/record.ts';
import { type PerSide, SIDES, type Side } from '../upgrade/side.ts';
import { replicasOf, type SideObjects, templateOf, writerOf } from './observe.ts';

/**
 * The ending that a Deployment is being deleted, or is another one than the upgrade began with, or has another template.
 */
export const replaced = (record: UpgradeRecord, objects: PerSide<SideObjects>): Outcome | undefined => {
  for (const side of SIDES) {
    const { deployment } = objects[side];
    const known = record.deployments[side];
    if (deployment.metadata.uid !== known.uid) return { kind: 'deployment-gone', side, replaced: true };
    // Something holds it up; of what is asked of it nothing is done any more.
    if (deployment.metadata.deletionTimestamp !== undefined)
      return { kind: 'deployment-gone', side, replaced: false, leaving: true };
    const template = templateOf(objects[side]);
    if (template !== undefined && template !== known.template) {
      return { kind: 'template-changed', side, manager: writerOf(deployment, 'template')?.manager ?? 'unknown' };
    }
  }
  return undefined;
};

/** A count that is not what the driver left: another driver's, or the ending that somebody else wrote it. */
export const foreignWrite = (
  expected: PerSide<number>,
  objects: PerSide<SideObjects>,
): Extract<Outcome, { kind: 'foreign-write' }> | { readonly kind: 'other-driver'; readonly side: Side } | undefined => {
  const side = SIDES.find((each) => replicasOf(objects[each].deployment) !== expected[each]);
  if (side === undefined) return undefined;
  const { deployment } = objects[side];
  const writer = writerOf(deployment, 'replicas');
  if (writer?.manager === FIELD_MANAGER) return { kind: 'other-driver', side };
  const manager = writer?.manager ?? 'unknown';
  const found = replicasOf(deployment);
  return {
    kind: 'foreign-write',
    side,
    expected: expected[side],
    found,
    manager,
    ...(writer?.time ? { at: writer.time } : {}),
  };
};

/** A side that was scaled while no driver ran, and by whom. */
export type ScaledSince = { readonly side: Side; readonly from: number; readonly to: number; readonly manager: string };

/**
 * The sides that others have scaled since the record was written. A driver that died between a write and its record
 * leaves a count that the record does not know, but that dupgrade wrote: that one is no other's.
 */
export const scaledSince = (asked: PerSide<number>, objects: PerSide<SideObjects>): readonly ScaledSince[] =>
  SIDES.flatMap((side) => {
    const { deployment } = objects[side];
    const to = replicasOf(deployment);
    const manager = writerOf(deployment, 'replicas')?.manager;
    // No owner is kept of a scale to 0: such a count may be ours, and is what we would leave.
    const isOurs = manager === FIELD_MANAGER || (manager === undefined && to === 0);
    return to === asked[side] || isOurs ? [] : [{ side, from: asked[side], to, manager: manager ?? 'somebody' }];
  });

/**
 * Whether a Deployment stands at a count that this program tried to write. Who wrote it is not always known: the API server
 * keeps no owner of a scale to 0, nor (as of 1.36) of any later one through the scale subresource.
 */
export const isOurWrite = (deployment: Deployment, replicas: number): boolean => {
  const manager = writerOf(deployment, 'replicas')?.manager;
  return replicasOf(deployment) === replicas && (manager === FIELD_MANAGER || manager === undefined);
};
