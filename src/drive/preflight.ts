import type { Cluster, LabelSelector } from '../cluster/port.ts';
import { beginLeg } from '../upgrade/leg.ts';
import { blockedByLimits, type Refusal } from '../upgrade/refusal.ts';
import { type PerSide, perSide, SIDES, type Side } from '../upgrade/side.ts';
import type { DeploymentRef, UpgradeSpec } from '../upgrade/spec.ts';
import { type Clock, pause } from './clock.ts';
import { currentReplicaSet, ownReplicaSets, replicasOf, type SideObjects, templateOf } from './observe.ts';
import { Pods } from './pods.ts';
import { listRecords } from './records.ts';

/** How long a Deployment that was just made is waited for until its controller has seen it. */
const OBSERVED_MS = 10_000;
const LOOK_MS = 200;

/** Reads a side once; undefined where there is no such Deployment. */
export const readSide = async (cluster: Cluster, ref: DeploymentRef): Promise<SideObjects | undefined> => {
  const deployment = await cluster.get('deployments', ref);
  if (deployment === undefined) return undefined;
  const own = { namespace: ref.namespace, labels: deployment.spec.selector };
  const [replicaSets, pods] = await Promise.all([cluster.list('replicasets', own), cluster.list('pods', own)]);
  return { deployment, replicaSets, pods: Pods.of(pods) };
};

/** Reads only, collects everything that speaks against beginning an upgrade, and what was seen of both sides. */
export const preflight = async (
  { cluster, clock }: { cluster: Cluster; clock: Clock },
  spec: UpgradeSpec,
): Promise<readonly Refusal[] | PerSide<SideObjects>> => {
  const [main, grey, others] = await Promise.all([
    readObserved(cluster, clock, spec.deployments.main),
    readObserved(cluster, clock, spec.deployments.grey),
    otherUpgrades(cluster, spec),
  ]);
  const found = { main, grey };
  const refusals = [...SIDES.flatMap((side) => ofSide(side, spec.deployments[side], found[side])), ...others];
  if (main === undefined || grey === undefined) return refusals;
  const sides = { main, grey };
  refusals.push(...ofBoth(spec, sides));
  return refusals.length > 0 ? refusals : sides;
};

/** A Deployment that was applied a moment ago may not have been seen by its controller yet. */
const readObserved = async (cluster: Cluster, clock: Clock, ref: DeploymentRef): Promise<SideObjects | undefined> => {
  const giveUpMs = clock.monotonic() + OBSERVED_MS;
  for (;;) {
    const side = await readSide(cluster, ref);
    if (side === undefined || isObserved(side) || clock.monotonic() >= giveUpMs) return side;
    await pause(clock, LOOK_MS);
  }
};

const isObserved = (side: SideObjects): boolean => {
  const { metadata, status } = side.deployment;
  return (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0) && templateOf(side) !== undefined;
};

const ofSide = (side: Side, deployment: DeploymentRef, objects: SideObjects | undefined): Refusal[] => {
  if (objects === undefined) return [{ check: 'deployment-missing', side, deployment }];
  if (objects.deployment.metadata.deletionTimestamp !== undefined)
    return [{ check: 'deployment-deleting', side, deployment }];
  if (!isObserved(objects)) return [{ check: 'not-observed', side, deployment }];
  const current = currentReplicaSet(objects);
  const oldPods = ownReplicaSets(objects)
    .filter((set) => set !== current)
    .reduce((sum, set) => sum + Math.max(set.spec.replicas ?? 0, set.status?.replicas ?? 0), 0);
  return oldPods > 0 ? [{ check: 'rolling-out', side, deployment, oldPods }] : [];
};

const ofBoth = (spec: UpgradeSpec, sides: PerSide<SideObjects>): Refusal[] => {
  const refusals: Refusal[] = [];
  const { main, grey } = { main: sides.main.deployment, grey: sides.grey.deployment };
  const sameNamespace = main.metadata.namespace === grey.metadata.namespace;
  const mainTakes = selects(main.spec.selector, grey.spec.template.metadata?.labels);
  const greyTakes = selects(grey.spec.selector, main.spec.template.metadata?.labels);
  if (sameNamespace && (mainTakes || greyTakes)) refusals.push({ check: 'selectors-overlap' });

  const from = perSide((side) => replicasOf(sides[side].deployment));
  const blocked = blockedByLimits(beginLeg(from, spec.targets, spec.way), spec.limits);
  return blocked === undefined ? refusals : [...refusals, blocked];
};

/** Whether a selector takes in pods of these labels. An expression that is not known takes in nothing. */
const selects = (selector: LabelSelector, labels: Readonly<Record<string, string>> = {}): boolean => {
  const byLabels = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  const byExpressions = (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    const value = labels[key];
    if (operator === 'In') return value !== undefined && values.includes(value);
    if (operator === 'NotIn') return value === undefined || !values.includes(value);
    if (operator === 'Exists') return value !== undefined;
    return operator === 'DoesNotExist' && value === undefined;
  });
  return byLabels && byExpressions;
};

/** Unfinished upgrades of other names that move one of these Deployments. */
export const otherUpgrades = async (cluster: Cluster, spec: UpgradeSpec): Promise<Refusal[]> => {
  const namespaces = [...new Set(SIDES.map((side) => spec.deployments[side].namespace))];
  const lists = await Promise.all(namespaces.map((namespace) => listRecords(cluster, namespace)));
  const mine = new Set(SIDES.map((side) => key(spec.deployments[side])));
  return lists.flatMap(({ records }) =>
    records
      .filter(({ record }) => record.phase === 'active' && record.spec.name !== spec.name)
      .flatMap(({ record, map }) => {
        const shared = SIDES.map((side) => record.spec.deployments[side]).find((ref) => mine.has(key(ref)));
        if (shared === undefined) return [];
        return [
          {
            check: 'other-upgrade',
            name: record.spec.name,
            namespace: map.metadata.namespace,
            deployment: shared,
          } as const,
        ];
      }),
  );
};

const key = ({ namespace, name }: DeploymentRef): string => `${namespace}/${name}`;
