import { describe, expect, it } from 'vitest';
import { inTurns } from '../../src/drive/in-turns.ts';

/** Work that ends when it is told to, and what is under way. */
const works = () => {
  const begun: number[] = [];
  const ends = new Map<number, () => void>();
  const work = (item: number): Promise<void> => {
    begun.push(item);
    return new Promise((resolve) => {
      ends.set(item, resolve);
    });
  };
  const end = async (item: number): Promise<void> => {
    ends.get(item)?.();
    // What waits for it goes on within two turns of the queue.
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  };
  return { begun, work, end };
};

describe('work in turns', () => {
  it('is begun in its order, and no more at a time than may be', async () => {
    const { begun, work, end } = works();
    const all = inTurns([1, 2, 3, 4], 2, () => true, work);
    expect(begun).toEqual([1, 2]);
    await end(2);
    expect(begun).toEqual([1, 2, 3]);
    await end(3);
    expect(begun).toEqual([1, 2, 3, 4]);
    await end(1);
    await end(4);
    await all;
  });

  it('is not begun any more once it may not, and what has begun is waited for', async () => {
    const { begun, work, end } = works();
    let mayBegin = true;
    let isOver = false;
    const all = inTurns([1, 2, 3, 4], 2, () => mayBegin, work).then(() => {
      isOver = true;
    });
    mayBegin = false;
    await end(1);
    expect(begun).toEqual([1, 2]);
    expect(isOver).toBe(false);
    await end(2);
    await all;
  });
});
