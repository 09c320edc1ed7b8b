import { ClusterError } from '../cluster/port.ts';
import { NoSuchUpgrade } from '../drive/no-such-upgrade.ts';
import { RecordUnreadable } from '../drive/record-unreadable.ts';
import { SpecError, SpecErrors } from '../spec/spec-error.ts';
import type { Reason } from '../upgrade/health.ts';
import { CommandError } from './command-error.ts';

export type Failure = {
  readonly exitCode: number;
  readonly reason?: Reason | undefined;
  readonly lookElsewhere?: boolean;
};

/** The exit code and the reason of an error that ends a command. What is not known here is a fault of ours. */
export const failureOf = (error: unknown): Failure => {
  if (error instanceof SpecError || error instanceof SpecErrors) return { exitCode: 2 };
  if (error instanceof CommandError) return error;
  if (error instanceof NoSuchUpgrade) return { exitCode: error.ambiguous ? 2 : 3, lookElsewhere: error.elsewhere };
  if (error instanceof RecordUnreadable) return { exitCode: 3, reason: 'record-unreadable' };
  if (error instanceof ClusterError && error.fault === 'namespace-leaving')
    return { exitCode: 3, reason: 'namespace-gone' };
  if (error instanceof ClusterError) return { exitCode: 7, reason: isDenial(error) ? 'denied' : 'unreachable' };
  return { exitCode: 1 };
};

const isDenial = ({ fault }: ClusterError): boolean =>
  fault === 'forbidden' || fault === 'unauthorized' || fault === 'invalid';
