import type { DeploymentSetup, NodePool, Room, Scenario, Spread } from '../cluster/virtual/scenario.ts';
import type { Capacity, NodeShare } from '../drive/capacity.ts';
import type { Amounts } from '../upgrade/plan.ts';
import type { Assumption } from '../upgrade/rehearsal.ts';
import { otherSide, type PerSide, perSide, SIDES, type Side } from '../upgrade/side.ts';
import type { UpgradeSpec } from '../upgrade/spec.ts';

/** A time, or two between which it lies. */
export type Range = { readonly fromMs: number; readonly toMs: number };

/** What a cluster shows of itself, and what is said of it on a command line, which goes before. */
export type CopyFacts = {
  /** `spec.replicas` of both sides. */
  readonly counts: PerSide<number>;
  readonly capacity?: Capacity;
  readonly readyAfter?: PerSide<Range>;
  readonly goneAfter?: PerSide<Range>;
  /** Of one pod. */
  readonly gpus?: PerSide<number>;
  readonly freeGpus?: number;
};

/** How long pods of a side take to become ready is known of neither side, and no copy can be made without. */
export class ReadyTimeUnknown extends Error {
  override readonly name = 'ReadyTimeUnknown';
}

export type Copy = {
  readonly scenario: Scenario;
  /** Whether the nodes are those of the cluster, so that one of them can break. */
  readonly knowsNodes: boolean;
  readonly assumptions: readonly Assumption[];
};

/** What Kubernetes gives a pod to end where its template says nothing (`terminationGracePeriodSeconds`). */
const DEFAULT_GRACE_MS = 30_000;

/** More than anybody asks for, and still a whole number when many are added up. */
const PLENTY = 2 ** 40;

/**
 * A virtual copy of a cluster, as far as an upgrade has to do with it: both Deployments with their counts, what a pod asks
 * for, how long pods took, and what is left of each node by the pods of others. Only numbers are taken over. Throws
 * ReadyTimeUnknown.
 */
export const copyOf = (spec: UpgradeSpec, facts: CopyFacts): Copy => {
  const { capacity, freeGpus, goneAfter } = facts;
  const requests = perSide((side) => requestsOf(facts, side));
  const nodes = freeGpus === undefined ? capacity?.nodes : undefined;
  const denied = capacity !== undefined && 'denied' in capacity.free ? capacity.free.denied : undefined;
  const isOther = SIDES.filter((side) => readyTimesOf(facts, side).isOther);
  const scenario: Scenario = {
    name: spec.name,
    seed: 1,
    nodes: nodes === undefined ? [boundless(facts, requests)] : poolsOf(nodes),
    deployments: SIDES.map((side) => ({
      ...setupOf(spec, facts, side, requests[side]),
      ...(nodes === undefined ? {} : { nodeSelector: TAKES[side] }),
    })),
    quotas: [],
    happenings: [],
  };
  return {
    scenario,
    knowsNodes: nodes !== undefined,
    assumptions: [
      ...(nodes === undefined
        ? [
            {
              kind: 'room',
              butForGpus: freeGpus !== undefined,
              ...(denied !== undefined && { message: denied }),
            } as const,
          ]
        : []),
      ...isOther.map((side) => ({ kind: 'ready-as-other', side }) as const),
      ...(goneAfter === undefined
        ? [{ kind: 'grace-period', ms: perSide((side) => graceOf(facts, side)) } as const]
        : []),
    ],
  };
};

const setupOf = (spec: UpgradeSpec, facts: CopyFacts, side: Side, requests: Room): DeploymentSetup => ({
  ...spec.deployments[side],
  replicas: facts.counts[side],
  image: `${side}:1`,
  requests,
  readyAfter: readyTimesOf(facts, side).spread,
  termination: facts.goneAfter === undefined ? fixed(graceOf(facts, side)) : spreadOf(facts.goneAfter[side]),
  gracePeriodSeconds: Math.ceil((facts.goneAfter?.[side].toMs ?? graceOf(facts, side)) / 1000),
  failures: [],
});

const requestsOf = ({ capacity, gpus }: CopyFacts, side: Side): Room => {
  const known: Amounts = { ...capacity?.requests[side], ...(gpus && { gpus: gpus[side] }) };
  return { cpuMilli: known.cpuMilli ?? 0, memoryBytes: known.memoryBytes ?? 0, gpus: known.gpus ?? 0 };
};

const graceOf = ({ capacity }: CopyFacts, side: Side): number => capacity?.graceMs[side] ?? DEFAULT_GRACE_MS;

const readyTimesOf = (
  { capacity, readyAfter }: CopyFacts,
  side: Side,
): { readonly spread: Spread; readonly isOther: boolean } => {
  if (readyAfter !== undefined) return { spread: spreadOf(readyAfter[side]), isOther: false };
  const own = capacity?.readyTimes[side];
  const { samplesMs } = own ?? capacity?.readyTimes[otherSide(side)] ?? {};
  if (samplesMs === undefined) throw new ReadyTimeUnknown('no pod is ready whose start could be looked at');
  return { spread: { kind: 'samples', samplesMs }, isOther: own === undefined };
};

const fixed = (ms: number): Spread => ({ kind: 'fixed', ms });

const spreadOf = ({ fromMs, toMs }: Range): Spread =>
  fromMs === toMs ? fixed(fromMs) : { kind: 'range', fromMs, toMs };

/** One node that has everything, or as many GPUs as are said to be free beside those of the pods that run. */
const boundless = ({ counts, freeGpus }: CopyFacts, requests: PerSide<Room>): NodePool => {
  const own = SIDES.reduce((sum, side) => sum + counts[side] * requests[side].gpus, 0);
  const gpus = freeGpus === undefined ? PLENTY : own + freeGpus;
  return { name: 'cluster', count: 1, cpuMilli: PLENTY, memoryBytes: 2 ** 50, gpus, pods: PLENTY };
};

/** The label of nodes that take pods of a side: it stands for all its selectors and tolerations. */
const TAKES: PerSide<Readonly<Record<string, string>>> = perSide((side) => ({ [`takes-${side}`]: 'true' }));

/** Nodes that have the same for the same sides make one pool. */
const poolsOf = (nodes: readonly NodeShare[]): readonly NodePool[] => {
  const pools = new Map<string, NodePool>();
  for (const { takes, ...room } of nodes) {
    const alike = JSON.stringify({ takes, room });
    const labels = Object.fromEntries(SIDES.flatMap((side) => (takes[side] ? Object.entries(TAKES[side]) : [])));
    const pool = pools.get(alike) ?? { ...room, labels, name: `node-${pools.size + 1}`, count: 0 };
    pools.set(alike, { ...pool, count: pool.count + 1 });
  }
  return [...pools.values()];
};
