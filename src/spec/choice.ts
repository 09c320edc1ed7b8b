import { nearest } from './nearest.ts';
import { listed, refusal } from './refusal.ts';

/** Why a value is none of the words that may stand here. */
export const refuseChoice = (value: unknown, words: readonly string[], allowed = listed(words, 'or')): string =>
  refusal(value, 'is not known here', allowed, typeof value === 'string' ? nearest(value, words) : undefined);
