// A part of what `npm run test:faults` does at length.
import { expect, it } from 'vitest';
import { killedAt, requestsOf, sampled } from '../faults/killed.ts';
import { faultsOf } from '../faults/judged.ts';
import { atOnce } from '../faults/pool.ts';

const course = { mode: 'scaleOutPriority', pacing: 'window' } as const;

it('a driver that is killed at a request that it makes is succeeded, and nothing is lost or doubled', async () => {
  const numbers = sampled(await requestsOf(course), Number.POSITIVE_INFINITY).filter((_, index) => index % 4 === 0);
  const blows = numbers.flatMap((at) => (['before', 'after'] as const).map((moment) => ({ at, moment })));
  const ends = await atOnce(8, blows, ({ at, moment }) => killedAt(at, moment, course));
  expect(ends.flatMap(faultsOf)).toEqual([]);
  expect(ends.filter(({ struck }) => struck !== undefined).length).toBeGreaterThan(blows.length / 2);
}, 900_000);
