import { describe, expect, it } from 'vitest';
import { fieldOf } from '../../src/spec/path.ts';
import { shortened, shown } from '../../src/spec/shown.ts';

describe('a value in a message', () => {
  it.each([
    ['plain', '"plain"'],
    ['two words', '"two words"'],
    ['größe 🦙', '"größe 🦙"'],
    ['say "a\\b"', '"say \\"a\\\\b\\""'],
    ['a\nb\r\tc', '"a\\nb\\r\\tc"'],
    ['\u001b[31m\u0007\u007f\u009b', '"\\u{001b}[31m\\u{0007}\\u{007f}\\u{009b}"'],
    ['\u202eexe\u2066\u200b\u{e0041}', '"\\u{202e}exe\\u{2066}\\u{200b}\\u{e0041}"'],
    ['a\u00a0b\u2028c\u3000', '"a\\u{00a0}b\\u{2028}c\\u{3000}"'],
    ['\ud83e', '"\\u{d83e}"'],
    ['x'.repeat(60), `"${'x'.repeat(60)}"`],
    ['x'.repeat(61), `"${'x'.repeat(60)}…"`],
    ['🦙'.repeat(60), `"${'🦙'.repeat(60)}"`],
    ['🦙'.repeat(1_000_000), `"${'🦙'.repeat(60)}…"`],
    [3, '3'],
    [false, 'false'],
    [null, 'no value'],
    [[], 'a list'],
    [{}, 'a mapping'],
  ])('is safe and short: %j', (value, expected) => {
    expect(shown(value)).toBe(expected);
  });

  it('is cut where the caller says', () => {
    expect(shortened('abcdef', 3)).toBe('abc…');
    expect(shortened('abc', 3)).toBe('abc');
  });
});

describe('a field in a message', () => {
  it.each([
    [[], ''],
    [['spec', 'main', 'target'], 'spec.main.target'],
    [['items', 0, 'a-b_c'], 'items[0].a-b_c'],
    [['labels', 'a.b/c'], 'labels["a.b/c"]'],
    [['0'], '["0"]'],
    [['x'.repeat(1000)], `${'x'.repeat(60)}…`],
    [['\u001b'], '["\\u{001b}"]'],
  ])('%j is %s', (path, expected) => {
    expect(fieldOf(path)).toBe(expected);
  });
});
