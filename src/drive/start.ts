import { ClusterError } from '../cluster/port.ts';
import { type Difference, differences } from '../upgrade/difference.ts';
import { beginLeg } from '../upgrade/leg.ts';
import { existingTotal, readyTotal } from '../upgrade/observation.ts';
import type { Choices, Finding } from '../upgrade/finding.ts';
import { interruptedBy, type Outcome } from '../upgrade/outcome.ts';
import type { UpgradeRecord } from '../upgrade/record.ts';
import { pastAfter } from '../upgrade/past.ts';
import { type PerSide, perSide, SIDES } from '../upgrade/side.ts';
import { fullNameOf, namespaceOf, type UpgradeSpec } from '../upgrade/spec.ts';
import { demandAccess } from './access.ts';
import { checkSeen } from './check.ts';
import { isoTime, unlessInterrupted, within } from './clock.ts';
import type { DriveDeps, TakenOn } from './drive.ts';
import { FollowedSides } from './followed-sides.ts';
import { type HeldBy, type Lock, type LockDeps, takeLock } from './lock.ts';
import { observeSide, replicasOf, type SideObjects, templateOf } from './observe.ts';
import { type LookAt, type Preflight, preflight, refusalFindings } from './preflight.ts';
import { createRecord, readRecord, type Stored, updateRecord } from './records.ts';

/** What `start` found: an upgrade to drive with the lock in hand, or why there is none. Only `ready` has touched anything. */
export type Start =
  | (TakenOn & { readonly kind: 'ready' })
  | { readonly kind: 'held-by'; readonly by: HeldBy; readonly stored: Stored | undefined }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }
  | { readonly kind: 'different'; readonly differences: readonly Difference[] }
  /** The upgrade has ended at the targets of the same spec, and stands there: there is nothing to do. */
  | { readonly kind: 'done'; readonly stored: Stored }
  /** It is on its way back: whether it is to go on so, or forward again, is for a person to say. */
  | { readonly kind: 'going-back' }
  | Extract<Outcome, { readonly kind: 'interrupted' }>;

/** How long the lock is tried to be given back when an upgrade does not begin after all. */
const RELEASE_MS = 5_000;

/** What of the checks is left out, and who is told of warnings: once, before anything is touched. */
export type StartChecks = Choices & { readonly warn: (findings: readonly Finding[]) => void };

export type StartDeps = Pick<DriveDeps, 'cluster' | 'clock' | 'holder'> &
  Pick<LockDeps, 'leaseTerm'> & {
    readonly waiting: (held: HeldBy) => void;
    /** Asked for before the first write: until then there is nothing to leave in order. */
    readonly interruption: () => AbortSignal;
  };

/**
 * Begins an upgrade, or finds the unfinished one of the same spec to go on with. Everything that can speak against it is
 * looked at before anything is touched; without `checks` only what harms.
 */
export const prepareStart = async (
  deps: StartDeps,
  spec: UpgradeSpec,
  source: string,
  { steal, checks }: { readonly steal?: boolean | undefined; readonly checks?: StartChecks },
): Promise<Start> => {
  const { cluster } = deps;
  await demandAccess(cluster, spec);
  const namespace = namespaceOf(spec);
  const found = await readRecord(cluster, namespace, spec.name);
  const first = await look(deps, spec, found, {
    speaksAgainst: (seen) => (checks === undefined ? refusalFindings(seen) : everything(deps, spec, seen, checks)),
  });
  if (first.kind !== 'may-begin' && first.kind !== 'may-go-on') return first;

  const signal = deps.interruption();
  const lock = await takeUpgradeLock({ ...deps, signal }, spec, { steal });
  if ('holder' in lock) return signal.aborted ? interruptedBy(signal) : { kind: 'held-by', by: lock, stored: found };
  const sides = new FollowedSides(cluster, spec.deployments);
  try {
    const work = beginWithLock({ ...deps, signal }, spec, source, lock, sides);
    const begun = (await unlessInterrupted(deps.clock, signal, work)) ?? interruptedBy(signal);
    if (begun.kind === 'begun') return { ...begun, kind: 'ready', lock, sides };
    sides.close();
    await within(deps.clock, RELEASE_MS, lock.release());
    return begun;
  } catch (error) {
    sides.close();
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
  takeLock(
    deps,
    [spec.deployments.main, spec.deployments.grey],
    { holder: deps.holder, upgrade: fullNameOf(spec) },
    { waiting: deps.waiting, steal },
  );

type Look =
  | Exclude<Start, { readonly kind: 'ready' }>
  | { readonly kind: 'may-go-on'; readonly stored: Stored }
  | { readonly kind: 'may-begin'; readonly sides: PerSide<SideObjects> };

/** Everything that is looked at before an upgrade begins; what refuses it. */
const everything = async (
  deps: StartDeps,
  spec: UpgradeSpec,
  seen: Preflight,
  choices: StartChecks,
): Promise<readonly Finding[]> => {
  const { verdict, findings } = await checkSeen(deps, spec, seen, choices);
  const warnings = findings.filter(({ level }) => level === 'warning');
  if (verdict === 'refused')
    return findings.filter(({ level }) => level === 'refusal' || (choices.strict && level === 'warning'));
  if (warnings.length > 0) choices.warn(warnings);
  return [];
};

/** What of all that was seen speaks against an upgrade; and how a side is looked at, which is by reading it unless told. */
type Looking = {
  readonly speaksAgainst: (seen: Preflight) => readonly Finding[] | Promise<readonly Finding[]>;
  readonly lookAt?: LookAt;
};

/** What there is of an upgrade, and whether it may begin or go on. */
const look = async (
  deps: StartDeps,
  spec: UpgradeSpec,
  found: Stored | undefined,
  { speaksAgainst, lookAt }: Looking,
): Promise<Look> => {
  if (found?.record.phase === 'active') {
    const differing = differences(found.record.spec, spec);
    if (differing.length > 0) return { kind: 'different', differences: differing };
    return found.record.intent.course === 'back' ? { kind: 'going-back' } : { kind: 'may-go-on', stored: found };
  }
  const seen = await preflight(deps, spec, lookAt);
  const { sides, refusals } = seen;
  const isOver =
    refusals.length === 0 && sides !== undefined && found !== undefined && isDone(found.record, spec, sides);
  if (isOver) return { kind: 'done', stored: found };
  const findings = await speaksAgainst(seen);
  return sides === undefined || findings.length > 0 ? { kind: 'refused', findings } : { kind: 'may-begin', sides };
};

/** Whether an upgrade of this spec has been completed on these very Deployments, and they stand at its targets still. */
const isDone = (record: UpgradeRecord, spec: UpgradeSpec, sides: PerSide<SideObjects>): boolean =>
  record.phase === 'completed' &&
  differences(record.spec, spec).length === 0 &&
  SIDES.every((side) => {
    const { deployment } = sides[side];
    return deployment.metadata.uid === record.deployments[side].uid && replicasOf(deployment) === spec.targets[side];
  });

type LockedDeps = StartDeps & { readonly signal: AbortSignal };

type Begun =
  | Exclude<Look, { readonly kind: 'may-go-on' | 'may-begin' }>
  | { readonly kind: 'begun'; readonly stored: Stored; readonly resumed: boolean };

/**
 * With the lock in hand nobody else begins it, and what is found is what there is: unless this process slept past its
 * leases on the way to its first write, and another has begun the upgrade since.
 */
const beginWithLock = async (
  deps: LockedDeps,
  spec: UpgradeSpec,
  source: string,
  lock: Lock,
  sides: FollowedSides,
): Promise<Begun> => {
  for (;;) {
    const begun = await beginOrGoOn(deps, spec, source, sides);
    if (begun.kind !== 'begun-by-others') return begun;
    await lock.verify();
    const by = lock.lostTo();
    if (by !== undefined) return { kind: 'held-by', by, stored: undefined };
  }
};

const beginOrGoOn = async (
  deps: LockedDeps,
  spec: UpgradeSpec,
  source: string,
  sides: FollowedSides,
): Promise<Begun | { readonly kind: 'begun-by-others' }> => {
  const { cluster } = deps;
  const found = await readRecord(cluster, namespaceOf(spec), spec.name);
  // Only what does harm is looked at again.
  const now = await look(deps, spec, found, {
    speaksAgainst: refusalFindings,
    lookAt: async (side) => (await sides.side(side))?.objects(),
  });
  if (now.kind === 'may-go-on') return { kind: 'begun', stored: now.stored, resumed: true };
  if (now.kind !== 'may-begin') return now;
  // Nobody may wait for it any more, and drive what it begins.
  if (deps.signal.aborted) return interruptedBy(deps.signal);
  const stored = await writeFirst(deps, firstRecord(deps, spec, source, now.sides), found);
  return stored === undefined ? { kind: 'begun-by-others' } : { kind: 'begun', stored, resumed: false };
};

/** Writes the record of a new upgrade, in place of the one that was found; undefined where another stands there by now. */
const writeFirst = async (
  { cluster }: StartDeps,
  record: UpgradeRecord,
  found: Stored | undefined,
): Promise<Stored | undefined> => {
  if (found === undefined) {
    return createRecord(cluster, record).catch((error: unknown) => {
      if (error instanceof ClusterError && error.fault === 'exists') return undefined;
      throw error;
    });
  }
  const written = await updateRecord(cluster, found, (last) =>
    last.startedAt === found.record.startedAt && last.phase !== 'active'
      ? { ...record, past: pastAfter(last) }
      : undefined,
  );
  return written?.record.startedBy === record.startedBy && written.record.startedAt === record.startedAt
    ? written
    : undefined;
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
    curve: [],
    journal: [{ at, by, did: 'verb', verb: 'start', targets, way }],
    journalDropped: 0,
    past: [],
  };
};
