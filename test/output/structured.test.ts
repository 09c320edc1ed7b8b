import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderStructured } from '../../src/output/structured.ts';

const VALUE = { name: 'llama-v2', standing: { ready: 30 }, message: 'exceeded quota: "gpu"', text: 'one\ntwo' };

describe('structured output', () => {
  it('is indented JSON', async () => {
    expect(await renderStructured({ name: 'llama-v2', ready: 30 }, 'json')).toBe(
      '{\n  "name": "llama-v2",\n  "ready": 30\n}\n',
    );
  });

  it('is YAML without quotes where there need be none', async () => {
    expect(await renderStructured(VALUE, 'yaml')).toBe(
      'name: llama-v2\nstanding:\n  ready: 30\nmessage: \'exceeded quota: "gpu"\'\ntext: |-\n  one\n  two\n',
    );
  });

  it('leaves out of YAML what JSON leaves out', async () => {
    expect(await renderStructured({ a: undefined, b: 1 }, 'yaml')).toBe('b: 1\n');
  });

  it('writes what is not printable as an escape that YAML knows', async () => {
    const texts = ['a\u202Eb\u009Bc\u001Bd', '\u{E0041}'];
    const text = await renderStructured({ texts }, 'yaml');
    expect(text).toBe('texts:\n  - "a\\u202eb\\u009bc\\ed"\n  - "\\udb40\\udc41"\n');
    expect(parse(text)).toEqual({ texts });
  });

  it.each(['json', 'yaml'] as const)('as %s is printable and says the same, whatever it is given', async (format) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary' })), async (texts) => {
        const text = await renderStructured({ texts, name: 'x' }, format);
        expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        const read: unknown = format === 'json' ? JSON.parse(text) : parse(text);
        expect(read).toEqual({ texts, name: 'x' });
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
