import type { UpgradeHistory } from '../../src/upgrade/history.ts';
import { STATUS, SUMMARY, UPGRADE } from './samples.ts';

const ENTRY: UpgradeHistory['upgrades'][number] = {
  ...UPGRADE,
  state: 'running',
  startedAt: STATUS.startedAt,
  startedBy: STATUS.startedBy,
  from: SUMMARY.from,
  to: SUMMARY.to,
  targets: { main: 18, grey: 12 },
  durationMs: SUMMARY.durationMs,
  writes: SUMMARY.writes,
  lowestReady: SUMMARY.lowestReady,
  highestPods: SUMMARY.highestPods,
};

export const PAST: UpgradeHistory['upgrades'][number] = {
  ...ENTRY,
  state: 'completed',
  startedAt: '2026-10-01T08:00:00.000Z',
  endedAt: '2026-10-01T09:00:00.000Z',
  durationMs: 3_600_000,
  to: { main: 0, grey: 30 },
  targets: { main: 0, grey: 30 },
};

export const HISTORY: UpgradeHistory = {
  ...UPGRADE,
  upgrades: [PAST, ENTRY],
  journal: STATUS.journal,
  journalDropped: 0,
};
