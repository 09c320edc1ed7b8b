import { expect, it } from 'vitest';
import { EXIT_CODES } from '../../src/output/exit-codes.ts';
import { exitCodeOf } from '../../src/upgrade/outcome.ts';
import { OUTCOMES } from './samples.ts';

it('names every exit code that an outcome can have, each once and in order', () => {
  const codes = EXIT_CODES.map(({ code }) => code);
  const used = [...Object.values(OUTCOMES), { kind: 'interrupted', signal: 'SIGTERM' } as const].map(exitCodeOf);
  expect(codes).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 130, 143]);
  expect(codes).toEqual(expect.arrayContaining(used));
});
