import { Ground } from './ground.ts';

/** Does `work` with every item, so many at once and each on a ground for itself, and gives the results in the order in which they came. */
export const atOnce = async <T, R>(
  count: number,
  items: readonly T[],
  work: (ground: Ground, item: T) => Promise<R>,
): Promise<R[]> => {
  const left = [...items];
  const results: R[] = [];
  const worker = async (): Promise<void> => {
    const ground = await Ground.on();
    for (let item = left.shift(); item !== undefined; item = left.shift()) results.push(await work(ground, item));
  };
  await Promise.all(Array.from({ length: Math.min(count, items.length) }, worker));
  return results;
};
