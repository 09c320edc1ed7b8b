/** The same as any-text.test.ts with many more texts: `npm run test:fuzz`, `FUZZ_RUNS=1000000 npm run test:fuzz`. */
import { expect, it } from 'vitest';
import { longRun } from '../support/fuzz.ts';
import { tryTexts } from './any-text.ts';

it('any text is read as one of the spec files, or refused, in bounded time and memory', () => {
  const { runs, answer: refused, grownMb } = longRun('spec files', tryTexts);
  expect(refused).toBeGreaterThan(runs / 2);
  // Texts that were kept would come to more.
  expect(grownMb).toBeLessThan(20);
});
