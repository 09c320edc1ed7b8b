/** Every verb in every state, and what befalls drivers, against a model of the table in ARCHITECTURE.md. */
import { expect, it } from 'vitest';
import { playVirtually } from './model.ts';

it('answers as ARCHITECTURE.md says, and drivers end as they should, whatever is done in whatever order', async () => {
  expect(await playVirtually({ runs: 250, seed: 1 })).toEqual([0, 4, 5, 6, 8, 130]);
}, 120_000);
