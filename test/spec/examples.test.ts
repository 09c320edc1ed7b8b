import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSpec } from '../../src/spec/parse.ts';
import { MODES } from '../../src/upgrade/leg.ts';
import { DEFAULTS } from './files.ts';

const folder = new URL('../../examples/', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, folder), 'utf8');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .filter((file) => /^kind: DeploymentUpgrade$/m.test(read(file)));
const parse = (file: string) => parseSpec({ file, text: read(file) }, DEFAULTS);

describe('the examples', () => {
  it('are found', () => expect(files.length).toBeGreaterThanOrEqual(6));

  it.each(files)('hold a spec in %s', (file) => {
    expect(parse(file).name).not.toBe('');
  });

  it('show every mode', () => {
    expect(new Set(files.map((file) => parse(file).way.mode))).toEqual(new Set(MODES));
  });
});
