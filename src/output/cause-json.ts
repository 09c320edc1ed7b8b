import type { Cause } from '../upgrade/health.ts';
import { type Addressee, aboutCause } from './next-step.ts';

/** Causes as JSON has them: with the command to go on with. */
export const causesJson = (causes: readonly Cause[], to: Addressee): readonly object[] =>
  causes.map((cause) => ({ ...cause, next: aboutCause(cause, to)?.command }));

/** What has a standing, with its causes as JSON has them. */
export const withCauseSteps = (
  value: { readonly standing?: { readonly causes: readonly Cause[] } },
  to: Addressee,
): object => {
  const { standing } = value;
  if (standing === undefined) return value;
  return { ...value, standing: { ...standing, causes: causesJson(standing.causes, to) } };
};
