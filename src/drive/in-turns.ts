/**
 * Does a piece of work for each item, begun in their order, at most `parallel` at a time, as long as `mayBegin` says so. What
 * has begun is carried on to its end. Work must not reject.
 */
export const inTurns = async <T>(
  items: readonly T[],
  parallel: number,
  mayBegin: () => boolean,
  work: (item: T) => Promise<void>,
): Promise<void> => {
  const waiting = items.values();
  const lane = async (): Promise<void> => {
    while (mayBegin()) {
      const { value, done } = waiting.next();
      if (done) return;
      await work(value);
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, items.length) }, lane));
};
