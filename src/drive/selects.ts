import type { LabelSelector } from '../cluster/port.ts';

/** Whether a selector takes in pods of these labels. An expression that is not known takes in nothing. */
export const selects = (selector: LabelSelector, labels: Readonly<Record<string, string>> = {}): boolean => {
  const byLabels = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  const byExpressions = (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    const value = labels[key];
    if (operator === 'In') return value !== undefined && values.includes(value);
    if (operator === 'NotIn') return value === undefined || !values.includes(value);
    if (operator === 'Exists') return value !== undefined;
    return operator === 'DoesNotExist' && value === undefined;
  });
  return byLabels && byExpressions;
};
