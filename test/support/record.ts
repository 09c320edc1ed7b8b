import { beginLeg } from '../../src/upgrade/leg.ts';
import type { UpgradeRecord } from '../../src/upgrade/record.ts';

/** The record of an upgrade 30 → 0 / 0 → 30 that has just begun, with what a test wants otherwise. */
export const recordOf = (change: Partial<UpgradeRecord> = {}): UpgradeRecord => {
  const targets = { main: 0, grey: 30 };
  const before = { main: 30, grey: 0 };
  const way = { mode: 'scaleOutPriority', step: { main: 3, grey: 3 }, pacing: 'window' } as const;
  return {
    spec: {
      name: 'llama-v2',
      deployments: {
        main: { namespace: 'serving', name: 'llama-v1' },
        grey: { namespace: 'serving', name: 'llama-v2' },
      },
      targets,
      way,
      limits: { minReady: 28 },
      progressDeadlineMs: 600_000,
      podReplacementPolicy: 'TerminationComplete',
    },
    source: 'apiVersion: dupgrade.dev/v1\n',
    deployments: {
      main: { uid: 'uid-1', before: 30, template: 'aaa' },
      grey: { uid: 'uid-2', before: 0, template: 'bbb' },
    },
    startedAt: '2026-11-23T10:00:00.000Z',
    startedBy: 'alice@laptop pid 1',
    phase: 'active',
    intent: {
      revision: 1,
      paused: false,
      course: 'forward',
      targets,
      way,
      by: 'alice@laptop',
      at: '2026-11-23T10:00:00.000Z',
    },
    leg: { ...beginLeg(before, targets, way), revision: 1 },
    asked: before,
    tally: { writes: 0, lowestReady: 30, highestPods: 30 },
    curve: [],
    journal: [],
    journalDropped: 0,
    past: [],
    ...change,
  };
};
