import { array, int, string, union, type ZodType } from 'zod';
import { isDuration, DURATION, refuseDuration } from '../spec/duration.ts';
import { refusal } from '../spec/refusal.ts';
import { count, duration, mapping } from '../spec/schema.ts';

/** The kinds of value that only a scenario has. Each says in its own sentence why a value is refused. */
const because = (refuse: (value: unknown) => string) => ({
  error: (issue: { readonly input?: unknown }) => refuse(issue.input),
});

/** A whole number, or text of a pattern: 8 and 0.5 and 500m. */
const written = (pattern: RegExp, allowed: string) => {
  const why = because((value) => refusal(value, 'is not one', allowed));
  return union([int(why).min(0, why).max(Number.MAX_SAFE_INTEGER, why), string(why).regex(pattern, why)], why).meta({
    description: allowed,
    // A fraction comes here as the text that it was written as; to who reads JSON it is a number.
    anyOf: [
      { type: 'number', minimum: 0 },
      { type: 'string', pattern: pattern.source },
    ],
  });
};

export const cpu = () => written(/^[0-9]{1,9}(?:\.[0-9]{1,3}|m)?$/, 'a number of cores such as 8, 0.5 or 500m');

export const memory = () =>
  written(/^[0-9]{1,12}(?:\.[0-9]{1,3})?(?:Ki|Mi|Gi|Ti|k|M|G|T)?$/, 'an amount of memory such as 64Gi or 512Mi');

export const sigma = () => written(/^[0-3](?:\.[0-9]{1,3})?$/, 'a number from 0 to 3 such as 0.4');

export const share = () => {
  const allowed = 'a percentage such as 10%';
  const why = because((value) => refusal(value, 'is no percentage', allowed));
  return string(why)
    .regex(/^(?:100|[0-9]{1,2}(?:\.[0-9]{1,3})?)%$/, why)
    .describe(allowed);
};

export const text = () => {
  const why = because((value) => refusal(value, value === '' ? 'is empty' : 'is not text', 'a text'));
  return string(why).min(1, why).max(253, why);
};

export const seed = () => count(0);

export const ALLOWED_SPREAD =
  'a duration such as 90s, or { from: 1m, to: 5m }, { median: 3m, sigma: 0.4 } or { samples: [90s, 2m] }';

/** A time, or how times are spread; that it is spread in one way is a rule of its own. */
export const spread = () => {
  const refuse = (value: unknown): string =>
    typeof value === 'string' || typeof value === 'number'
      ? refuseDuration(value)
      : refusal(value, 'is no duration', ALLOWED_SPREAD);
  const why = because(refuse);
  const spreads = mapping({
    from: duration().optional(),
    to: duration().optional(),
    median: duration().optional(),
    sigma: sigma().optional(),
    samples: list(duration(), 'a list of durations').optional(),
  });
  return union([string(why).regex(DURATION, why).refine(isDuration, why), spreads], why).describe(ALLOWED_SPREAD);
};

export const list = <Item extends ZodType>(item: Item, allowed: string) => {
  const why = because((value) => refusal(value, Array.isArray(value) ? 'is empty' : 'is not a list', allowed));
  return array(item, why).min(1, why);
};
