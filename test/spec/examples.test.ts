import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSpec } from '../../src/spec/parse.ts';
import { MODES } from '../../src/upgrade/leg.ts';
import { DEFAULTS } from './files.ts';

const folder = new URL('../../examples/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
const parse = (file: string) => parseSpec({ file, text: readFileSync(new URL(file, folder), 'utf8') }, DEFAULTS);

describe('the examples', () => {
  it.each(files)('hold a spec in %s', (file) => {
    expect(parse(file).name).not.toBe('');
  });

  it('show every mode', () => {
    expect(new Set(files.map((file) => parse(file).way.mode))).toEqual(new Set(MODES));
  });
});
