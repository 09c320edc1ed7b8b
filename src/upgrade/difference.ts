import type { UpgradeSpec } from './spec.ts';

/** One field in which two specs differ, with both values as JSON; `undefined` where one has none. */
export type Difference = {
  readonly field: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
};

/** What differs between the spec of an upgrade and another one, field by field. */
export const differences = (before: UpgradeSpec, after: UpgradeSpec): readonly Difference[] =>
  compare('', before, after);

const compare = (field: string, before: unknown, after: unknown): readonly Difference[] => {
  if (isRecord(before) && isRecord(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => compare(field === '' ? key : `${field}.${key}`, before[key], after[key]));
  }
  return before === after ? [] : [{ field, before: JSON.stringify(before), after: JSON.stringify(after) }];
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
