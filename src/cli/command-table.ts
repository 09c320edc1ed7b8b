/** Where a value stands: behind an option, or as an argument of a command. */
export type Place = {
  /** What the value is, such as `namespace`. */
  readonly noun: string;
  /** The words that it may be, where these are all. */
  readonly choices?: readonly string[];
  /** Whether more words of its kind may follow. */
  readonly repeated?: boolean;
};

export type Flag = {
  /** Its long name, then its short one. */
  readonly names: readonly string[];
  readonly note: string;
  /** What it takes; undefined for one that stands alone. */
  readonly value?: Place;
};

/** What may stand on a command line behind one of the words of `names`. */
export type CommandRow = {
  readonly names: readonly string[];
  readonly note: string;
  readonly flags: readonly Flag[];
  readonly operands: readonly Place[];
};

/**
 * What may stand on a command line: `completions/commands.json`, made from the program by docs/command-table.ts, so that a
 * tab key is answered without the program.
 */
export type CommandTable = { readonly flags: readonly Flag[]; readonly commands: readonly CommandRow[] };
