// A part of what `npm run test:faults` does at length.
import { expect, it } from 'vitest';
import { MODES } from '../../src/upgrade/leg.ts';
import { FAULTS } from '../faults/fault.ts';
import { faultsOf } from '../faults/judged.ts';
import { troubled } from '../faults/network.ts';
import { atOnce } from '../faults/pool.ts';

it('a bad network is got over, with all that can be bad about it at once', async () => {
  const jobs = MODES.map((mode, seed) => ({ seed, faults: FAULTS, course: { mode, pacing: 'window' } as const }));
  const ends = await atOnce(jobs.length, jobs, troubled);
  expect(ends.flatMap(faultsOf)).toEqual([]);
  // Fewer would be no trouble.
  expect(ends.reduce((sum, { injected }) => sum + injected, 0)).toBeGreaterThan(20);
}, 900_000);
