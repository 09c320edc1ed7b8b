import type { Capacity } from '../drive/capacity.ts';
import type { Plan } from '../upgrade/plan.ts';
import type { KnownSpan, PlanReport, Unknown } from '../upgrade/plan-report.ts';
import { otherSide, type PerSide, perSide, type Side } from '../upgrade/side.ts';

/** What a command line says of pods and of room; it goes before what the cluster shows. */
export type GivenFacts = {
  readonly readyAfter?: PerSide<number>;
  readonly goneAfter?: PerSide<number>;
  /** Of one pod. */
  readonly gpus?: PerSide<number>;
  readonly freeGpus?: number;
};

/** What Kubernetes gives a pod to end where its template says nothing (`terminationGracePeriodSeconds`). */
const DEFAULT_GRACE_MS = 30_000;

/** What is known, from the command line and from the cluster, if there is one. */
export const knownFacts = (given: GivenFacts, capacity: Capacity | undefined): PlanReport['known'] => {
  const { gpus, freeGpus } = given;
  const free = capacity === undefined || 'denied' in capacity.free ? undefined : capacity.free;
  const [main, grey] = [readyOf(given, capacity, 'main'), readyOf(given, capacity, 'grey')];
  return {
    requests: perSide((side) => ({ ...capacity?.requests[side], ...(gpus && { gpus: gpus[side] }) })),
    free: perSide((side) => {
      if (freeGpus === undefined) return free?.[side] ?? {};
      // How many whole pods that makes is as unknown as on which nodes these GPUs are.
      const { pods: _, ...amounts } = free?.[side] ?? {};
      return { ...amounts, gpus: freeGpus };
    }),
    ...(main === undefined || grey === undefined ? {} : { ready: { main, grey } }),
    gone: perSide((side) => goneOf(given, capacity, side)),
  };
};

const readyOf = ({ readyAfter }: GivenFacts, capacity: Capacity | undefined, side: Side): KnownSpan | undefined => {
  if (readyAfter !== undefined) return exactly(readyAfter[side], 'given');
  const own = capacity?.readyTimes[side];
  const { medianMs, longestMs, pods } = own ?? capacity?.readyTimes[otherSide(side)] ?? {};
  if (medianMs === undefined || longestMs === undefined || pods === undefined) return undefined;
  return { typicalMs: medianMs, slowestMs: longestMs, source: own === undefined ? 'other-side' : 'pods', pods };
};

const goneOf = ({ goneAfter }: GivenFacts, capacity: Capacity | undefined, side: Side): KnownSpan => {
  if (goneAfter !== undefined) return exactly(goneAfter[side], 'given');
  return capacity === undefined
    ? exactly(DEFAULT_GRACE_MS, 'default-grace-period')
    : exactly(capacity.graceMs[side], 'grace-period');
};

const exactly = (ms: number, source: KnownSpan['source']): KnownSpan => ({ typicalMs: ms, slowestMs: ms, source });

/** What is missing of it for these plans. */
export const unknownFacts = (
  { requests, ready }: PlanReport['known'],
  plans: readonly Plan[],
  capacity: Capacity | undefined,
): readonly Unknown[] => {
  const denied = capacity !== undefined && 'denied' in capacity.free ? capacity.free.denied : undefined;
  const unknown: Unknown[] = [];
  if (ready === undefined)
    unknown.push({ what: 'ready-time', why: capacity === undefined ? 'no-cluster' : 'no-ready-pods' });
  if (requests.main.gpus === undefined) unknown.push({ what: 'gpus', why: 'no-cluster' });
  if (plans.some(({ room }) => room === 'unknown'))
    unknown.push({
      what: 'room',
      ...(denied === undefined ? { why: 'no-cluster' } : { why: 'denied', message: denied }),
    });
  return unknown;
};
