import { describe, expect, it } from 'vitest';
import { parseRehearsal } from '../../src/spec/rehearsal-file.ts';
import { REPORT } from '../output/rehearsal-samples.ts';

const parse = (text: string) => parseRehearsal({ file: 'rehearsal.json', text });

describe('the file of a rehearsal', () => {
  it('is what rehearse -o json writes, its other fields left aside', () => {
    const { floor, example } = parse(JSON.stringify(REPORT, undefined, 2));
    expect(floor).toBe(30);
    expect(example.curve).toEqual(REPORT.example.curve);
  });

  it.each([
    ['a file that breaks off', '{\n  "a": 1', /^rehearsal\.json:2:9: not JSON .*rehearse SPEC -o json/],
    ['text that is no JSON', '{\n  "a": x', /^rehearsal\.json:1:1: not JSON \([^\n]+\);/],
    ['an empty file', '', /^rehearsal\.json:1:1: not JSON/],
    ['something else', '{"kind":"List"}', /^rehearsal\.json:1:1: \w+: is not that of a rehearsal/],
    [
      'a curve without a point',
      JSON.stringify({ ...REPORT, example: { ...REPORT.example, curve: [] } }),
      /example\.curve: is not that of a rehearsal/,
    ],
    [
      'a count that is none',
      JSON.stringify({ ...REPORT, example: { ...REPORT.example, curve: [{ ...REPORT.example.curve[0], main: -1 }] } }),
      /example\.curve\[0\]\.main: is not that of a rehearsal/,
    ],
  ])('is refused of %s', (_, text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
});
