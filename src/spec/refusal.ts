import { shown } from './shown.ts';

/**
 * The sentence for a value that cannot be taken: what is wrong with it, what is allowed in its place, and what was
 * probably meant. A value that is missing (undefined) or empty (null) has no other fault.
 *
 *     refusal(-1, 'is too small', 'a whole number from 0 to 9')  → -1 is too small; give a whole number from 0 to 9
 *     refusal(undefined, …)                                      → is missing; give a whole number from 0 to 9
 */
export const refusal = (value: unknown, fault: string, allowed: string, meant?: string): string =>
  `${faultOf(value, fault)}; give ${allowed}${meant === undefined ? '' : `; did you mean ${meant}?`}`;

const faultOf = (value: unknown, fault: string): string => {
  if (value === undefined) return 'is missing';
  if (value === null) return 'has no value';
  return `${shown(value)} ${fault}`;
};

/** "a", "a and b", "a, b and c". */
export const listed = (words: readonly string[], last: 'and' | 'or'): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
