import type { CurvePoint } from '../upgrade/curve.ts';
import { beginLeg } from '../upgrade/leg.ts';
import { beforeOf, type UpgradeRecord } from '../upgrade/record.ts';
import type { UpgradeReport } from '../upgrade/report.ts';
import { envelope } from '../upgrade/route.ts';
import { namespaceOf } from '../upgrade/spec.ts';
import { stallsOf } from '../upgrade/stalls.ts';
import { stateOf } from '../upgrade/status.ts';
import type { Clock } from './clock.ts';
import type { Driver } from './inspect.ts';
import type { Stored } from './records.ts';

/** What a record tells of its upgrade, looked back on. */
export const reportOf = ({ record }: Stored, driver: Driver | undefined, clock: Clock): UpgradeReport => {
  const { spec, startedAt, startedBy, endedAt, journal, journalDropped, tally } = record;
  const from = beforeOf(record);
  const leg = beginLeg(from, spec.targets, spec.way);
  const startMs = Date.parse(startedAt);
  const endMs = Math.max(startMs, driver !== undefined && endedAt === undefined ? clock.now() : lastKnownMs(record));
  const curve = upTo(record.curve, endMs - startMs);
  return {
    name: spec.name,
    namespace: namespaceOf(spec),
    deployments: spec.deployments,
    state: stateOf(record, driver !== undefined),
    startedAt,
    startedBy,
    ...(endedAt === undefined ? {} : { endedAt }),
    durationMs: endMs - startMs,
    from,
    to: record.asked,
    targets: record.intent.targets,
    mode: leg.mode,
    pacing: leg.pacing,
    step: leg.step,
    limits: spec.limits,
    floor: envelope(leg).minReady,
    ...tally,
    peakGpus: curve.reduce((most, { gpus }) => Math.max(most, gpus), 0),
    curve,
    stalls: stallsOf(journal, { startMs, endMs, isCut: journalDropped > 0 }),
    journal,
    journalDropped,
  };
};

/** The end, or of an upgrade that nobody drives the last that is known of it, in ms since the epoch. */
const lastKnownMs = ({ startedAt, endedAt, curve, journal }: UpgradeRecord): number => {
  if (endedAt !== undefined) return Date.parse(endedAt);
  const times = [Date.parse(startedAt) + (curve.at(-1)?.atMs ?? 0), ...journal.map(({ at }) => Date.parse(at))];
  return times.reduce((latest, each) => Math.max(latest, each), 0);
};

/** How things stood last they stand until the end. */
const upTo = (curve: readonly CurvePoint[], endMs: number): readonly CurvePoint[] => {
  const last = curve.at(-1);
  return last === undefined || last.atMs >= endMs ? curve : [...curve, { ...last, atMs: endMs }];
};
