import type { Told } from './any-verb.ts';

/** `count` seeds from the first on, or the one that `SIMULATION_SEED` names. */
export const seedsFrom = (first: number, count: number): readonly number[] => {
  const given = process.env['SIMULATION_SEED'];
  return given === undefined ? Array.from({ length: count }, (_, i) => first + i) : [Number(given)];
};

/** Plays seeds until one breaks something; the error holds the line that plays that one again. */
export const playSeeds = async (
  seeds: readonly number[],
  play: (seed: number) => Promise<Told>,
): Promise<{ readonly verbs: number; readonly writes: number }> => {
  let verbs = 0;
  let writes = 0;
  for (const [index, seed] of seeds.entries()) {
    const told = await play(seed).catch((error: unknown): Told => ({ broken: [String(error)], verbs: 0, writes: 0 }));
    if (told.broken.length > 0) {
      const replay = `SIMULATION_SEED=${seed} npx vitest run --project unit test/cluster-virtual/any-verb.test.ts`;
      const broken = told.broken.slice(0, 5).join('\n');
      throw new Error(`seed ${seed}, number ${index + 1}, breaks something; replay it with: ${replay}\n${broken}`);
    }
    verbs += told.verbs;
    writes += told.writes;
  }
  return { verbs, writes };
};
