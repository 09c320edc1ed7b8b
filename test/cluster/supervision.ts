// What a supervisor process and the one that started it say to each other.
import type { ProgramName } from './binaries.ts';
import type { ExtraFlags } from './programs.ts';

/** The supervisor's argv[2], in JSON. */
export interface Assignment {
  /** The folder with the binaries. */
  readonly binaries: string;
  /** The folder in which the plane makes its own. */
  readonly base: string;
  readonly extraFlags: ExtraFlags;
}

/** A line of the supervisor's stdout, in JSON. */
export type Report =
  | { readonly type: 'started'; readonly dir: string; readonly server: string }
  | { readonly type: 'failed'; readonly message: string }
  /** A program of a plane that was up has ended by itself; the plane is of no use any more. */
  | { readonly type: 'broken'; readonly message: string }
  /** The plane now outlives the parent, and ends when `endRequest` is written to `socket`. */
  | { readonly type: 'kept'; readonly socket: string }
  /** The oldest request to stop or start a program that was not answered yet has been done. */
  | { readonly type: 'done' };

/** A line of the supervisor's stdin, in JSON. */
export type Request =
  /** Without it the plane ends when its stdin does. */
  | { readonly type: 'keep' }
  | { readonly type: 'stop'; readonly program: ProgramName; readonly signal: NodeJS.Signals }
  | { readonly type: 'start'; readonly program: ProgramName };

/** A line to the socket of a kept plane; the connection closes when everything is gone. */
export const endRequest = 'end';
