import type { LabelSelector } from '../cluster/port.ts';
import { valueAt } from './json.ts';
import { badRequest } from './refusal.ts';

type Requirement = NonNullable<LabelSelector['matchExpressions']>[number];

/** Reads `app=model,tier in (gpu,cpu),!canary`. Throws a Refusal. */
export const parseLabelSelector = (text: string): LabelSelector => ({
  matchExpressions: text
    // Not the commas within parentheses.
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(requirementOf),
});

const NAME = String.raw`([\w./-]+)`;
const EQUALITY = new RegExp(String.raw`^${NAME}\s*(==?|!=)\s*([\w.-]*)$`);
const SET = new RegExp(String.raw`^${NAME}\s+(in|notin)\s*\(([^()]*)\)$`);
const PRESENCE = new RegExp(String.raw`^(!?)\s*${NAME}$`);

const requirementOf = (part: string): Requirement => {
  const [, key, operator = '', value = ''] = EQUALITY.exec(part) ?? [];
  if (key !== undefined) return { key, operator: operator === '!=' ? 'NotIn' : 'In', values: [value] };
  const [, setKey, setOperator, values = ''] = SET.exec(part) ?? [];
  if (setKey !== undefined) {
    const operands = values.split(',').map((each) => each.trim());
    return { key: setKey, operator: setOperator === 'in' ? 'In' : 'NotIn', values: operands };
  }
  const [, negation, presenceKey] = PRESENCE.exec(part) ?? [];
  if (presenceKey === undefined) throw badRequest(`unable to parse requirement: found '${part}'`);
  return { key: presenceKey, operator: negation === '!' ? 'DoesNotExist' : 'Exists' };
};

/** Reads `metadata.name=a,status.phase!=Running`; the answer says whether an object is meant. Throws a Refusal. */
export const parseFieldSelector = (text: string): ((object: unknown) => boolean) => {
  const tests = text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const [, path, operator, wanted = ''] = /^([\w.]+)(==?|!=)(.*)$/.exec(part) ?? [];
      if (path === undefined) throw badRequest(`invalid field selector: '${part}'`);
      const fields = path.split('.');
      return (object: unknown): boolean => {
        const found = valueAt(object, fields);
        return ((typeof found === 'string' ? found : (JSON.stringify(found) ?? '')) === wanted) === (operator !== '!=');
      };
    });
  return (object) => tests.every((test) => test(object));
};
