import { expect, it } from 'vitest';
import { readWatch, type WatchEvent } from '../../src/cluster/kubernetes/watch.ts';
import { bookmark, object } from './fixtures.ts';

type Item = ReturnType<typeof object>;

/** What is read of a body that comes in these pieces. */
const read = async (...pieces: readonly Uint8Array[]): Promise<readonly WatchEvent<Item>[]> => {
  const events: WatchEvent<Item>[] = [];
  const body = async function* () {
    yield* pieces;
  };
  await readWatch<Item>(body(), (batch) => events.push(...batch));
  return events;
};

it('the events of a watch are the same wherever its body is cut', async () => {
  const events = [
    { type: 'ADDED', object: object('ü€😀', 11) },
    bookmark(12),
    { type: 'DELETED', object: object('a', 13) },
  ];
  const bytes = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join('\n'));
  for (let cut = 0; cut <= bytes.length; cut++) {
    expect(await read(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(events);
  }
  expect(await read(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(events);
});

it('a line without an end is not read for ever', async () => {
  const piece = new Uint8Array(16 * 1024 * 1024).fill(0x20);
  await expect(read(...Array.from({ length: 5 }, () => piece))).rejects.toThrow('a line without an end');
});
