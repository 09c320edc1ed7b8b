import { ClusterError } from '../cluster/port.ts';
import { type Difference, differences } from '../upgrade/difference.ts';
import { beginLeg } from '../upgrade/leg.ts';
import { existingTotal, readyTotal } from '../upgrade/observation.ts';
import { interruptedBy, type Outcome } from '../upgrade/outcome.ts';
import type { UpgradeRecord } from '../upgrade/record.ts';
import type { Refusal } from '../upgrade/refusal.ts';
import { type PerSide, perSide } from '../upgrade/side.ts';
import { namespaceOf, type UpgradeSpec } from '../upgrade/spec.ts';
import { demandAccess } from './access.ts';
import { isoTime } from './clock.ts';
import type { DriveDeps } from './drive.ts';
import { type HeldBy, type Lock, type LockDeps, takeLock } from './lock.ts';
import { observeSide, replicasOf, type SideObjects, templateOf } from './observe.ts';
import { preflight } from './preflight.ts';
import { createRecord, readRecord, type Stored, updateRecord } from './records.ts';

/** What `start` found: an upgrade to drive with the lock in hand, or why there is none. Only `ready` has touched anything. */
export type Start =
  | { readonly kind: 'ready'; readonly stored: Stored; readonly lock: Lock; readonly resumed: boolean }
  | { readonly kind: 'held-by'; readonly by: HeldBy; readonly stored: Stored | undefined }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] }
  | { readonly kind: 'different'; readonly differences: readonly Difference[] }
  | Extract<Outcome, { readonly kind: 'interrupted' }>;

export type StartDeps = Pick<DriveDeps, 'cluster' | 'clock' | 'holder'> & {
  readonly waiting: (held: HeldBy) => void;
  /** Asked for before the first write: until then there is nothing to leave in order. */
  readonly interruption: () => AbortSignal;
};

/**
 * Begins an upgrade, or finds the unfinished one of the same spec to go on with. Everything that can speak against it is
 * looked at before anything is touched.
 */
export const prepareStart = async (
  deps: StartDeps,
  spec: UpgradeSpec,
  source: string,
  { steal }: { steal?: boolean | undefined },
): Promise<Start> => {
  const { cluster } = deps;
  await demandAccess(cluster, spec);
  const namespace = namespaceOf(spec);
  const found = await readRecord(cluster, namespace, spec.name);
  const unfinished = found?.record.phase === 'active';
  if (unfinished) {
    const differing = differences(found.record.spec, spec);
    if (differing.length > 0) return { kind: 'different', differences: differing };
  } else {
    const sides = await preflight(deps, spec);
    if (!('main' in sides)) return { kind: 'refused', refusals: sides };
  }

  const signal = deps.interruption();
  const lock = await takeUpgradeLock({ ...deps, signal }, spec, { steal });
  if ('holder' in lock) return signal.aborted ? interruptedBy(signal) : { kind: 'held-by', by: lock, stored: found };
  try {
    // With the lock in hand nobody else can begin it: what is found now is what there is.
    const stored = await beginOrGoOn(deps, spec, source);
    if ('map' in stored) return { kind: 'ready', stored, lock, resumed: unfinished };
    await lock.release();
    return stored;
  } catch (error) {
    await lock.release();
    throw error;
  }
};

/** Takes both leases of an upgrade. */
export const takeUpgradeLock = (
  deps: LockDeps & Pick<StartDeps, 'holder' | 'waiting'>,
  spec: UpgradeSpec,
  { steal }: { steal?: boolean | undefined },
): Promise<Lock | HeldBy> =>
  takeLock(deps, [spec.deployments.main, spec.deployments.grey], deps.holder, { waiting: deps.waiting, steal });

const beginOrGoOn = async (deps: StartDeps, spec: UpgradeSpec, source: string): Promise<Stored | Start> => {
  const { cluster } = deps;
  const found = await readRecord(cluster, namespaceOf(spec), spec.name);
  if (found?.record.phase === 'active') {
    const differing = differences(found.record.spec, spec);
    return differing.length > 0 ? { kind: 'different', differences: differing } : found;
  }
  const sides = await preflight(deps, spec);
  if (!('main' in sides)) return { kind: 'refused', refusals: sides };
  const record = firstRecord(deps, spec, source, sides);
  if (found === undefined) return createRecord(cluster, record);
  const stored = await updateRecord(cluster, found, () => record);
  if (stored === undefined)
    throw new ClusterError('not-found', `the record of ${spec.name} was deleted while a new one was written`);
  return stored;
};

const firstRecord = (
  deps: StartDeps,
  spec: UpgradeSpec,
  source: string,
  sides: PerSide<SideObjects>,
): UpgradeRecord => {
  const at = isoTime(deps.clock);
  const by = deps.holder;
  const seen = perSide((side) => observeSide(sides[side], spec.podReplacementPolicy));
  const before = perSide((side) => replicasOf(sides[side].deployment));
  const { targets, way } = spec;
  return {
    spec,
    source,
    deployments: perSide((side) => ({
      uid: sides[side].deployment.metadata.uid ?? '',
      before: before[side],
      template: templateOf(sides[side]) ?? '',
    })),
    startedAt: at,
    startedBy: by,
    phase: 'active',
    intent: { revision: 1, paused: false, course: 'forward', targets, way, by, at },
    leg: { ...beginLeg(before, targets, way), revision: 1 },
    asked: before,
    tally: { writes: 0, lowestReady: readyTotal(seen), highestPods: existingTotal(seen) },
    journal: [{ at, by, did: 'verb', verb: 'start', targets, way }],
    journalDropped: 0,
  };
};
