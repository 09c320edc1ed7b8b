import { SpecError } from './spec-error.ts';

/** A problem by its place in the text, in UTF-16 units from the start. */
export type Finding = { readonly offset: number; readonly field: string; readonly message: string };

/** Nobody reads further, and a file that is something else altogether has thousands. */
const MOST_REPORTED = 100;

/** The error of a text, every finding of it in the order of the text. */
export const specErrorOf = (file: string, text: string, findings: readonly Finding[]): SpecError => {
  const sorted = findings.toSorted((a, b) => a.offset - b.offset);
  const problems = sorted.slice(0, MOST_REPORTED).map(({ offset, field, message }) => {
    return { ...positionOf(text, offset), field, message };
  });
  return new SpecError(file, problems, sorted.length - problems.length);
};

/** Line and column of an offset; both count from 1. */
export const positionOf = (text: string, offset: number): { readonly line: number; readonly column: number } => {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
};
