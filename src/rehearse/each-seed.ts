import type { RehearsedRun } from '../upgrade/rehearsal.ts';
import type { Performer } from './rehearse-run.ts';

/**
 * The runs from 0 on, as far as it makes sense to go on: where one never ends, others would not either, and each takes as long to
 * find that out. The performers share them; which of them does a run makes no difference.
 */
export const eachSeed = async <T extends RehearsedRun>(
  count: number,
  performers: readonly Performer[],
  run: (index: number, performer: Performer) => Promise<T>,
): Promise<readonly T[]> => {
  const runs: T[] = [];
  let next = 0;
  let isOver = false;
  const perform = async (performer: Performer): Promise<void> => {
    while (next < count && !isOver) {
      const index = next;
      next += 1;
      const done = await run(index, performer);
      runs[index] = done;
      isOver ||= done.end.kind === 'never-ends';
    }
  };
  await Promise.all(performers.map(perform));
  const last = runs.findIndex(({ end }) => end.kind === 'never-ends');
  return last === -1 ? runs : runs.slice(0, last + 1);
};
