import { describe, expect, it } from 'vitest';
import { pastAfter } from '../../src/upgrade/past.ts';
import type { UpgradeRecord } from '../../src/upgrade/record.ts';
import { recordOf } from '../support/record.ts';

const ended = (day: number, past: UpgradeRecord['past'] = []): UpgradeRecord =>
  recordOf({
    phase: 'completed',
    startedAt: `2026-11-${day}T10:00:00.000Z`,
    endedAt: `2026-11-${day}T11:00:00.000Z`,
    asked: { main: 0, grey: 30 },
    tally: { writes: 20, lowestReady: 29, highestPods: 33 },
    past,
  });

describe('what the next record of a name keeps', () => {
  it('is how the last upgrade went, behind those before', () => {
    const first = pastAfter(ended(10));
    expect(first).toEqual([
      {
        startedAt: '2026-11-10T10:00:00.000Z',
        startedBy: 'alice@laptop pid 1',
        endedAt: '2026-11-10T11:00:00.000Z',
        phase: 'completed',
        from: { main: 30, grey: 0 },
        to: { main: 0, grey: 30 },
        writes: 20,
        lowestReady: 29,
        highestPods: 33,
      },
    ]);
    expect(pastAfter(ended(11, first)).map(({ startedAt }) => startedAt.slice(8, 10))).toEqual(['10', '11']);
  });

  it('is bounded: the oldest are dropped', () => {
    const past = Array.from({ length: 40 }).reduce<UpgradeRecord['past']>(
      (so, _, i) => pastAfter(ended(10 + (i % 20), so)),
      [],
    );
    expect(past).toHaveLength(20);
  });

  it('is nothing of an upgrade that has not ended', () => {
    expect(pastAfter(recordOf())).toEqual([]);
  });
});
