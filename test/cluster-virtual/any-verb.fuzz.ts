/** The same as any-verb.test.ts with fresh seeds: `npm run test:fuzz`, `SIMULATION_SEEDS=20000 npm run test:fuzz`. */
import { expect, it } from 'vitest';
import { anyVerbs } from './any-verb.ts';
import { playSeeds, seedsFrom } from './seeds.ts';

it('keeps its promises whatever is asked of it, with seeds that nobody has seen', async () => {
  const first = 1_000 + Math.floor(Math.random() * 1_000_000_000);
  const seeds = seedsFrom(first, Number(process.env['SIMULATION_SEEDS'] ?? 3000));
  const { verbs, writes } = await playSeeds(seeds, anyVerbs);
  expect(writes).toBeGreaterThan(0);
  console.log(`${seeds.length} seeds from ${seeds[0]}: ${verbs} verbs, ${writes} writes, nothing broken`);
});
