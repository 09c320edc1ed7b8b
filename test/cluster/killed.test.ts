// A part of what `npm run test:faults` does at length.
import { expect, it } from 'vitest';
import { faultsOf } from '../faults/judged.ts';
import { killedAt, requestsOf } from '../faults/killed.ts';
import { isWrite } from '../faults/numbered-way.ts';
import { atOnce } from '../faults/pool.ts';

const course = { mode: 'scaleOutPriority', pacing: 'window' } as const;

it('a driver that is killed at a request that it makes is succeeded, and nothing is lost or doubled', async () => {
  const [requests = []] = await atOnce(1, [course], requestsOf);
  const writes = requests.flatMap((request, index) => (isWrite(request) ? [index + 1] : []));
  const blows = writes
    .filter((_, index) => index % 4 === 0)
    .flatMap((at) => (['before', 'after'] as const).map((moment) => ({ at, moment, course })));
  const ends = await atOnce(8, blows, killedAt);
  expect(ends.flatMap(faultsOf)).toEqual([]);
  expect(ends.filter(({ injected }) => injected > 0).length).toBeGreaterThan(blows.length / 2);
}, 900_000);
