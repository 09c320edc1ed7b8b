import { virtualClusterPort } from '../cluster/virtual/adapter.ts';
import { NeverEnds } from '../cluster/virtual/clock.ts';
import type { Scenario } from '../cluster/virtual/scenario.ts';
import { VirtualCluster } from '../cluster/virtual/virtual-cluster.ts';
import { drive } from '../drive/drive.ts';
import { prepareStart } from '../drive/start.ts';
import { type Outcome, reasonOf } from '../upgrade/outcome.ts';
import type { Finding } from '../upgrade/finding.ts';
import type { CurvePoint } from '../upgrade/curve.ts';
import type { RehearsedEnd, RehearsedRun } from '../upgrade/rehearsal.ts';
import type { UpgradeSpec } from '../upgrade/spec.ts';
import { PodTally, replicasOf } from './pod-tally.ts';
import { undisturbed } from './undisturbed.ts';

/** The upgrade cannot begin on the cluster of the rehearsal. */
export class RehearsalRefused extends Error {
  override readonly name = 'RehearsalRefused';
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    super('the upgrade cannot begin on this cluster');
    this.findings = findings;
  }
}

export type Performance = RehearsedRun & {
  /** Where it was asked for. */
  readonly curve?: readonly CurvePoint[];
};

/** Does one run at a time. What it is given and what it gives are plain data. Rejects with RehearsalRefused. */
export type Performer = (
  scenario: Scenario,
  spec: UpgradeSpec,
  options?: { readonly withCurve?: boolean },
) => Promise<Performance>;

/** As `start` does in a pipeline, with its own default; but a rehearsal asks about no single pod. */
const DRIVING = { onHold: 'exit', failFast: true, asksAboutPods: false } as const;

/** Nobody else is there who could want the lock: it holds for longer than a run may take, and is not renewed. */
const LEASE_TERM = { termMs: 14 * 24 * 3_600_000, renewEveryMs: Number.POSITIVE_INFINITY };

/** A cluster in which nothing has happened for so long, and nothing is to come, stands still for ever. */
const STANDSTILL_MS = 3_600_000;

/**
 * Runs an upgrade from its start to its end with the real driver, on the cluster of a scenario, in virtual time. The same
 * scenario and seed give the same run. Throws RehearsalRefused where `start` would refuse.
 */
export const rehearseRun: Performer = async (scenario, spec, { withCurve = false } = {}) => {
  const cluster = new VirtualCluster(scenario);
  const tally = new PodTally(cluster, spec.deployments, { withCurve });
  const { end, writes } = await driveOn(cluster, spec);
  const { lowestReady, highestPods, peakGpus, curve } = tally;
  return {
    seed: scenario.seed,
    end,
    durationMs: cluster.clock.monotonic(),
    lowestReady,
    highestPods,
    peakGpus,
    writes,
    counts: replicasOf(cluster, spec.deployments),
    ...(withCurve && { curve }),
  };
};

/** The same on a cluster that is there already: how it ended, and after how many changes of scale. */
export const driveOn = async (
  cluster: VirtualCluster,
  spec: UpgradeSpec,
): Promise<{ readonly end: RehearsedEnd; readonly writes: number }> => {
  const { clock } = cluster;
  const { signal } = new AbortController();
  let writes = 0;
  const deps = {
    cluster: undisturbed(virtualClusterPort(cluster, { isBundled: cluster.isCoarse })),
    clock,
    holder: 'rehearsal',
    leaseTerm: LEASE_TERM,
    signal,
    interruption: () => signal,
    emit: ({ type }: { readonly type: string }) => {
      if (type === 'scaled') writes += 1;
    },
    waiting: () => undefined,
  };
  const run = async (): Promise<Outcome> => {
    const start = await prepareStart(deps, spec, '', {});
    if (start.kind === 'refused') throw new RehearsalRefused(start.findings);
    // Nobody else is there who could hold the lock or have begun it.
    if (start.kind !== 'ready') throw new Error(`a rehearsal did not begin: ${start.kind}`);
    return drive(deps, start, DRIVING);
  };
  try {
    return { end: endOf(await clock.runUntil(run(), { standstillMs: STANDSTILL_MS })), writes };
  } catch (error) {
    if (!(error instanceof NeverEnds)) throw error;
    return { end: { kind: 'never-ends', afterMs: clock.monotonic() }, writes };
  }
};

const endOf = (outcome: Outcome): RehearsedEnd => {
  const reason = reasonOf(outcome);
  if (reason === undefined) return { kind: 'reached' };
  const [cause] = 'causes' in outcome ? outcome.causes : [];
  return {
    kind: 'ended',
    outcome: outcome.kind,
    reason,
    ...(cause === undefined
      ? {}
      : { side: cause.side, ...(cause.message !== undefined && { message: cause.message }) }),
  };
};
