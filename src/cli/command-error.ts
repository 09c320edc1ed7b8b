import type { Reason } from '../upgrade/health.ts';

/** A command that ends short of what was asked. The message is for the person who gave it. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  /** As in the table of exit codes. */
  readonly exitCode: number;
  readonly reason: Reason | undefined;

  constructor(exitCode: 2 | 3 | 8, message: string, reason?: Reason) {
    super(message);
    this.exitCode = exitCode;
    this.reason = reason;
  }
}
