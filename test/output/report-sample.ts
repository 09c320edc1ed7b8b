import type { UpgradeReport } from '../../src/upgrade/report.ts';
import { CURVE, REPORT } from './rehearsal-samples.ts';

const MINUTE_MS = 60_000;
const START = Date.parse('2026-11-23T10:00:00.000Z');
const at = (minutes: number): string => new Date(START + minutes * MINUTE_MS).toISOString();

/** An upgrade that took 100 minutes, stalled over a quota once, and was paused. */
export const UPGRADE_REPORT: UpgradeReport = {
  name: REPORT.name,
  namespace: REPORT.namespace,
  deployments: REPORT.deployments,
  state: 'completed',
  startedAt: at(0),
  startedBy: 'anna@laptop pid 7',
  endedAt: at(100),
  durationMs: 100 * MINUTE_MS,
  from: REPORT.from,
  to: REPORT.to,
  targets: REPORT.to,
  mode: REPORT.mode,
  pacing: REPORT.pacing,
  step: REPORT.step,
  limits: REPORT.limits,
  floor: 30,
  writes: 20,
  lowestReady: 25,
  highestPods: 33,
  peakGpus: 264,
  curve: CURVE,
  stalls: [
    { fromMs: 20 * MINUTE_MS, toMs: 35 * MINUTE_MS, reason: 'quota', by: 'anna@laptop pid 7' },
    { fromMs: 60 * MINUTE_MS, toMs: 80 * MINUTE_MS },
  ],
  journal: [
    { at: at(0), by: 'anna@laptop pid 7', did: 'verb', verb: 'start', targets: REPORT.to },
    { at: at(20), by: 'anna@laptop pid 7', did: 'scaled', side: 'grey', from: 0, to: 3 },
    { at: at(30), by: 'anna@laptop pid 7', did: 'ended', outcome: 'stuck', reason: 'quota' },
    { at: at(34), by: '<b>ben</b>', did: 'verb', verb: 'resume', targets: REPORT.to },
    { at: at(35), by: 'ben@desk pid 9', did: 'scaled', side: 'main', from: 30, to: 27 },
    { at: at(100), by: 'ben@desk pid 9', did: 'ended', outcome: 'reached' },
  ],
  journalDropped: 2,
};
