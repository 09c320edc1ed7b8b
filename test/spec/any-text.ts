import * as fc from 'fast-check';
import { expect } from 'vitest';
import { parseSpec } from '../../src/spec/parse.ts';
import { SpecError } from '../../src/spec/spec-error.ts';
import { DEFAULTS, OPERATOR_FILE, OWN_FILE } from './files.ts';

/** Text made of what YAML and spec files are made of. */
const pieces = [
  ['\n', '\n  ', '\n    ', ' ', ': ', '- ', '? ', '{', '}', '[', ']', ', ', '"', "'", '#', '|', '>', '&a ', '*a', '<<'],
  [
    '!!str ',
    '!x ',
    '%YAML 1.1\n',
    '---\n',
    '...\n',
    '\t',
    '\r\n',
    '\\',
    '@',
    '`',
    '~',
    'null',
    'true',
    '3',
    '-1',
    '1e3',
    '0',
    '-0',
    '00',
    '2147483647',
    '2147483648',
    '9007199254740993',
    '0x10',
    '.inf',
    '.nan',
    '100%',
    '1e-400',
    '99999999999999999999h',
    '\ufeff',
    '\u202e',
  ],
  ['apiVersion', 'dupgrade.dev/v1', 'kind', 'metadata', 'name', 'spec', 'main', 'grey', 'step', 'limits', '__proto__'],
].flat();

const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join(''));

/** A good file with a piece replaced by something else. */
export const damaged = fc
  .tuple(
    fc.constantFrom(OWN_FILE, OPERATOR_FILE),
    fc.nat(500),
    fc.nat(30),
    fc.oneof(soup, fc.string({ unit: 'binary' })),
  )
  .map(([file, at, length, piece]) => file.slice(0, at) + piece + file.slice(at + length));

const expectGood = (error: SpecError, text: string): void => {
  const lines = text.split('\n');
  expect(error.problems.length).toBeGreaterThan(0);
  for (const { line, column } of error.problems) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
  }
  const places = error.problems.map(({ line, column }) => line * 1e6 + column);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(error.message).not.toMatch(/[^\P{C}\n]/u);
  for (const line of error.message.split('\n')) expect(line).toMatch(/^up\.yaml:\d+:\d+: .+; .+$|: not valid YAML: /u);
};

/** Tries so many texts: each is a spec, or refused at places that are in it. Answers with how many were refused. */
export const tryTexts = ({ runs, seed }: { readonly runs: number; readonly seed: number }): number => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), soup, damaged, damaged);
  let refusals = 0;
  fc.assert(
    fc.property(text, (given) => {
      try {
        parseSpec({ file: 'up.yaml', text: given }, DEFAULTS);
      } catch (error) {
        if (!(error instanceof SpecError)) throw error;
        refusals += 1;
        expectGood(error, given);
      }
    }),
    { seed, numRuns: runs },
  );
  return refusals;
};
