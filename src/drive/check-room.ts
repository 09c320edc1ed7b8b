import type { Kinds } from '../cluster/port.ts';
import { advise } from '../upgrade/advice.ts';
import { beginLeg, type Leg } from '../upgrade/leg.ts';
import { type Amounts, type Free, type PlanFacts, plan, planAll, type Shortage } from '../upgrade/plan.ts';
import { type PerSide, perSide, SIDES, type Side } from '../upgrade/side.ts';
import { replicasOf } from './observe.ts';
import { amountOf } from '../cluster/quantity.ts';
import { summedUp } from './requests.ts';
import { type Check, readingOf, type Said, unread } from './said.ts';
import type { Snapshot } from './snapshot.ts';

/** What the plan takes at its peak more than now, against what is free on the nodes. */
export const capacity: Check = ({ spec, sides, capacity: { free, requests } }) => {
  if ('denied' in free) return [unread('nodes and the pods of all namespaces', 'denied')];
  const leg = legOf({ spec, sides });
  const facts: PlanFacts = { requests, free, limits: spec.limits, policy: spec.podReplacementPolicy };
  const { shortages } = plan(leg, facts);
  if (shortages.length === 0) return [];
  return [
    { level: 'warning', fact: { check: 'room-short', shortages, advice: advise(leg, facts, planAll(leg, facts)) } },
  ];
};

/** The same against each quota that counts the pods of a side. */
export const quota: Check = (snapshot) => {
  const found = readingOf(snapshot.quotas, 'resourcequotas');
  if ('unread' in found) return found.unread;
  return found.objects
    .filter(({ spec }) => (spec?.scopes ?? []).length === 0 && spec?.scopeSelector === undefined)
    .flatMap((each) => ofQuota(snapshot, each));
};

const ofQuota = (
  { spec, sides, capacity: { requests } }: Snapshot,
  found: Kinds['resourcequotas'],
): readonly Said[] => {
  const { namespace, name } = found.metadata;
  const counts = (side: Side): boolean => spec.deployments[side].namespace === namespace;
  const free = freeIn(found);
  // A side elsewhere takes nothing of it, and has all the room there is.
  const own = perSide((side): Amounts => (counts(side) ? requests[side] : { gpus: 0, cpuMilli: 0, memoryBytes: 0 }));
  const leg = onlyCounted(legOf({ spec, sides }), counts);
  const facts: PlanFacts = {
    requests: own,
    free: perSide((): Free => free),
    // They bound both sides together.
    limits: SIDES.every(counts) ? spec.limits : {},
    policy: spec.podReplacementPolicy,
  };
  const [shortage]: readonly Shortage[] = plan(leg, facts).shortages;
  if (shortage === undefined) return [];
  const advice = advise(leg, facts, planAll(leg, facts));
  return [{ level: 'warning', fact: { check: 'quota-short', namespace, quota: name, shortage, advice } }];
};

/** A side that is not counted stands still. */
const onlyCounted = (leg: Leg, counts: (side: Side) => boolean): Leg => ({
  ...leg,
  to: perSide((side) => (counts(side) ? leg.to[side] : leg.from[side])),
});

/** What a quota leaves: hard − used of what it limits; what it does not limit is left out. */
const freeIn = ({ spec, status }: Kinds['resourcequotas']): Free => {
  const hard = status?.hard ?? spec?.hard ?? {};
  const least = (...keys: readonly string[]): number | undefined => {
    const left = keys.flatMap((key) => {
      const limit = hard[key];
      return limit === undefined
        ? []
        : [Math.max(0, (amountOf(limit) ?? 0) - (amountOf(status?.used?.[key] ?? '0') ?? 0))];
    });
    return left.length === 0 ? undefined : Math.min(...left);
  };
  const gpus = least(...Object.keys(hard).filter(limitsGpus));
  const cpus = least('requests.cpu', 'cpu');
  const memoryBytes = least('requests.memory', 'memory');
  const pods = least('pods', 'count/pods');
  return {
    ...(gpus !== undefined && { gpus }),
    ...(cpus !== undefined && { cpuMilli: Math.round(cpus * 1000) }),
    ...(memoryBytes !== undefined && { memoryBytes }),
    ...(pods !== undefined && { pods }),
  };
};

const REQUESTS = 'requests.';

/** Extended resources are limited by their requests only: `requests.nvidia.com/gpu`. */
const limitsGpus = (key: string): boolean =>
  key.startsWith(REQUESTS) && summedUp(new Map([[key.slice(REQUESTS.length), 1]])).gpus > 0;

const legOf = ({ spec, sides }: Pick<Snapshot, 'spec' | 'sides'>): Leg =>
  beginLeg(countsOf(sides), spec.targets, spec.way);

const countsOf = (sides: Snapshot['sides']): PerSide<number> => perSide((side) => replicasOf(sides[side].deployment));
