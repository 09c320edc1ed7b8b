import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Share = { readonly runs: number; readonly seed: number };

/** After that many the memory is looked at: what is kept from one share to the next grows. */
const SHARES = 100;

/**
 * Makes up 100,000 texts, or as many as FUZZ_RUNS says, with a seed of its own; FUZZ_SEED gives one back. Prints how long the
 * slowest share of them took, a text each, and how much more is on the heap at the end than after the first share.
 */
export const longRun = (
  what: string,
  tryTexts: (share: Share) => number,
): { readonly runs: number; readonly answer: number; readonly grownMb: number } => {
  const { FUZZ_RUNS, FUZZ_SEED } = process.env;
  const runs = Number(FUZZ_RUNS ?? 100_000);
  const seed = Number(FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
  const each = Math.ceil(runs / SHARES);
  console.log(`${runs} ${what}, to be had again with FUZZ_SEED=${seed}`);
  let answer = 0;
  let slowestMs = 0;
  let heapAtFirst: number | undefined;
  for (let share = 0; share < SHARES; share += 1) {
    const beganMs = performance.now();
    answer += tryTexts({ runs: each, seed: seed + share * each });
    slowestMs = Math.max(slowestMs, (performance.now() - beganMs) / each);
    heapAtFirst ??= heapMb();
  }
  const grownMb = Math.round(heapMb() - (heapAtFirst ?? 0));
  console.log(`${runs} ${what}: in the slowest share ${slowestMs.toFixed(2)} ms each, ${grownMb} MB more on the heap`);
  return { runs, answer, grownMb };
};

const heapMb = (): number => {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed / 2 ** 20;
};
