import { percentile } from '../src/upgrade/rehearsal.ts';

/** From each moment of `later` back to the nearest of `earlier`, sorted; 0 where a watch of ours heard of it after the driver did. */
export const delays = (earlier: readonly number[], later: readonly number[]): readonly number[] =>
  later
    .map((at) =>
      earlier.reduce(
        (best, each) => (Math.abs(at - each) < Math.abs(at - best) ? each : best),
        Number.NEGATIVE_INFINITY,
      ),
    )
    .map((cause, index) => Math.max(0, (later[index] ?? cause) - cause))
    .filter(Number.isFinite)
    .toSorted((a, b) => a - b);

export type Spread = { readonly p50: number; readonly p99: number };

export const spreadOf = (sorted: readonly number[]): Spread => ({
  p50: percentile(sorted, 0.5) ?? Number.NaN,
  p99: percentile(sorted, 0.99) ?? Number.NaN,
});
