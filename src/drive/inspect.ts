import type { Cluster, Lease } from '../cluster/port.ts';
import type { Standing } from '../upgrade/events.ts';
import type { Cause } from '../upgrade/health.ts';
import { progressedAtMs } from '../upgrade/progress.ts';
import { beforeOf, tallied } from '../upgrade/record.ts';
import { type PerSide, perSide, SIDES } from '../upgrade/side.ts';
import { fullNameOf, namespaceOf, type UpgradeSpec } from '../upgrade/spec.ts';
import { standingOf } from '../upgrade/standing.ts';
import { stateOf, type UpgradeStatus } from '../upgrade/status.ts';
import { causesOfBoth } from './causes.ts';
import { type Clock, within } from './clock.ts';
import { summaryOf } from './ending.ts';
import { Expectation } from './expectation.ts';
import { Inquiry } from './inquiry.ts';
import { LEASE_MS, leaseRef, UPGRADE_ANNOTATION } from './lock.ts';
import { observeSide, type SideObjects } from './observe.ts';
import { readSide } from './preflight.ts';
import type { Stored } from './records.ts';

export type Driver = { readonly holder: string; readonly renewedAt: string };

/** Reads everything that `status` shows, whether or not a driver runs. */
export const inspect = async (deps: { cluster: Cluster; clock: Clock }, { record }: Stored): Promise<UpgradeStatus> => {
  const { clock } = deps;
  const { spec, intent } = record;
  const driving = driverOf(deps, spec);
  const [driver, standing] = await Promise.all([driving, standingNow(deps, record, driving)]);
  return {
    name: spec.name,
    namespace: namespaceOf(spec),
    state: stateOf(record, driver !== undefined),
    ...(driver === undefined ? {} : { driver }),
    deployments: spec.deployments,
    before: beforeOf(record),
    specTargets: spec.targets,
    targets: intent.targets,
    course: intent.course,
    way: intent.way,
    ...(standing === undefined ? {} : { standing }),
    startedAt: record.startedAt,
    startedBy: record.startedBy,
    ...(record.endedAt === undefined ? {} : { endedAt: record.endedAt }),
    intent: { revision: intent.revision, by: intent.by, at: intent.at },
    ...(record.lastRun === undefined ? {} : { lastRun: record.lastRun }),
    // A driver writes down what it has seen only along with something else: what stands here now was so at least.
    summary: summaryOf(standing && record.phase === 'active' ? tallied(record, standing) : record, clock),
    journal: record.journal,
  };
};

/**
 * The process that holds both leases, if it renewed them lately by this machine's clock. To show, not to decide by: what
 * decides whether a driver lives is whether it renews (`takeLock`).
 */
export const driverOf = async (
  { cluster, clock }: { cluster: Cluster; clock: Clock },
  spec: UpgradeSpec,
): Promise<Driver | undefined> => {
  const leases = await Promise.all(SIDES.map((side) => cluster.get('leases', leaseRef(spec.deployments[side]))));
  const [holder, ...others] = leases.map((lease) => holderOf(lease, spec, clock));
  return others.every((other) => other?.holder === holder?.holder) ? holder : undefined;
};

const holderOf = (lease: Lease | undefined, spec: UpgradeSpec, clock: Clock): Driver | undefined => {
  // A lease may be held for another upgrade of the same Deployment.
  if (lease?.metadata.annotations?.[UPGRADE_ANNOTATION] !== fullNameOf(spec)) return undefined;
  const { holderIdentity: holder, renewTime: renewedAt } = lease.spec ?? {};
  if (!holder || !renewedAt) return undefined;
  return clock.now() - Date.parse(renewedAt) < 2 * LEASE_MS ? { holder, renewedAt } : undefined;
};

const standingNow = async (
  deps: { cluster: Cluster; clock: Clock },
  record: Stored['record'],
  driving: Promise<Driver | undefined>,
): Promise<Standing | undefined> => {
  const { cluster, clock } = deps;
  const { deployments, podReplacementPolicy } = record.spec;
  const [main, grey] = await Promise.all([readSide(cluster, deployments.main), readSide(cluster, deployments.grey)]);
  if (main === undefined || grey === undefined) return undefined;
  const sides = { main, grey };
  const seen = perSide((side) => observeSide(sides[side], podReplacementPolicy));
  const ended = record.phase !== 'active';
  const causes = ended ? [] : await causesNow(deps, sides);
  const standing = standingOf({ ...record.leg, to: record.intent.targets }, seen, causes);
  const isHeld = record.intent.paused || record.leg.arrivedAt !== undefined;
  // Nothing comes nearer to its end while nobody drives it.
  const isMoving = !ended && !isHeld && (await driving) !== undefined;
  const wait = { ...standing, idleMs: clock.now() - progressedAtMs(record) };
  const eta = isMoving ? new Expectation(record.spec).eta(record.leg, seen, sides, wait) : undefined;
  return { ...standing, ...(eta && { eta }) };
};

/** How long a status waits for what is said about pods that stand still. */
const ANSWER_MS = 3_000;

const causesNow = async (
  deps: { cluster: Cluster; clock: Clock },
  sides: PerSide<SideObjects>,
): Promise<readonly Cause[]> => {
  const inquiry = new Inquiry(deps, () => undefined, { atOnce: true });
  try {
    const giveUpMs = deps.clock.monotonic() + ANSWER_MS;
    let causes = causesOfBoth(sides, inquiry.about);
    // An answer may make another pod worth asking about.
    while (inquiry.isAsking) {
      const isInTime = await within(deps.clock, giveUpMs - deps.clock.monotonic(), inquiry.answered());
      causes = causesOfBoth(sides, inquiry.about);
      if (!isInTime) break;
    }
    return causes;
  } finally {
    inquiry.close();
  }
};
