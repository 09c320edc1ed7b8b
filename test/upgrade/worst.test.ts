import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EXIT_CODES } from '../../src/output/exit-codes.ts';
import { FROM_THE_WORST, worstExitCode } from '../../src/upgrade/worst.ts';

describe('the exit code of several upgrades', () => {
  it.each([
    [[], 0],
    [[0, 0], 0],
    [[0, 4, 0], 4],
    [[4, 6], 6],
    [[6, 3], 3],
    [[3, 5], 5],
    [[5, 8], 8],
    [[8, 7], 7],
    [[7, 1], 1],
    [[1, 130], 130],
    [[130, 143], 143],
    [[0, 99], 1],
  ])('of %j is %i', (codes, worst) => {
    expect(worstExitCode(codes)).toBe(worst);
    expect(worstExitCode(codes.toReversed())).toBe(worst);
  });

  it('has a place for every exit code, and ARCHITECTURE.md says the same order', () => {
    const known = EXIT_CODES.map(({ code }) => code);
    expect(FROM_THE_WORST.toSorted((a, b) => a - b)).toEqual(known.toSorted((a, b) => a - b));
    const page = readFileSync(new URL('../../ARCHITECTURE.md', import.meta.url), 'utf8');
    expect(page).toContain(`from the worst: ${FROM_THE_WORST.join(', ')}.`);
  });
});
