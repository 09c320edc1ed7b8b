import { describe, expect, it } from 'vitest';
import { Random } from '../../src/cluster/virtual/random.ts';
import type { Spread } from '../../src/cluster/virtual/scenario.ts';

const drawn = (spread: Spread, count = 4000): readonly number[] => {
  const random = new Random(1, 'test');
  return Array.from({ length: count }, () => random.draw(spread)).toSorted((a, b) => a - b);
};

/** The value below which a part of the sorted numbers is. */
const quantile = (sorted: readonly number[], part: number): number =>
  sorted[Math.floor(part * sorted.length)] ?? Number.NaN;

const of = (seed: number, purpose: string): readonly number[] => {
  const random = new Random(seed, purpose);
  return Array.from({ length: 20 }, () => random.next());
};

describe('chance', () => {
  it('is the same for a seed and a purpose, and another for others', () => {
    expect(of(1, 'a')).toEqual(of(1, 'a'));
    expect(of(1, 'a')).not.toEqual(of(2, 'a'));
    expect(of(1, 'a')).not.toEqual(of(1, 'b'));
    expect(of(1, 'a').every((each) => each >= 0 && each < 1)).toBe(true);
  });

  it('draws fixed times, and any time of a range, its ends included', () => {
    expect(new Set(drawn({ kind: 'fixed', ms: 7 }))).toEqual(new Set([7]));
    const range = drawn({ kind: 'range', fromMs: 3, toMs: 6 });
    expect(new Set(range)).toEqual(new Set([3, 4, 5, 6]));
    expect(drawn({ kind: 'range', fromMs: 5, toMs: 5 }, 3)).toEqual([5, 5, 5]);
  });

  it('draws log-normal times around their median', () => {
    const times = drawn({ kind: 'log-normal', medianMs: 100_000, sigma: 0.5 });
    expect(quantile(times, 0.5) / 100_000).toBeCloseTo(1, 1);
    // One standard deviation up and down: e^0.5 and e^-0.5.
    expect(quantile(times, 0.841) / 100_000).toBeCloseTo(1.65, 1);
    expect(quantile(times, 0.159) / 100_000).toBeCloseTo(0.61, 1);
    expect(drawn({ kind: 'log-normal', medianMs: 50, sigma: 0 }, 2)).toEqual([50, 50]);
  });

  it('draws from samples, each as likely', () => {
    const times = drawn({ kind: 'samples', samplesMs: [10, 20, 20, 90] });
    expect(new Set(times)).toEqual(new Set([10, 20, 90]));
    expect(times.filter((ms) => ms === 20).length / times.length).toBeCloseTo(0.5, 1);
  });

  it('makes names as Kubernetes does', () => {
    const random = new Random(1, 'names');
    expect(random.suffix(5)).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    expect(random.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(random.uuid()).not.toBe(random.uuid());
  });
});
