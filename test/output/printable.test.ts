import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable, printableJson, printableLine, printableValue } from '../../src/output/printable.ts';

const anyText = fc.string({ unit: 'binary' });

describe('printable', () => {
  it.each([
    ['ESC', 'a\u001B[31mb', 'a\\u001b[31mb'],
    ['a bell and a backspace', '\u0007\u0008', '\\u0007\\u0008'],
    ['DEL', '\u007F', '\\u007f'],
    ['the CSI of C1', '\u009B2J', '\\u009b2J'],
    ['a right-to-left override', 'gpu\u202Efdp', 'gpu\\u202efdp'],
    ['isolates', '\u2066x\u2069', '\\u2066x\\u2069'],
    ['a zero-width space', 'a\u200Bb', 'a\\u200bb'],
    ['a tag beyond the basic plane', '\u{E0041}', '\\udb40\\udc41'],
    ['half a surrogate pair', '\uD800', '\\ud800'],
    ['a line separator', 'a\u2028b', 'a\\u2028b'],
    ['a carriage return', 'a\rb', 'a\\u000db'],
  ])('writes %s as an escape', (_, text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  it('leaves letters of any script, line breaks and emoji as they are', () => {
    expect(printable('grey → grün, 日本語, 🚀\nsecond')).toBe('grey → grün, 日本語, 🚀\nsecond');
  });

  it('makes one line of several', () => {
    expect(printableLine('  0/8 nodes\n\tare   available\r\n')).toBe('0/8 nodes are available');
  });

  it('reaches every string of a value and leaves all else', () => {
    const value = { a: ['x\u001B', { b: '\u0000' }], n: 1, t: true, none: null, missing: undefined };
    expect(printableValue(value)).toEqual({
      a: ['x\\u001b', { b: '\\u0000' }],
      n: 1,
      t: true,
      none: null,
      missing: undefined,
    });
  });

  it('leaves no control or format character, whatever it is given', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(printableLine(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it('writes JSON that is printable and says the same', () => {
    fc.assert(
      fc.property(fc.array(anyText), (texts) => {
        const json = printableJson({ texts });
        expect(json).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(JSON.parse(json)).toEqual({ texts });
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});
