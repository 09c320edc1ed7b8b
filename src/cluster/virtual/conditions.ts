import type { Condition } from '../port.ts';

/**
 * The conditions with one of them set. It keeps the time of its last transition where its status is what it was, and stays
 * altogether where its reason is the same, too.
 */
export const withCondition = (
  conditions: readonly Condition[],
  condition: Condition & { readonly reason: string },
): readonly Condition[] => {
  const known = conditions.find(({ type }) => type === condition.type);
  if (known?.status === condition.status && known.reason === condition.reason) return conditions;
  const since = known?.status === condition.status ? known.lastTransitionTime : condition.lastTransitionTime;
  const next = since === undefined ? condition : { ...condition, lastTransitionTime: since };
  return [...conditions.filter(({ type }) => type !== condition.type), next];
};

export const withoutCondition = (conditions: readonly Condition[], type: string): readonly Condition[] =>
  conditions.some((condition) => condition.type === type)
    ? conditions.filter((condition) => condition.type !== type)
    : conditions;
