/** Does `work` with every item, so many at once, and gives the results in the order in which they came. */
export const atOnce = async <T, R>(count: number, items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> => {
  const left = [...items];
  const results: R[] = [];
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) results.push(await work(item));
  };
  await Promise.all(Array.from({ length: count }, worker));
  return results;
};
