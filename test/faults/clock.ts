import { join } from 'node:path';

/** The environment of a program whose time of day is so many seconds off; of several offsets, by turns. */
export const clockOff = (...seconds: readonly number[]): Readonly<Record<string, string>> => ({
  NODE_OPTIONS: `--import=${join(import.meta.dirname, 'other-clock.ts')}`,
  DUPGRADE_TEST_CLOCK: seconds.join(),
});
