import type { HistoryEntry, UpgradeHistory } from '../upgrade/history.ts';
import { beforeOf } from '../upgrade/record.ts';
import { namespaceOf } from '../upgrade/spec.ts';
import { stateOf } from '../upgrade/status.ts';
import type { Clock } from './clock.ts';
import { summaryOf } from './ending.ts';
import type { Driver } from './inspect.ts';
import type { Stored } from './records.ts';

/** What a record knows of its upgrade and of those of the same name before it. */
export const historyOf = ({ record }: Stored, driver: Driver | undefined, clock: Clock): UpgradeHistory => {
  const { spec, startedAt, startedBy, endedAt, asked, past, journal, journalDropped } = record;
  const of = { name: spec.name, namespace: namespaceOf(spec) };
  const { durationMs, writes, lowestReady, highestPods } = summaryOf(record, clock);
  const last: HistoryEntry = {
    ...of,
    state: stateOf(record, driver !== undefined),
    startedAt,
    startedBy,
    ...(endedAt === undefined ? {} : { endedAt }),
    durationMs,
    from: beforeOf(record),
    to: asked,
    targets: record.intent.targets,
    writes,
    lowestReady,
    highestPods,
  };
  const before = past.map(
    ({ phase, ...ended }): HistoryEntry => ({
      ...of,
      state: phase,
      ...ended,
      durationMs: Date.parse(ended.endedAt) - Date.parse(ended.startedAt),
      targets: ended.to,
    }),
  );
  return { ...of, upgrades: [...before, last], journal, journalDropped };
};
