import { refusal } from './refusal.ts';
import { ValueError } from './value-error.ts';

/** Go's way of writing durations, which is kubectl's: 90s, 20m, 1h30m, 1.5h, 500ms; the larger unit first. */
export const DURATION =
  /^(?=.)(?:([0-9]{1,9}(?:\.[0-9]{1,9})?)h)?(?:([0-9]{1,9}(?:\.[0-9]{1,9})?)m)?(?:([0-9]{1,9}(?:\.[0-9]{1,9})?)s)?(?:([0-9]{1,9}(?:\.[0-9]{1,9})?)ms)?$/;

/** The units of `DURATION`, in the order of its groups. */
const UNITS_MS = [3_600_000, 60_000, 1000, 1] as const;

const MAX_DURATION_MS = 30 * 24 * 3_600_000;

export const ALLOWED_DURATION = 'a duration such as 90s, 20m or 1h30m, up to 720h';

/** A duration in milliseconds. Throws ValueError. */
export const parseDuration = (text: string): number => {
  const durationMs = millisecondsOf(text);
  if (durationMs !== undefined && isInRange(durationMs)) return durationMs;
  throw new ValueError(refuseDuration(text));
};

export const isDuration = (text: string): boolean => isInRange(millisecondsOf(text) ?? 0);

const isInRange = (durationMs: number): boolean => durationMs >= 1 && durationMs <= MAX_DURATION_MS;

const millisecondsOf = (text: string): number | undefined => {
  const amounts = DURATION.exec(text)?.slice(1);
  if (amounts === undefined) return undefined;
  // Rounded, since 1.1 hours are 3960000.0000000005 milliseconds to a float.
  return Math.round(UNITS_MS.reduce((sum, unitMs, i) => sum + Number(amounts[i] ?? 0) * unitMs, 0));
};

/** Why a value is no duration. */
export const refuseDuration = (value: unknown): string => {
  if (typeof value !== 'number' && typeof value !== 'string') return refusal(value, 'is no duration', ALLOWED_DURATION);
  const text = String(value);
  if (/^[0-9]{1,9}$/.test(text)) {
    const amount = Number(text);
    return refusal(value, 'has no unit', ALLOWED_DURATION, amount > 0 ? `${amount}s or ${amount}m` : undefined);
  }
  const durationMs = millisecondsOf(text);
  if (durationMs === undefined) return refusal(value, 'is no duration', ALLOWED_DURATION, meantBy(text));
  return refusal(value, durationMs < 1 ? 'is too short' : 'is too long', ALLOWED_DURATION);
};

/** "20 min", "20M" and "2 days" are clear to a person: 20m, 20m, 48h. */
const meantBy = (text: string): string | undefined => {
  const [, amount, word] = /^\s*([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*([a-z]{1,12})\s*$/i.exec(text) ?? [];
  if (amount === undefined || word === undefined) return undefined;
  const unit = UNIT_OF_WORD.find(([pattern]) => pattern.test(word))?.[1];
  if (unit === undefined) return undefined;
  const meant = unit === 'd' ? `${Number(amount) * 24}h` : `${amount}${unit}`;
  return isDuration(meant) ? meant : undefined;
};

const UNIT_OF_WORD: readonly (readonly [RegExp, string])[] = [
  [/^(?:ms|msecs?|millis|milliseconds?)$/i, 'ms'],
  [/^(?:s|secs?|seconds?)$/i, 's'],
  [/^(?:m|mins?|minutes?)$/i, 'm'],
  [/^(?:h|hrs?|hours?)$/i, 'h'],
  [/^(?:d|days?)$/i, 'd'],
];
