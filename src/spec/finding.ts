import { SpecError } from './spec-error.ts';

/** A problem by its place in the text, in UTF-16 units from the start. */
export type Finding = { readonly offset: number; readonly field: string; readonly message: string };

/** Nobody reads further, and a file that is something else altogether has thousands. */
const MOST_REPORTED = 100;

/** The error of a text, every finding of it in the order of the text. */
export const specErrorOf = (file: string, text: string, findings: readonly Finding[]): SpecError => {
  const sorted = findings.toSorted((a, b) => a.offset - b.offset);
  const problems = sorted.slice(0, MOST_REPORTED).map(({ offset, field, message }) => {
    const before = text.slice(0, offset);
    const lineStart = before.lastIndexOf('\n') + 1;
    return { line: before.split('\n').length, column: before.length - lineStart + 1, field, message };
  });
  return new SpecError(file, problems, sorted.length - problems.length);
};
