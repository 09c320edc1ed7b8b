import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { limited, secondsOf, TimedOut } from '../../src/cluster/kubernetes/timing.ts';

const never = new Promise<never>(() => undefined);

it('work under a limit gives what it gives, and leaves no listener behind', async () => {
  const parent = new AbortController();
  expect(await limited(parent.signal, 60_000, async () => 1)).toBe(1);
  await expect(limited(parent.signal, 60_000, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(getEventListeners(parent.signal, 'abort')).toEqual([]);
});

it('work that does not heed its signal is not waited for', async () => {
  const parent = new AbortController();
  await expect(limited(parent.signal, 1, () => never)).rejects.toThrow(TimedOut);
  const ended = limited(parent.signal, 60_000, () => never);
  parent.abort(new Error('closed'));
  await expect(ended).rejects.toThrow('closed');
  await expect(limited(parent.signal, 60_000, async () => 1)).rejects.toThrow('closed');
});

it.each([
  [62, '0.062 s'],
  [1249, '1.2 s'],
  [15_000, '15 s'],
  [119_000, '120 s'],
  [300_000, '5 min'],
])('%i ms are %s', (ms, text) => {
  expect(secondsOf(ms)).toBe(text);
});
