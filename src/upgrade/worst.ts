/**
 * Exit codes of runs, the worst first: somebody ended the process; a fault of dupgrade, after which nothing is sure; a cluster
 * that could not be seen any more; somebody else who changes the counts or holds the lock; a standstill; what did not begin;
 * what went back; what ended short because somebody said so; what arrived.
 */
export const FROM_THE_WORST = [143, 130, 1, 7, 8, 5, 2, 3, 6, 4, 0] as const;

/** The exit code of a process that has driven several upgrades. `[0, 4, 5]` is 5, `[5, 8]` is 8, `[1, 130]` is 130. */
export const worstExitCode = (codes: readonly number[]): number =>
  // A code that is not known here would be a fault of ours.
  codes.every((code) => FROM_THE_WORST.some((known) => known === code))
    ? (FROM_THE_WORST.find((code) => codes.includes(code)) ?? 0)
    : 1;
