import { describe, expect, it } from 'vitest';
import { decodeRecord, encodeRecord } from '../../src/drive/record-codec.ts';
import { RecordUnreadable } from '../../src/drive/record-unreadable.ts';
import { LONGEST_BYTES } from '../../src/spec/text.ts';
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
        lastRun: { at: entry.at, by: 'bob', outcome: 'stuck', reason: 'quota' },
      }),
      entry,
      { at: entry.at, by: 'bob', did: 'ended', outcome: 'reached' },
      { at: entry.at, by: 'bob', did: 'leg', from: { main: 1, grey: 2 }, to: { main: 3, grey: 4 } },
      { at: entry.at, by: 'bob', did: 'verb', verb: 'pause' },
    );
    for (const record of [recordOf(), full]) expect(decodeRecord(stored(record))).toEqual(record);
  });

  it('stays far under the 1 MiB of an object, however long the upgrade', () => {
    let record = recordOf();
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
