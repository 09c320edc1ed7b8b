import {
  enum as oneOf,
  int,
  literal,
  record,
  strictObject,
  string,
  union,
  ZodDefault,
  ZodOptional,
  type ZodRawShape,
} from 'zod';
import { refuseChoice } from './choice.ts';
import { allowedCount, MAX_COUNT, refuseCount } from './count.ts';
import { ALLOWED_DURATION, DURATION, isDuration, refuseDuration } from './duration.ts';
import { allowedName, type NameRule, patternOf, refuseName } from './name.ts';
import { listed, refusal } from './refusal.ts';
import { ALLOWED_STEP, PERCENTAGE, refuseStep } from './step.ts';

/**
 * The kinds of value that both formats are made of. Each says in its own sentence why a value is refused, whichever of its
 * checks found it; none transforms, so that a JSON schema can be made of the whole.
 */
const because = (refuse: (value: unknown) => string) => ({
  error: (issue: { readonly input?: unknown }) => refuse(issue.input),
});

export const count = (least: number) => {
  const why = because((value) => refuseCount(value, least));
  return int(why).min(least, why).max(MAX_COUNT, why).describe(allowedCount(least));
};

export const name = (rule: NameRule) => {
  const why = because((value) => refuseName(value, rule));
  return string(why).min(1, why).max(rule.longest, why).regex(patternOf(rule), why).describe(allowedName(rule));
};

export const duration = () => {
  const why = because(refuseDuration);
  return string(why).regex(DURATION, why).refine(isDuration, why).describe(ALLOWED_DURATION);
};

/** A count or a percentage. */
const stepOfSide = (allowed: string) => {
  const why = because((value) => refuseStep(value, allowed));
  return [int(why).min(1, why).max(MAX_COUNT, why), string(why).regex(PERCENTAGE, why)] as const;
};

export const step = () => {
  const allowed = `${ALLOWED_STEP}, or { main: …, grey: … } with one for each side`;
  const why = because((value) => refuseStep(value, allowed));
  const side = union(
    stepOfSide(ALLOWED_STEP),
    because((value) => refuseStep(value, ALLOWED_STEP)),
  ).describe(ALLOWED_STEP);
  return union([...stepOfSide(allowed), mapping({ main: side, grey: side })], why).describe(allowed);
};

export const choice = <const Word extends string>(words: readonly Word[]) =>
  oneOf(
    words,
    because((value) => refuseChoice(value, words)),
  ).describe(listed(words, 'or'));

/** A word that stands for the whole format; `known` are the words of every format. */
export const constant = <const Word extends string>(word: Word, known: readonly string[]) =>
  literal(
    word,
    because((value) => refuseChoice(value, known)),
  );

/** Labels and annotations: dupgrade does not read them, but refuses what Kubernetes would. */
export const texts = () => {
  const text = string(
    because((value) => refusal(value, 'is not text', 'text, in quotes where it looks like a number')),
  );
  return record(
    string(),
    text,
    because((value) => refusal(value, 'is not a mapping', 'a mapping of names to texts')),
  );
};

export const mapping = <Shape extends ZodRawShape>(shape: Shape) => {
  const keys = Object.keys(shape);
  const required = keys.filter((key) => !(shape[key] instanceof ZodOptional || shape[key] instanceof ZodDefault));
  const allowed = `a mapping with ${required.length > 0 ? listed(required, 'and') : listed(keys, 'or')}`;
  return strictObject(
    shape,
    because((value) => refusal(value, 'is not a mapping', allowed)),
  );
};
