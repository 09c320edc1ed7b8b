import { array, assert, boolean, nat, property, tuple } from 'fast-check';
import { expect, it } from 'vitest';
import { Candidates } from '../../src/cluster/virtual/candidates.ts';

it('candidates are those that were added and not taken out, in their order, from any number on', () => {
  assert(
    property(nat(70), array(tuple(nat(100), boolean()), { maxLength: 50 }), nat(110), (count, changes, from) => {
      const candidates = new Candidates(count);
      const there = new Set(Array.from({ length: count }, (_, at) => at));
      for (const [at, isIn] of changes) {
        if (isIn) {
          candidates.add(at);
          there.add(at);
        } else {
          candidates.delete(at);
          there.delete(at);
        }
      }
      const next = [...there].filter((at) => at >= from).toSorted((a, b) => a - b)[0];
      expect(candidates.from(from)).toBe(next);
    }),
    { seed: 1, numRuns: 1000 },
  );
});
