/** What a rolling update needs to know of a ReplicaSet. */
export type SetCounts = { readonly replicas: number; readonly available: number };

/** How many pods a rolling update may have too many, and too few: a quarter of them, as Kubernetes has it by default. */
export const roomOfRollout = (desired: number): { readonly surge: number; readonly unavailable: number } => {
  const [surge, unavailable] = [Math.ceil(desired / 4), Math.floor(desired / 4)];
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
};

/**
 * The replicas that a Deployment's current ReplicaSet is to have, beside old ones with `old` replicas in all.
 *
 *     10 desired, current 0, old 10  → 3: three may be too many
 *     10 desired, current 3, old 8   → 5
 *     10 desired, current 12, old 0  → 10
 */
export const replicasOfCurrent = (desired: number, current: number, old: number): number => {
  if (current >= desired) return desired;
  const room = desired + roomOfRollout(desired).surge - current - old;
  return current + Math.max(0, Math.min(room, desired - current));
};

/**
 * The replicas that the old ReplicaSets are to have, the oldest first: those that are not available go at once, the others
 * as far as the available ones of all allow it.
 *
 *     10 desired, current 3 of which 0 available, old 10 of which 10 are  → 8: two may be too few
 *     10 desired, current 3 of which 0 available, old 10 of which 6 are   → 8: two of the four that are of no use
 */
export const replicasOfOld = (desired: number, current: SetCounts, old: readonly SetCounts[]): readonly number[] => {
  // A status that is behind tells of pods that are asked for no more; until it has caught up, nothing is known.
  if (old.some(({ replicas, available }) => available > replicas)) return old.map(({ replicas }) => replicas);
  const least = desired - roomOfRollout(desired).unavailable;
  const total = current.replicas + old.reduce((sum, { replicas }) => sum + replicas, 0);
  const most = total - least - (current.replicas - current.available);
  if (most <= 0) return old.map(({ replicas }) => replicas);

  let left = most;
  const useful = old.map(({ replicas, available }) => {
    const idle = Math.max(0, Math.min(left, replicas - available));
    left -= idle;
    return replicas - idle;
  });
  let spare = current.available + old.reduce((sum, { available }) => sum + available, 0) - least;
  return useful.map((replicas) => {
    const down = Math.max(0, Math.min(spare, replicas));
    spare -= down;
    return replicas - down;
  });
};
