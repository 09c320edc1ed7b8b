import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cutLine,
  flow,
  type Line,
  lineWidth,
  paintLine,
  paragraph,
  span,
  widthOf,
  wrapped,
} from '../../src/output/line.ts';
import { paletteOf } from '../../src/output/palette.ts';

const plain = paletteOf(false);
const textOf = (line: Line): string => paintLine(line, plain);

describe('a line', () => {
  it('knows that ideographs and emoji take two columns, and marks none', () => {
    expect(widthOf('abc')).toBe(3);
    expect(widthOf('日本')).toBe(4);
    expect(widthOf('🚀')).toBe(2);
    expect(widthOf('e\u0301')).toBe(1);
    expect(widthOf('█▒░→…✔')).toBe(6);
  });

  it('stays as it is where it fits', () => {
    expect(textOf(cutLine([span('abc'), span('def')], 6, '…'))).toBe('abcdef');
  });

  it('is cut in the span in which the room ends', () => {
    expect(textOf(cutLine([span('abc'), span('def'), span('ghi')], 6, '…'))).toBe('abcde…');
    expect(textOf(cutLine([span('abc'), span('def')], 3, '...'))).toBe('...');
    expect(textOf(cutLine([span('abc')], 2, '...'))).toBe('..');
  });

  it('is not cut through a wide character', () => {
    expect(textOf(cutLine([span('日本語')], 4, '…'))).toBe('日…');
  });

  it('is never wider than it may be', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.integer({ min: 1, max: 30 }), (texts, columns) => {
        expect(
          lineWidth(
            cutLine(
              texts.map((text) => span(text)),
              columns,
              '…',
            ),
          ),
        ).toBeLessThanOrEqual(columns);
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it('is coloured after it was cut, and only when colours are wanted', () => {
    const line = cutLine([span('running', 'good')], 4, '…');
    expect(paintLine(line, paletteOf(true))).toBe('\u001B[32mrun\u001B[39m\u001B[2m…\u001B[22m');
    expect(paintLine(line, plain)).toBe('run…');
  });
});

describe('lines', () => {
  it('take as many chunks as fit, and at least one', () => {
    const chunks = ['ready 30', 'pods 33', 'limits none'].map((text) => [span(text)]);
    expect(flow(chunks, 40).map(textOf)).toEqual(['ready 30  pods 33  limits none']);
    expect(flow(chunks, 17).map(textOf)).toEqual(['ready 30  pods 33', 'limits none']);
    expect(flow(chunks, 3).map(textOf)).toEqual(['ready 30', 'pods 33', 'limits none']);
  });

  it('break a text at spaces and keep a long word whole', () => {
    expect(wrapped('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapped('one-very-long-word x', 4)).toEqual(['one-very-long-word', 'x']);
  });

  it('hang below the first, and keep the rest on the last where there may not be more', () => {
    expect(paragraph('one two three four', 7, 'plain').map(textOf)).toEqual(['one', '  two', '  three', '  four']);
    expect(paragraph('one two three four', 7, 'plain', 2).map(textOf)).toEqual(['one', '  two three four']);
  });
});
