import { expect, it } from 'vitest';
import { tryTexts } from './any-text.ts';

const RUNS = 1500;

it('any text is a scenario, or is refused with places that are in it', () => {
  expect(tryTexts({ runs: RUNS, seed: 1 })).toBeGreaterThan(RUNS / 2);
});
