import type { Cluster } from '../cluster/port.ts';
import type { CheckName, Finding } from '../upgrade/finding.ts';
import { beginLeg } from '../upgrade/leg.ts';
import { blockedByLimits, type Refusal } from '../upgrade/refusal.ts';
import { type PerSide, perSide, SIDES, type Side } from '../upgrade/side.ts';
import type { DeploymentRef, UpgradeSpec } from '../upgrade/spec.ts';
import { type Clock, pause } from './clock.ts';
import { currentReplicaSet, hasSeen, ownReplicaSets, replicasOf, type SideObjects, templateOf } from './observe.ts';
import { Pods } from './pods.ts';
import { listRecords } from './records.ts';
import { selects } from './selects.ts';

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

/** What was seen of both sides, and what speaks against beginning an upgrade, whoever says that it is fine. */
export type Preflight = {
  /** Where there are both Deployments. */
  readonly sides: PerSide<SideObjects> | undefined;
  readonly refusals: readonly Refusal[];
};

/** Looks at a side; undefined where there is no such Deployment. */
export type LookAt = (side: Side) => Promise<SideObjects | undefined>;

/** Reads only, and collects everything. */
export const preflight = async (
  { cluster, clock }: { readonly cluster: Cluster; readonly clock: Clock },
  spec: UpgradeSpec,
  lookAt: LookAt = (side) => readSide(cluster, spec.deployments[side]),
): Promise<Preflight> => {
  const [main, grey, others] = await Promise.all([
    onceObserved(clock, () => lookAt('main')),
    onceObserved(clock, () => lookAt('grey')),
    otherUpgrades(cluster, spec),
  ]);
  const found = { main, grey };
  const sides = main === undefined || grey === undefined ? undefined : { main, grey };
  const refusals = [
    ...SIDES.flatMap((side) => ofSide(side, spec.deployments[side], found[side])),
    ...others,
    ...(sides === undefined ? [] : ofBoth(spec, sides)),
  ];
  return { sides, refusals };
};

/** The check that each refusal of preflight belongs to. */
const CHECK_OF: Readonly<Record<Refusal['check'], CheckName>> = {
  'deployment-missing': 'deployments',
  'deployment-deleting': 'deployments',
  'not-observed': 'deployments',
  'rolling-out': 'deployments',
  'selectors-overlap': 'selectors',
  limits: 'limits',
  'other-upgrade': 'other-upgrade',
};

/** What speaks against an upgrade, as findings of the checks. */
export const refusalFindings = ({ refusals }: Preflight): readonly Finding[] =>
  refusals.map((fact) => ({ name: CHECK_OF[fact.check], level: 'refusal', fact }));

/** A Deployment that was applied a moment ago may not have been seen by its controller yet. */
const onceObserved = async (clock: Clock, look: () => ReturnType<LookAt>): Promise<SideObjects | undefined> => {
  const giveUpMs = clock.monotonic() + OBSERVED_MS;
  for (;;) {
    const side = await look();
    if (side === undefined || isObserved(side) || clock.monotonic() >= giveUpMs) return side;
    await pause(clock, LOOK_MS);
  }
};

const isObserved = (side: SideObjects): boolean =>
  hasSeen(side.deployment.metadata, side.deployment.status) && templateOf(side) !== undefined;

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
