/**
 * How many texts a test makes up, and from which seed. `npm test` takes a fixed share; a long run names FUZZ_RUNS and has a
 * seed of its own, which FUZZ_SEED gives back.
 */
export const fuzzed = (share: number, fixedSeed: number): { readonly runs: number; readonly seed: number } => {
  const { FUZZ_RUNS, FUZZ_SEED } = process.env;
  const fresh = FUZZ_RUNS === undefined ? fixedSeed : Math.floor(Math.random() * 2 ** 31);
  return { runs: Number(FUZZ_RUNS ?? share), seed: Number(FUZZ_SEED ?? fresh) };
};

/** Over so many texts a test may take as long as it takes. */
export const fuzzTimeoutMs = 30 * 60_000;
