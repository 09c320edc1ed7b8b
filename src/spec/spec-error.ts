/** One thing that is wrong in a spec file. Lines and columns count from 1; `field` is empty for the file as a whole. */
export type Problem = {
  readonly line: number;
  readonly column: number;
  readonly field: string;
  readonly message: string;
};

/**
 * A spec file that cannot be taken. The message has a line for every problem, in the order of the file:
 * `file:line:column: field: what is wrong; what is allowed`.
 */
export class SpecError extends Error {
  override readonly name = 'SpecError';
  readonly file: string;
  readonly problems: readonly Problem[];

  /** `more` problems beyond those listed are only counted. */
  constructor(file: string, problems: readonly Problem[], more = 0) {
    const lines = problems.map(({ line, column, field, message }) =>
      [`${file}:${line}:${column}`, ...(field === '' ? [] : [field]), message].join(': '),
    );
    if (more > 0) lines.push(`${file}: and ${more} more problems`);
    super(lines.join('\n'));
    this.file = file;
    this.problems = problems;
  }
}

/** What is wrong with several files, and between them: a line for every problem, file by file. */
export class SpecErrors extends Error {
  override readonly name = 'SpecErrors';

  constructor(errors: readonly SpecError[]) {
    super(errors.map(({ message }) => message).join('\n'));
  }
}
