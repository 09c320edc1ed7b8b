import type { Cause, Reason } from '../upgrade/health.ts';
import { type PerSide, SIDES, type Side } from '../upgrade/side.ts';
import { conditionOf, ownReplicaSets, type SideObjects } from './observe.ts';
import type { Alike } from './pods.ts';

/** Reasons from what cannot heal by itself to what only takes its time: the first is the one to tell. */
const GRAVITY: readonly Reason[] = [
  'quota',
  'image',
  'config',
  'crash',
  'unschedulable',
  'not-ready',
  'starting',
  'terminating',
];

/** What keeps pods of a side from becoming ready, or removed ones from going: alike ones together, the gravest first. */
export const causesOf = (side: Side, objects: SideObjects): readonly Cause[] => {
  const causes = new Map<Reason, Cause>();
  for (const { metadata } of ownReplicaSets(objects)) {
    for (const [reason, pods] of objects.pods.findingsOf(metadata.uid)) {
      const cause = causes.get(reason) ?? firstOf(side, reason, pods);
      if (cause !== undefined) causes.set(reason, { ...cause, pods: cause.pods + pods.size });
    }
  }
  const quota = refusedByQuota(objects);
  if (quota !== undefined) causes.set('quota', { reason: 'quota', side, pods: 0, message: quota });
  return [...causes.values()].toSorted(byGravity);
};

/** The cause with the first of its pods to show, and none counted yet. */
const firstOf = (side: Side, reason: Reason, pods: Alike): Cause | undefined => {
  const [first] = pods.values();
  if (first === undefined) return undefined;
  const { message } = first.finding;
  return { reason, side, pods: 0, example: first.pod.metadata.name, ...(message === undefined ? {} : { message }) };
};

/** The causes of both sides, the gravest first. */
export const causesOfBoth = (objects: PerSide<SideObjects>): readonly Cause[] =>
  SIDES.flatMap((side) => causesOf(side, objects[side])).toSorted(byGravity);

const byGravity = (a: Cause, b: Cause): number => GRAVITY.indexOf(a.reason) - GRAVITY.indexOf(b.reason);

const refusedByQuota = (objects: SideObjects): string | undefined => {
  const failures = ownReplicaSets(objects).map((set) => conditionOf(set.status?.conditions, 'ReplicaFailure'));
  return failures.find((failure) => failure?.status === 'True' && failure.message?.includes('quota'))?.message;
};
