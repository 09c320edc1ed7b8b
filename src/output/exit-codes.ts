export type ExitCode = { readonly code: number; readonly meaning: string };

/** What the program's exit codes mean, for help and documents. */
export const EXIT_CODES: readonly ExitCode[] = [
  { code: 0, meaning: 'the targets of the spec are reached (for other commands: done)' },
  { code: 1, meaning: 'a fault of dupgrade itself; the message asks for a report' },
  { code: 2, meaning: 'usage or spec file wrong; nothing was touched' },
  { code: 3, meaning: 'refused by preflight or by the state of the upgrade; nothing was touched' },
  { code: 4, meaning: "ended short of the spec's targets because somebody said so (pause, set-target, abort)" },
  { code: 5, meaning: 'stuck or timed out; the cluster is left as it stands, and the upgrade can be resumed' },
  { code: 6, meaning: 'rolled back' },
  { code: 7, meaning: 'the cluster cannot be reached, or access was denied' },
  { code: 8, meaning: 'another driver holds the lock, or somebody else changes the replicas' },
  { code: 130, meaning: 'interrupted (SIGINT); lock released, can be resumed' },
  { code: 143, meaning: 'interrupted (SIGTERM); lock released, can be resumed' },
];
