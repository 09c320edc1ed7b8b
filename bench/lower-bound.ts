/** What pods took, in the order in which they were begun: new ones to become ready, old ones to be gone. */
export type PodTimes = { readonly readyMs: readonly number[]; readonly goneMs: readonly number[] };

/**
 * The least time in which new pods can take the place of old ones, with no more than `step` new ones in flight, no old pod
 * removed before a new one is ready in its place, and room for no more than `step` pods besides those that there were: list
 * scheduling of the very times on `step` machines, each of which takes a new pod, then an old one, then the next new pod
 * (R. L. Graham, Bounds on Multiprocessing Timing Anomalies, 1969), without any time between.
 */
export const lowerBoundMs = ({ readyMs, goneMs }: PodTimes, step: number): number => {
  /** When machines have done with what they do, and what that is. */
  const busy: { atMs: number; does: 'adds' | 'removes' }[] = [];
  let [added, removed, endMs] = [0, 0, 0];
  const add = (atMs: number): void => {
    const took = readyMs[added];
    if (took === undefined) return;
    added += 1;
    busy.push({ atMs: atMs + took, does: 'adds' });
  };
  for (let machine = 0; machine < step; machine += 1) add(0);
  for (;;) {
    const first = busy.toSorted((a, b) => a.atMs - b.atMs)[0];
    if (first === undefined) return endMs;
    busy.splice(busy.indexOf(first), 1);
    endMs = Math.max(endMs, first.atMs);
    const took = first.does === 'adds' ? goneMs[removed] : undefined;
    if (took === undefined) add(first.atMs);
    else {
      removed += 1;
      busy.push({ atMs: first.atMs + took, does: 'removes' });
    }
  }
};
