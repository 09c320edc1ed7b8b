import { type Cluster, ClusterError, type ClusterNode, type Pod, type PodSpec } from '../cluster/port.ts';
import type { Amounts, Free } from '../upgrade/plan.ts';
import { remembered } from '../upgrade/remembered.ts';
import { type PerSide, perSide, SIDES } from '../upgrade/side.ts';
import { conditionOf, podsOf, type SideObjects } from './observe.ts';
import { type ReadyTimes, readyTimesOf } from './ready-times.ts';
import { merged, requestsOf, type Resources, resourcesOf, summedUp } from './requests.ts';

/** What a node has for the pods of an upgrade, those that run on it included, and of which sides it takes any. */
export type NodeShare = Required<Amounts> & { readonly pods: number; readonly takes: PerSide<boolean> };

export type Capacity = {
  /** What one pod asks for. */
  readonly requests: PerSide<Required<Amounts>>;
  /** Of the pods that run; undefined where none does. */
  readonly readyTimes: PerSide<ReadyTimes | undefined>;
  /** The longest that a pod may take to be gone. */
  readonly graceMs: PerSide<number>;
  /** What is free for pods of a side, or why that is not known. */
  readonly free: PerSide<Required<Free>> | { readonly denied: string };
  /** The nodes that take pods of either side; left out where nodes may not be read. */
  readonly nodes?: readonly NodeShare[];
};

/** As the API server fills it in. */
const DEFAULT_GRACE_SECONDS = 30;

/** What the cluster shows of how much room pods take, how much there is, and how long they take. Reads only. */
export const readCapacity = async (cluster: Cluster, sides: PerSide<SideObjects>): Promise<Capacity> => ({
  requests: perSide((side) => summedUp(requestsOf(templateSpec(sides[side])))),
  readyTimes: perSide((side) => readyTimesOf(sides[side])),
  graceMs: perSide((side) => graceMsOf(sides[side])),
  ...(await readRoom(cluster, sides)),
});

/** The longest that a removed pod of a side may take to be gone. */
export const graceMsOf = (side: SideObjects): number =>
  1000 * (templateSpec(side).terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS);

const templateSpec = ({ deployment }: SideObjects): PodSpec => deployment.spec.template.spec ?? {};

/** Nodes and the pods of all namespaces are not for everybody to read; then it is unknown what is free. */
const readRoom = async (cluster: Cluster, sides: PerSide<SideObjects>): Promise<Pick<Capacity, 'free' | 'nodes'>> => {
  try {
    const nodes = await cluster.list('nodes', {});
    const pods = await cluster.list('pods', { requests: true });
    const templates = perSide((side) => templateSpec(sides[side]));
    const own = new Set(SIDES.flatMap((side) => podsOf(sides[side]).map(({ metadata }) => metadata.uid)));
    const mine = pods.filter(({ metadata }) => own.has(metadata.uid));
    return { free: freeOn(nodes, pods, templates), nodes: sharesOf(nodes, pods, mine, templates) };
  } catch (error) {
    if (error instanceof ClusterError && error.fault === 'forbidden') return { free: { denied: error.message } };
    throw error;
  }
};

/** What the pods of others leave of each node that takes pods of either template: all pods but `mine`. */
const sharesOf = (
  nodes: readonly ClusterNode[],
  pods: readonly Pod[],
  mine: readonly Pod[],
  templates: PerSide<PodSpec>,
): readonly NodeShare[] => {
  const taken = takenByNode(pods);
  const takenByMine = takenByNode(mine);
  return nodes.flatMap((node): NodeShare[] => {
    const mayTake = perSide((side) => takes(node, templates[side]));
    if (!mayTake.main && !mayTake.grey) return [];
    const { name } = node.metadata;
    const left = leftOn(
      node,
      merged(taken.get(name) ?? NOTHING, takenByMine.get(name) ?? NOTHING, (a, b) => a - b),
    );
    return [{ ...summedUp(left), pods: left.get('pods') ?? 0, takes: mayTake }];
  });
};

const NOTHING: Resources = new Map();

const leftOn = ({ status }: ClusterNode, taken: Resources): Resources =>
  merged(resourcesOf(status?.allocatable), taken, (a, b) => Math.max(0, a - b));

/**
 * What is free for pods of each template, on ready and uncordoned nodes that such a pod could be put on: by resource, and
 * in whole pods. Of eight nodes with one GPU free each, 8 GPUs are free, and 0 pods of 2 GPUs find room, also where the nodes
 * have no more than that one. Taints and nodeSelector are looked at, affinity and spread are not: the scheduler may put fewer
 * pods there, never more.
 */
export const freeOn = (
  nodes: readonly ClusterNode[],
  pods: readonly Pod[],
  templates: PerSide<PodSpec>,
): PerSide<Required<Free>> => {
  const taken = takenByNode(pods);
  return perSide((side) => {
    const wanted: Resources = merged(requestsOf(templates[side]), new Map([['pods', 1]]), (a, b) => a + b);
    let free: Resources = new Map();
    let wholePods = 0;
    for (const node of nodes) {
      if (!takes(node, templates[side])) continue;
      const left = leftOn(node, taken.get(node.metadata.name) ?? NOTHING);
      free = merged(free, left, (a, b) => a + b);
      wholePods += timesIn(left, wanted);
    }
    return { ...summedUp(free), pods: wholePods };
  });
};

/**
 * What the pods of each node ask for, terminating ones too: they hold it until they are gone. Upgrades that begin together
 * look at one list of all pods.
 */
const takenByNode = remembered((pods: readonly Pod[]): ReadonlyMap<string, Resources> => {
  const taken = new Map<string, Resources>();
  for (const { spec, status } of pods) {
    const node = spec?.nodeName;
    if (!node || status?.phase === 'Failed' || status?.phase === 'Succeeded') continue;
    const before = taken.get(node) ?? new Map([['pods', 0]]);
    taken.set(
      node,
      merged(
        merged(before, requestsOf(spec), (a, b) => a + b),
        new Map([['pods', 1]]),
        (a, b) => a + b,
      ),
    );
  }
  return taken;
});

/** How often `wanted` fits into `room`. */
const timesIn = (room: Resources, wanted: Resources): number =>
  Math.floor(
    Math.min(...[...wanted].filter(([, amount]) => amount > 0).map(([key, amount]) => (room.get(key) ?? 0) / amount)),
  );

/** Whether the scheduler would put a pod of the template there, if there were room. */
const takes = ({ metadata, spec, status }: ClusterNode, { nodeSelector = {}, tolerations = [] }: PodSpec): boolean => {
  const selected = Object.entries(nodeSelector).every(([key, value]) => metadata.labels?.[key] === value);
  const repelling = (spec?.taints ?? []).filter(({ effect }) => effect !== 'PreferNoSchedule');
  const tolerated = repelling.every((taint) =>
    tolerations.some(
      ({ key, operator = 'Equal', value = '', effect }) =>
        (effect === undefined || effect === '' || effect === taint.effect) &&
        (operator === 'Exists' ? !key || key === taint.key : key === taint.key && value === (taint.value ?? '')),
    ),
  );
  const ready = conditionOf(status?.conditions, 'Ready')?.status === 'True';
  return ready && spec?.unschedulable !== true && selected && tolerated;
};
