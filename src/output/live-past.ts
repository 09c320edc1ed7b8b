import { progressedAtMs } from '../upgrade/progress.ts';
import type { UpgradeRecord } from '../upgrade/record.ts';
import { EMPTY_CURVE } from './run-curve.ts';
import type { LiveModel } from './live-model.ts';

/** What a live view shows of the time before it was opened. */
export type LivePast = Pick<LiveModel, 'curve' | 'recent' | 'progressAt'>;

/** The same as the driver of an upgrade shows at this moment, as far as its record tells it. */
export const pastOf = (record: Pick<UpgradeRecord, 'startedAt' | 'curve' | 'journal'>): LivePast => ({
  curve: { ...EMPTY_CURVE, startMs: Date.parse(record.startedAt), points: record.curve },
  recent: record.journal.flatMap((entry): LiveModel['recent'] => {
    if (entry.did !== 'scaled') return [];
    const { at, side, from, to } = entry;
    return [{ type: 'scaled', at: Date.parse(at), side, from, to }];
  }),
  progressAt: progressedAtMs(record),
});
