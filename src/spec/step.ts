import type { Step } from '../upgrade/leg.ts';
import type { PerSide } from '../upgrade/side.ts';
import { MAX_COUNT, WHOLE_NUMBER } from './count.ts';
import { parsePerSide } from './per-side.ts';
import { refusal } from './refusal.ts';
import { ValueError } from './value-error.ts';

/** More than 0 % and at most 100 %, with at most three decimals. */
export const PERCENTAGE = /^(?!0(?:\.0+)?%)(?:100(?:\.0{1,3})?|[1-9]?[0-9](?:\.[0-9]{1,3})?)%$/;

export const ALLOWED_STEP = `a count from 1 to ${MAX_COUNT} or a percentage such as 10%`;

const EXAMPLE = 'main=3,grey=1';

/** A step from a command line: "3" or "10%" for both sides, or "main=3,grey=10%". Throws ValueError. */
export const parseStep = (text: string): PerSide<Step> => {
  const allowed = text.includes('=') ? ALLOWED_STEP : `${ALLOWED_STEP}, or one for each side as ${EXAMPLE}`;
  return parsePerSide(text, (value) => stepOf(value, allowed), { example: EXAMPLE, oneForBoth: true });
};

/** The step of one side, as a command line or a file gives it. Throws ValueError. */
export const stepOf = (given: string | number, allowed = ALLOWED_STEP): Step => {
  if (typeof given === 'string' && isPercentage(given)) return given;
  const count = WHOLE_NUMBER.test(String(given)) ? Number(given) : Number.NaN;
  if (count >= 1 && count <= MAX_COUNT) return count;
  throw new ValueError(refuseStep(given, allowed));
};

const isPercentage = (text: string): text is `${number}%` => PERCENTAGE.test(text);

/** Why a value is no step of a side. A count that stands in quotes comes here as text. */
export const refuseStep = (value: unknown, allowed: string): string => {
  if (typeof value !== 'number' && typeof value !== 'string') return refusal(value, 'is not a step', allowed);
  if (typeof value === 'number' || WHOLE_NUMBER.test(value)) {
    const count = Number(value);
    if (count < 1) return refusal(value, 'is too small', allowed);
    if (count > MAX_COUNT) return refusal(value, 'is too large', allowed);
    return refusal(value, 'is in quotes', allowed, String(count));
  }
  const tidy = value.replaceAll(/\s/g, '');
  const percent = /^([0-9]+(?:\.[0-9]+)?)%$/.exec(value)?.[1];
  if (percent === undefined) {
    return refusal(value, 'is not a step', allowed, isPercentage(tidy) ? tidy : undefined);
  }
  if (Number(percent) === 0) return refusal(value, 'is too small', allowed);
  if (Number(percent) > 100) return refusal(value, 'is more than 100%', allowed);
  return refusal(value, 'is not written plainly', `${allowed}, with at most three decimals`);
};
