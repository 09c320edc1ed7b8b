import type { Pod, PodSpec } from '../cluster/port.ts';
import { type Cause, POD_REASONS } from '../upgrade/health.ts';
import { type PerSide, perSide, type Side } from '../upgrade/side.ts';
import type { Finding } from './container-finding.ts';
import { conditionOf, ownReplicaSets, type SideObjects } from './observe.ts';
import { type PodEvidence, podFinding, sinceOf } from './pod-finding.ts';

/** What was asked about pods, by their uids. */
export type Evidence = ReadonlyMap<string, PodEvidence>;

const NO_EVIDENCE: Evidence = new Map();

/** Pods that show the same at first glance. */
export type Alike = {
  readonly finding: Finding;
  /** The one that has shown it for the longest. */
  readonly example: Pod;
  readonly since: string;
  /** How many they are. */
  readonly pods: number;
  /** All of them, by uid. */
  readonly groups: readonly ReadonlyMap<string, Pod>[];
};

/**
 * What keeps pods of a side from becoming ready, or removed ones from going: alike ones together, the gravest first. What
 * was asked about one of them tells about all that are like it, since they are of one template; but not about their nodes.
 */
export const causesOf = (side: Side, objects: SideObjects, evidence: Evidence = NO_EVIDENCE): readonly Cause[] =>
  causesOfAlike(side, objects, evidence, alikeOf(objects)).toSorted(byGravity);

const causesOfAlike = (
  side: Side,
  objects: SideObjects,
  evidence: Evidence,
  alike: readonly Alike[],
): readonly Cause[] => {
  const template = objects.deployment.spec.template.spec;
  const causes = new Map<string, Cause>();
  const add = (finding: Finding, example: Pod, since: string, pods: number): void => {
    if (pods === 0) return;
    const key = `${finding.reason} ${finding.doomed === true} ${finding.detail?.kind === 'node' ? finding.detail.node : ''}`;
    const known = causes.get(key);
    const { name, namespace } = example.metadata;
    causes.set(
      key,
      known === undefined
        ? { side, pods, example: name, namespace, ...(since !== '' && { since }), ...finding }
        : { ...known, pods: known.pods + pods },
    );
  };
  const about = (pod: Pod): PodEvidence | undefined => evidence.get(pod.metadata.uid ?? '');
  for (const { finding, example, since, pods } of apart(alike, about)) {
    const known = about(example);
    const closer = known === undefined ? finding : (podFinding(example, template, known) ?? finding);
    add(closer, example, since, pods);
  }
  const quota = refusedByQuota(side, objects);
  return [...causes.values(), ...quota];
};

/** Those that are alike; but where what was asked `about` one of them is about its node, those that are elsewhere are apart. */
export const apart = (alike: readonly Alike[], about: (example: Pod) => PodEvidence | undefined): readonly Alike[] =>
  alike.flatMap((group): readonly Alike[] => {
    const { finding, example, since } = group;
    const known = about(example);
    const isNodes = finding.reason !== 'node' && known && podFinding(example, {}, known)?.reason === 'node';
    if (!isNodes) return [group];
    const isThere = ({ spec }: Pod): boolean => spec?.nodeName === example.spec?.nodeName;
    const others = only(group, (pod) => !isThere(pod));
    if (others === undefined) return [group];
    // Those that are there are told by the one that was asked about.
    const there = { ...group, ...only(group, isThere), example, since };
    // It goes no deeper than as many pods as were asked about, which are a few.
    return [there, ...apart([others], about)];
  });

/** Those of a group of which something is true; undefined where there are none. */
const only = ({ finding, groups }: Alike, is: (pod: Pod) => boolean): Alike | undefined => {
  const left = groups.map((pods) => new Map([...pods].filter(([, pod]) => is(pod))));
  const [example, ...others] = left.flatMap((pods) => [...pods.values()]);
  if (example === undefined) return undefined;
  return { finding, example, since: sinceOf(example), pods: 1 + others.length, groups: left };
};

/** The causes of both sides, the gravest first. `ask` is told of the pods that stand still, and answers with what it knows. */
export const causesOfBoth = (
  objects: PerSide<SideObjects>,
  ask: (alike: readonly Alike[]) => Evidence = () => NO_EVIDENCE,
): readonly Cause[] => {
  const { main, grey } = perSide((side) => alikeOf(objects[side]));
  const evidence = ask([...main, ...grey]);
  return [
    ...causesOfAlike('main', objects.main, evidence, main),
    ...causesOfAlike('grey', objects.grey, evidence, grey),
  ].toSorted(byGravity);
};

const byGravity = (a: Cause, b: Cause): number =>
  Number(b.doomed === true) - Number(a.doomed === true) || gravityOf(a) - gravityOf(b);

const GRAVITY: ReadonlyMap<string, number> = new Map(POD_REASONS.map((reason, at) => [reason, at]));

const gravityOf = ({ reason }: Cause): number => GRAVITY.get(reason) ?? -1;

/** The pods of a side that are not ready, or are to go, by what they show without being asked. */
export const alikeOf = (objects: SideObjects): readonly Alike[] => {
  const template = objects.deployment.spec.template.spec;
  const groups = new Map<string, Alike>();
  for (const { metadata } of ownReplicaSets(objects)) {
    for (const [likeness, pods] of objects.pods.alikeOf(metadata.uid)) {
      const [example] = pods.values();
      if (example === undefined) continue;
      const { finding, since } = shownBy(example, template);
      if (finding === undefined) continue;
      const group = { finding, example, since, pods: pods.size, groups: [pods] };
      const known = groups.get(likeness);
      groups.set(likeness, known === undefined ? group : together(known, group));
    }
  }
  return [...groups.values()];
};

type Shown = {
  readonly template: PodSpec | undefined;
  readonly finding: Finding | undefined;
  readonly since: string;
};

const shown = new WeakMap<Pod, Shown>();

/** What a pod shows without being asked, worked out once: an example stays the same while hundreds come and go. */
const shownBy = (pod: Pod, template: PodSpec | undefined): Shown => {
  const known = shown.get(pod);
  if (known !== undefined && known.template === template) return known;
  const made = { template, finding: podFinding(pod, template), since: sinceOf(pod) };
  shown.set(pod, made);
  return made;
};

/** Pods of two ReplicaSets that show the same. */
const together = (a: Alike, b: Alike): Alike => ({
  ...(b.since < a.since ? b : a),
  pods: a.pods + b.pods,
  groups: [...a.groups, ...b.groups],
});

const refusedByQuota = (side: Side, objects: SideObjects): readonly Cause[] => {
  for (const { metadata, spec, status } of ownReplicaSets(objects)) {
    // A failure may be of yesterday: it stays until the ReplicaSet is looked at again.
    if (spec.replicas !== undefined && (status?.replicas ?? 0) >= spec.replicas) continue;
    const failure = conditionOf(status?.conditions, 'ReplicaFailure');
    if (failure?.status !== 'True' || !failure.message?.includes('quota')) continue;
    const { message, lastTransitionTime: since } = failure;
    return [{ reason: 'quota', side, pods: 0, namespace: metadata.namespace, ...(since && { since }), message }];
  }
  return [];
};
