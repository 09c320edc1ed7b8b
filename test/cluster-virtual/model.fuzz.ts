/** The same as model.test.ts with fresh seeds: `npm run test:fuzz`, `SIMULATION_SEEDS=20000 npm run test:fuzz`. */
import { expect, it } from 'vitest';
import { playVirtually } from './model.ts';

it('answers as ARCHITECTURE.md says, whatever is done in whatever order, with seeds that nobody has seen', async () => {
  const seed = 1_000 + Math.floor(Math.random() * 1_000_000_000);
  const runs = Number(process.env['SIMULATION_SEEDS'] ?? 3000);
  expect(await playVirtually({ runs, seed })).toContain(0);
  console.log(`${runs} plays from seed ${seed}, nothing broken`);
});
