import { refusal } from './refusal.ts';
import { ValueError } from './value-error.ts';

/** `spec.replicas` is an int32 in Kubernetes. */
export const MAX_COUNT = 2_147_483_647;

/** A number that every reader of YAML and JSON reads alike: 10, not 010 (8 to kubectl), 0xA, 1e1 or 10.0. */
export const WHOLE_NUMBER = /^(?:0|-?[1-9][0-9]*)$/;

export const allowedCount = (least: number): string => `a whole number from ${least} to ${MAX_COUNT}`;

/** A count of replicas from a command line. Throws ValueError. */
export const parseCount = (text: string, least: number): number => {
  const count = WHOLE_NUMBER.test(text) ? Number(text) : Number.NaN;
  if (fits(count, least)) return count;
  throw new ValueError(refuseCount(text, least));
};

/** Why a value is no count of at least `least`. A count that stands in quotes comes here as text. */
export const refuseCount = (value: unknown, least: number): string => {
  const allowed = allowedCount(least);
  if (typeof value !== 'number' && typeof value !== 'string') return refusal(value, 'is not a whole number', allowed);
  if (typeof value === 'number' || WHOLE_NUMBER.test(value)) {
    const count = Number(value);
    if (count < least) return refusal(value, 'is too small', allowed);
    if (count > MAX_COUNT) return refusal(value, 'is too large', allowed);
    return refusal(value, 'is in quotes', allowed, String(count));
  }
  if (value.trim() === '' || !Number.isInteger(Number(value))) return refusal(value, 'is not a whole number', allowed);
  return refusal(value, 'is not written in plain digits', allowed, plainly(value, least));
};

/** 1e3 is 1000 to everybody, but nobody can tell whether 010 was meant to be 10 or 8. */
const plainly = (text: string, least: number): string | undefined => {
  const count = Number(text);
  return fits(count, least) && !/^\s*[-+]?0[0-9]/.test(text) ? String(Math.abs(count)) : undefined;
};

const fits = (count: number, least: number): boolean => count >= least && count <= MAX_COUNT;
