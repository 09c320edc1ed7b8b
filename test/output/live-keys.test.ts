import { describe, expect, it } from 'vitest';
import { afterKey, SILENT, type Talk, talkLines, type Wish } from '../../src/output/live-keys.ts';

const DRIVES = true;

const after = (keys: string, drives = DRIVES): { readonly talk: Talk; readonly confirmed: readonly Wish[] } => {
  let talk = SILENT;
  const confirmed: Wish[] = [];
  for (const key of keys) {
    const next = afterKey(talk, key, drives);
    talk = next.talk;
    if (next.confirmed !== undefined) confirmed.push(next.confirmed);
  }
  return { talk, confirmed };
};

const linesOf = (talk: Talk, drives: boolean, width: number): readonly string[] =>
  talkLines(talk, drives, width).map((line) => line.map(({ text }) => text).join(''));

describe('the keys of the live view', () => {
  it.each([
    ['p', 'pause'],
    ['r', 'resume'],
    ['t', 'accept'],
    ['b', 'rollback'],
    ['d', 'leave'],
  ] as const)('%s asks once, and does nothing before y', (key, wish) => {
    expect(after(key)).toEqual({ talk: { kind: 'asking', wish }, confirmed: [] });
    expect(after(`${key}y`)).toEqual({ talk: { kind: 'doing', wish }, confirmed: [wish] });
    expect(after(`${key}Y`).confirmed).toEqual([wish]);
    for (const no of ['n', 'q', '\r', '?', key, 'p', 'b']) {
      expect(after(key + no)).toEqual({ talk: SILENT, confirmed: [] });
    }
  });

  it('leaves a view that only watches at once', () => {
    expect(after('d', false).confirmed).toEqual(['leave']);
  });

  it('takes no second wish while one is carried out, but that to leave', () => {
    expect(after('pyby')).toEqual({ talk: { kind: 'doing', wish: 'pause' }, confirmed: ['pause'] });
    expect(after('pydy').confirmed).toEqual(['pause', 'leave']);
  });

  it('shows and hides what the keys are for', () => {
    expect(after('?').talk).toEqual({ kind: 'help' });
    expect(after('??').talk).toEqual(SILENT);
    expect(after('?x').talk).toEqual(SILENT);
    expect(after('y').talk).toEqual(SILENT);
    expect(linesOf({ kind: 'help' }, true, 78)).toEqual([
      'p pause  r resume  t accept what is ready  b roll back',
      'd stop driving, to resume later (as Ctrl-C)  ? hide this',
    ]);
    expect(linesOf({ kind: 'help' }, false, 78)[1]).toBe('d leave; the upgrade goes on  ? hide this');
    expect(linesOf({ kind: 'asking', wish: 'rollback' }, true, 78)).toEqual(['roll back? y/n']);
    expect(linesOf({ kind: 'doing', wish: 'accept' }, true, 78)).toEqual(['setting the targets to what is ready']);
  });
});
