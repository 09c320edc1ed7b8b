import type { Standing } from './events.ts';
import type { Reason } from './health.ts';
import type { Outcome, Summary } from './outcome.ts';

/** What came of one of several upgrades that a process was to carry out. */
export type Result = {
  readonly upgrade: { readonly name: string; readonly namespace: string };
  /** Its spec file, as the command line named it; `-` is standard input. */
  readonly file: string;
} & (
  | {
      readonly kind: 'ran';
      readonly exitCode: number;
      readonly durationMs: number;
      readonly outcome: Outcome;
      readonly summary: Summary;
      /** Both sides as they were last seen; undefined where the run ended before. */
      readonly standing?: Standing;
    }
  /** Refused before it began, or ended by an error. */
  | {
      readonly kind: 'failed';
      readonly exitCode: number;
      readonly durationMs: number;
      readonly message: string;
      readonly reason?: Reason | undefined;
    }
  | { readonly kind: 'not-begun' }
);

/** Whether no further upgrade is to be begun after it. */
export const endedBadly = (result: Result): boolean => result.kind !== 'not-begun' && result.exitCode !== 0;
