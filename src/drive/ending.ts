import { ClusterError, type Fault } from '../cluster/port.ts';
import type { Outcome, Summary } from '../upgrade/outcome.ts';
import { beforeOf, type UpgradeRecord } from '../upgrade/record.ts';
import type { Clock } from './clock.ts';
import { RecordUnreadable } from './record-unreadable.ts';

/** What an upgrade came to so far. */
export const summaryOf = (record: UpgradeRecord, clock: Clock): Summary => ({
  from: beforeOf(record),
  to: record.asked,
  durationMs: (record.endedAt === undefined ? clock.now() : Date.parse(record.endedAt)) - Date.parse(record.startedAt),
  ...record.tally,
});

const DENIALS: ReadonlySet<Fault> = new Set<Fault>(['forbidden', 'unauthorized', 'invalid', 'namespace-leaving']);

/** The ending that an error of the cluster is; undefined for what is a fault of ours. */
export const endingOf = (error: unknown): Outcome | undefined => {
  if (error instanceof RecordUnreadable) return { kind: 'record-unreadable', message: error.message };
  if (!(error instanceof ClusterError)) return undefined;
  const { fault, message } = error;
  return { kind: DENIALS.has(fault) ? 'denied' : 'unreachable', message };
};
