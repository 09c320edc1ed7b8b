import type { Reason } from '../upgrade/health.ts';
import { printable, printableJson } from './printable.ts';
import type { Program, UpgradeName } from './wording.ts';

export type ErrorFrame = {
  readonly exitCode: number;
  readonly reason?: Reason | undefined;
  /** How the program was called. */
  readonly program: Program;
  /** Whether what was sought may be in another namespace. */
  readonly lookElsewhere?: boolean;
  /** One JSON object instead of text. */
  readonly json: boolean;
  readonly verbosity: number;
  /** Of which of several upgrades it is, and what that is called. */
  readonly upgrade?: UpgradeName;
  readonly label?: string;
};

/** The exit code of a fault of our own. */
const INTERNAL = 1;

/** What an error says on stderr, as whole lines. Its message must be a sentence for people. */
export const errorText = (error: unknown, frame: ErrorFrame): string => {
  const { exitCode, reason, json, verbosity, lookElsewhere = false, program, upgrade, label } = frame;
  const way = lookElsewhere ? `; \`${program} list -A\` looks in all namespaces` : '';
  const message = `${messageOf(error)}${way}`;
  const whose = upgrade === undefined ? {} : { upgrade: upgrade.name, namespace: upgrade.namespace };
  if (json) return `${printableJson({ type: 'error', ...whose, message, exitCode, reason })}\n`;
  const text = printable(`error: ${label === undefined ? '' : `${label}: `}${message}`);
  return exitCode === INTERNAL ? `${text}\n${reportText(error, verbosity)}\n` : `${text}\n`;
};

const messageOf = (error: unknown): string => {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim() === '' ? 'something went wrong that has no name' : message.trimEnd();
};

/** A fault of our own is no use to the user, and its stack only to us. */
const reportText = (error: unknown, verbosity: number): string => {
  if (verbosity === 0)
    return 'This is a fault of dupgrade itself. Please report it, with what it prints when run again with -v.';
  const stack = error instanceof Error && error.stack !== undefined ? `\n${printable(error.stack)}` : '';
  return `This is a fault of dupgrade itself. Please report it with the following:${stack}`;
};
