import { expect } from 'vitest';
import { Random } from '../../src/cluster/virtual/random.ts';
import { parseScenario } from '../../src/scenario/parse.ts';
import { SpecError } from '../../src/spec/spec-error.ts';
import { FILE } from './files.ts';

const PIECES = [
  '',
  ' ',
  '\n',
  ': ',
  '- ',
  '[',
  '{}',
  '[]',
  'null',
  '-1',
  '"',
  '*a',
  '&a ',
  '!t ',
  '__proto__: 1\n',
  '1e9',
  '2147483648',
  '9007199254740993',
  '-0',
  '1e-400',
  '.inf',
  '99999999999h',
  '\ufeff',
  '\u202e',
  'x',
];

/** The file with some pieces of it cut out, and others put in. */
const broken = (seed: number): string => {
  const random = new Random(seed, 'text');
  let text = FILE;
  for (let edits = random.between(1, 3); edits > 0; edits -= 1) {
    const at = random.between(0, text.length);
    const piece = PIECES[random.between(0, PIECES.length - 1)] ?? '';
    text = text.slice(0, at) + piece + text.slice(at + random.between(0, 12));
  }
  return text;
};

/** The problems that a text is refused with; undefined where it is a scenario. Any other error goes on up. */
const problemsOf = (text: string): SpecError['problems'] | undefined => {
  try {
    parseScenario({ file: 's.yaml', text });
    return undefined;
  } catch (error) {
    if (error instanceof SpecError) return error.problems;
    throw new Error(`${String(error)} at:\n${text}`, { cause: error });
  }
};

/** Tries a text for each of so many seeds: it is a scenario, or refused at places that are in it. Answers with how many were refused. */
export const tryTexts = ({ runs, seed: firstSeed }: { readonly runs: number; readonly seed: number }): number => {
  let refused = 0;
  for (let seed = firstSeed; seed < firstSeed + runs; seed += 1) {
    const text = broken(seed);
    const lines = text.split('\n');
    const problems = problemsOf(text);
    if (problems !== undefined) refused += 1;
    const outside = (problems ?? []).filter(
      ({ line, column }) => line > lines.length || column > (lines[line - 1]?.length ?? 0) + 1,
    );
    expect(outside, text).toEqual([]);
    expect(problems, text).not.toEqual([]);
  }
  return refused;
};
