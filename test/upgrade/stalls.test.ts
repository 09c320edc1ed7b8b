import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../src/upgrade/record.ts';
import { stallsOf } from '../../src/upgrade/stalls.ts';

const START = Date.parse('2026-11-23T10:00:00.000Z');
const at = (seconds: number): string => new Date(START + 1000 * seconds).toISOString();
const scaled = (seconds: number): JournalEntry => ({
  at: at(seconds),
  by: 'driver',
  did: 'scaled',
  side: 'grey',
  from: 0,
  to: 1,
});
const ended = (seconds: number, outcome: 'stuck' | 'interrupted' | 'reached', reason?: string): JournalEntry => ({
  at: at(seconds),
  by: 'driver',
  did: 'ended',
  outcome,
  ...(reason === undefined ? {} : { reason }),
});
const verb = (seconds: number, did: 'pause' | 'resume'): JournalEntry => ({
  at: at(seconds),
  by: 'anna',
  did: 'verb',
  verb: did,
});

/** Scalings with these waits between them, beginning at 0. */
const after = (...waits: readonly number[]): readonly JournalEntry[] => {
  let seconds = 0;
  return [scaled(0), ...waits.map((wait) => scaled((seconds += wait)))];
};
const stalls = (journal: readonly JournalEntry[], endSeconds: number, isCut = false) =>
  stallsOf(journal, { startMs: START, endMs: START + 1000 * endSeconds, isCut });

const MANY = [60, 1, 1, 1, 60, 1, 1, 1] as const;

describe('a stall', () => {
  it('is a wait three times as long as that in which a moment of the rest lies', () => {
    expect(stalls(after(...MANY, 190), 316)).toEqual([{ fromMs: 126_000, toMs: 316_000 }]);
    expect(stalls(after(...MANY, 170), 296)).toEqual([]);
  });

  it('is none of an upgrade that goes on evenly, nor one of too few waits to tell', () => {
    expect(stalls(after(60, 60, 60, 60, 60), 360)).toEqual([]);
    expect(stalls(after(10, 500), 510)).toEqual([]);
    expect(stalls([], 3600)).toEqual([]);
  });

  it('has the reason for which a run ended in it, however short it is', () => {
    const journal = [...after(60, 60, 60), ended(190, 'stuck', 'quota'), scaled(200), scaled(260)];
    expect(stalls(journal, 260)).toEqual([{ fromMs: 180_000, toMs: 200_000, reason: 'quota', by: 'driver' }]);
  });

  it('lasts to the end where nothing was scaled any more', () => {
    const journal = [...after(60, 60), ended(720, 'stuck', 'crash')];
    expect(stalls(journal, 720)).toMatchObject([{ fromMs: 120_000, toMs: 720_000, reason: 'crash' }]);
  });

  it('is a pause, or a time without a driver, where that is longer than usual', () => {
    const paused = (seconds: number) => [
      ...after(60, 60, 60),
      verb(181, 'pause'),
      verb(180 + seconds, 'resume'),
      scaled(181 + seconds),
    ];
    expect(stalls(paused(100), 281)).toEqual([{ fromMs: 181_000, toMs: 281_000, reason: 'paused', by: 'anna' }]);
    expect(stalls(paused(10), 191)).toEqual([]);
    const left = [...after(60, 60, 60), ended(190, 'interrupted', 'interrupted'), scaled(900)];
    expect(stalls(left, 900)).toMatchObject([{ fromMs: 190_000, toMs: 900_000, reason: 'interrupted' }]);
  });

  it('is not made usual by a pause', () => {
    const journal = [...after(10, 10, 10, 10), verb(41, 'pause'), scaled(5000), scaled(5040), scaled(5050)];
    expect(stalls(journal, 5050)).toMatchObject([{ reason: 'paused' }, { fromMs: 5_000_000, toMs: 5_040_000 }]);
  });

  it('is not looked for before the first entry of a journal that has lost its oldest', () => {
    const journal = [scaled(5000), scaled(5010), scaled(5020), scaled(5030), scaled(5040), ended(5040, 'reached')];
    expect(stalls(journal, 5040)).toMatchObject([{ fromMs: 0, toMs: 5_000_000 }]);
    expect(stalls(journal, 5040, true)).toEqual([]);
  });
});
