import { expect, it } from 'vitest';
import { msOf } from '../../src/upgrade/time-text.ts';

it('a time of an object is told in ms, whenever it is asked for', () => {
  const second = (at: number): string => new Date(at * 1000).toISOString().replace('.000Z', 'Z');
  const times = Array.from({ length: 2500 }, (_, at) => at);
  for (const at of [...times, ...times]) expect(msOf(second(at))).toBe(at * 1000);
  expect(msOf('')).toBeNaN();
});
