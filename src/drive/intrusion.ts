import { type Deployment, FIELD_MANAGER } from '../cluster/port.ts';
import type { Outcome } from '../upgrade/outcome.ts';
import type { UpgradeRecord } from '../upgrade/record.ts';
import { type PerSide, SIDES, type Side } from '../upgrade/side.ts';
import { replicasOf, type SideObjects, templateOf, writerOf } from './observe.ts';

/** The ending that a Deployment is gone, or is another one than the upgrade began with, or has another template. */
export const replaced = (record: UpgradeRecord, objects: PerSide<SideObjects>): Outcome | undefined => {
  for (const side of SIDES) {
    const { deployment } = objects[side];
    const known = record.deployments[side];
    if (deployment.metadata.uid !== known.uid) return { kind: 'deployment-gone', side, replaced: true };
    const template = templateOf(objects[side]);
    if (template !== undefined && template !== known.template) {
      return { kind: 'template-changed', side, manager: writerOf(deployment, 'template')?.manager ?? 'unknown' };
    }
  }
  return undefined;
};

/** The ending that somebody else wrote `spec.replicas`, which must be what the driver left. */
export const foreignWrite = (expected: PerSide<number>, objects: PerSide<SideObjects>): Outcome | undefined => {
  const side = SIDES.find((each) => replicasOf(objects[each].deployment) !== expected[each]);
  if (side === undefined) return undefined;
  const { deployment } = objects[side];
  const writer = writerOf(deployment, 'replicas');
  if (writer?.manager === FIELD_MANAGER) {
    // Nobody but a driver writes under that name: one that took the lock, as this one will learn when it renews it.
    const { namespace, name } = deployment.metadata;
    return { kind: 'locked', holder: 'another dupgrade', deployment: `${namespace}/${name}` };
  }
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
    const manager = writerOf(deployment, 'replicas')?.manager ?? 'somebody';
    return to === asked[side] || manager === FIELD_MANAGER ? [] : [{ side, from: asked[side], to, manager }];
  });

/** Whether a Deployment stands at a count that this program wrote. */
export const isOurWrite = (deployment: Deployment, replicas: number): boolean =>
  replicasOf(deployment) === replicas && writerOf(deployment, 'replicas')?.manager === FIELD_MANAGER;
