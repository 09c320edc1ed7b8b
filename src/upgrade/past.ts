import { beforeOf, type Phase, type UpgradeRecord } from './record.ts';
import type { PerSide } from './side.ts';

/** An upgrade of the same name that has ended, as the record of the next one keeps it. Times are ISO 8601. */
export type PastUpgrade = {
  readonly startedAt: string;
  readonly startedBy: string;
  readonly endedAt: string;
  readonly phase: Exclude<Phase, 'active'>;
  readonly from: PerSide<number>;
  /** `spec.replicas` as it was left. */
  readonly to: PerSide<number>;
  readonly writes: number;
  readonly lowestReady: number;
  readonly highestPods: number;
};

/** As many as somebody looks back on. */
const PAST_LIMIT = 20;

/** What the next record of a name keeps of the last one, and of those before; the oldest are dropped. */
export const pastAfter = (record: UpgradeRecord): readonly PastUpgrade[] => {
  const { phase, endedAt, startedAt, startedBy, asked, tally } = record;
  if (phase === 'active' || endedAt === undefined) return record.past;
  const ended = { startedAt, startedBy, endedAt, phase, from: beforeOf(record), to: asked, ...tally };
  return [...record.past, ended].slice(-PAST_LIMIT);
};
