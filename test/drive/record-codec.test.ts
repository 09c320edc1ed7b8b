import { describe, expect, it } from 'vitest';
import { decodeRecord, encodeRecord } from '../../src/drive/record-codec.ts';
import { RecordUnreadable } from '../../src/drive/record-unreadable.ts';
import { LONGEST_BYTES } from '../../src/spec/text.ts';
import { CurveNotes } from '../../src/upgrade/curve.ts';
import { JOURNAL_LIMIT, journaled, type UpgradeRecord } from '../../src/upgrade/record.ts';
import { recordOf } from '../support/record.ts';

const metadata = { namespace: 'serving', name: 'dupgrade-llama-v2' };
const stored = (record: UpgradeRecord) => ({ metadata, data: encodeRecord(record) });
const entry = {
  at: '2026-11-23T10:00:00.000Z',
  by: 'alice@laptop',
  did: 'scaled',
  side: 'grey',
  from: 0,
  to: 3,
} as const;

describe('a record in a ConfigMap', () => {
  it('comes back as it was written', () => {
    const full = journaled(
      recordOf({
        phase: 'completed',
        endedAt: entry.at,
        curve: [
          { atMs: 0, main: 30, grey: 0, ready: 30, pods: 33, gpus: 264 },
          { atMs: 61_005, main: 27, grey: 3, ready: 29, pods: 33, gpus: 264 },
        ],
        lastRun: { at: entry.at, by: 'bob', outcome: 'stuck', reason: 'quota' },
      }),
      entry,
      { at: entry.at, by: 'bob', did: 'ended', outcome: 'reached' },
      { at: entry.at, by: 'bob', did: 'leg', from: { main: 1, grey: 2 }, to: { main: 3, grey: 4 } },
      { at: entry.at, by: 'bob', did: 'verb', verb: 'pause' },
    );
    for (const record of [recordOf(), full]) expect(decodeRecord(stored(record))).toEqual(record);
  });

  it('has a line for each point of its curve', () => {
    const curve = [{ atMs: 61_005, main: 27, grey: 3, ready: 29, pods: 33, gpus: 264 }];
    expect(encodeRecord(recordOf({ curve }))['curve']).toBe('[\n[61.005,27,3,29,33,264]\n]');
  });

  it('has no curve where it was written before there was one', () => {
    const { curve: _, ...data } = encodeRecord(recordOf());
    expect(decodeRecord({ metadata, data })).toEqual(recordOf());
  });

  it('stays far under the 1 MiB of an object, however long the upgrade', () => {
    const notes = new CurveNotes([]);
    const count = 1_000_000;
    for (let i = 0; i < 5000; i += 1)
      notes.note({ atMs: i * 100_001, main: count, grey: i, ready: count, pods: count, gpus: 8 * count });
    let record = recordOf({ curve: notes.points });
    for (let i = 0; i < 5000; i += 1) record = journaled(record, { ...entry, by: 'x'.repeat(120) });
    expect(record.journal).toHaveLength(JOURNAL_LIMIT);
    expect(record.journalDropped).toBe(5000 - JOURNAL_LIMIT);
    expect(JSON.stringify(stored(record)).length).toBeLessThan(128 * 1024);
  });

  it('keeps the longest file that is taken beside a full journal in less than half of what a ConfigMap may hold', () => {
    const source = '\u2603'.repeat(LONGEST_BYTES / 3);
    let record = recordOf({ source });
    for (let i = 0; i < JOURNAL_LIMIT; i += 1) record = journaled(record, { ...entry, by: 'x'.repeat(250) });
    const bytes = Object.values(encodeRecord(record)).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    expect(bytes).toBeGreaterThan(LONGEST_BYTES);
    expect(bytes).toBeLessThan(512 * 1024);
  });

  it.each([
    ['another format', { format: '2' }, 'holds a record of format "2"; this dupgrade reads format 1'],
    ['no format', { format: undefined }, 'does not hold the record of an upgrade: it has no key "format"'],
    ['a missing part', { intent: undefined }, 'lacks the key "intent"'],
    ['a point that is none', { curve: '[[1,2]]' }, 'curve.0'],
    ['broken JSON', { leg: '{' }, 'the key "leg" is not JSON; was it edited by hand?'],
    [
      'a nonsensical value',
      { intent: JSON.stringify({ ...recordOf().intent, targets: { main: -1, grey: 2 } }) },
      'intent.targets.main makes no sense',
    ],
  ])('is refused with %s', (_, change, message) => {
    const map = stored(recordOf());
    const data = Object.fromEntries(
      Object.entries({ ...map.data, ...change }).filter((pair): pair is [string, string] => pair[1] !== undefined),
    );
    const decode = () => decodeRecord({ metadata, data });
    expect(decode).toThrow(RecordUnreadable);
    expect(decode).toThrow(`ConfigMap serving/dupgrade-llama-v2`);
    expect(decode).toThrow(message);
  });
});
