/** Where text goes to. */
export type Sink = { readonly write: (text: string) => unknown };

/** What the program writes to, and what may be written there. */
export type Terminal = {
  readonly out: Sink;
  readonly err: Sink;
  /** Whether a view that redraws itself is possible on `out`. */
  readonly interactive: boolean;
  readonly color: boolean;
  readonly unicode: boolean;
  /** The width in columns; infinite where nobody looks at it in a window. */
  readonly columns: () => number;
  readonly rows: () => number;
  /** Calls back after every change of the size; answers with the way to stop that. */
  readonly onResize?: (changed: () => void) => () => void;
};

/** A stream as Node hands it to a program. */
export type Stream = Sink & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  readonly on?: (event: 'resize', listener: () => void) => unknown;
  readonly off?: (event: 'resize', listener: () => void) => unknown;
};

export type Surroundings = {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
};

/**
 * What can be shown on these streams. `color` is what the command line says of colours, where it says something. Else
 * NO_COLOR (https://no-color.org), FORCE_COLOR and TERM decide, which chalk leaves to its user.
 */
export const terminalOf = ({ stdout, stderr, env, platform }: Surroundings, color?: boolean): Terminal => {
  const capable = stdout.isTTY === true && env['TERM'] !== 'dumb';
  return {
    out: stdout,
    err: stderr,
    interactive: capable && !isPipeline(env),
    color: color ?? wantsColor(env) ?? capable,
    unicode: platform === 'win32' ? env['WT_SESSION'] !== undefined : speaksUnicode(env),
    // A pseudo terminal that was not told its size says 0.
    columns: () => (stdout.isTTY === true ? stdout.columns || 80 : Number.POSITIVE_INFINITY),
    rows: () => stdout.rows || 24,
    onResize: (changed) => {
      stdout.on?.('resize', changed);
      return () => stdout.off?.('resize', changed);
    },
  };
};

/** Nearly every CI system sets CI; a job's log may be a pseudo terminal and is none to look at. */
const isPipeline = (env: Surroundings['env']): boolean => env['CI'] !== undefined && !/^(|0|false)$/i.test(env['CI']);

const wantsColor = (env: Surroundings['env']): boolean | undefined => {
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  if (env['FORCE_COLOR'] !== undefined) return !/^(0|false)$/i.test(env['FORCE_COLOR']);
  return undefined;
};

const speaksUnicode = (env: Surroundings['env']): boolean =>
  env['TERM'] !== 'linux' && /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '');
