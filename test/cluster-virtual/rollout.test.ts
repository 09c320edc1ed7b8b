import { describe, expect, it } from 'vitest';
import { replicasOfCurrent, replicasOfOld, roomOfRollout } from '../../src/cluster/virtual/rollout.ts';

const set = (replicas: number, available: number) => ({ replicas, available });

describe('a rolling update', () => {
  it.each([
    [0, 0, 1],
    [1, 1, 0],
    [3, 1, 0],
    [4, 1, 1],
    [10, 3, 2],
  ])('of %i may have %i too many and %i too few', (desired, surge, unavailable) => {
    expect(roomOfRollout(desired)).toEqual({ surge, unavailable });
  });

  it.each([
    [10, 0, 10, 3],
    [10, 3, 8, 5],
    [10, 3, 10, 3],
    [10, 12, 0, 10],
    [10, 10, 0, 10],
    [4, 0, 0, 4],
    [0, 3, 0, 0],
  ])('of %i with %i new and %i old pods asks for %i new ones', (desired, current, old, wanted) => {
    expect(replicasOfCurrent(desired, current, old)).toBe(wanted);
  });

  it.each([
    ['nothing new is available yet', 10, set(3, 0), [set(10, 10)], [8]],
    ['old ones are of no use', 10, set(3, 0), [set(10, 6)], [8]],
    ['new ones have become available', 10, set(5, 5), [set(8, 8)], [3]],
    ['all new ones are available', 10, set(10, 10), [set(3, 3)], [0]],
    ['their status is behind', 10, set(5, 5), [set(6, 8)], [6]],
    ['there is no room', 10, set(3, 0), [set(8, 8)], [8]],
    ['the oldest go first', 10, set(5, 5), [set(4, 4), set(4, 4)], [0, 3]],
  ])('keeps old pods where %s', (_, desired, current, old, wanted) => {
    expect(replicasOfOld(desired, current, old)).toEqual(wanted);
  });
});
