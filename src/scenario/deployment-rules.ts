import { isDuration, parseDuration } from '../spec/duration.ts';
import { isMapping } from '../spec/reading.ts';
import { listed } from '../spec/refusal.ts';
import { shown } from '../spec/shown.ts';
import { type Broken, type Item, itemsAt } from './items.ts';
import { ALLOWED_SPREAD } from './values.ts';

/** What is wrong between the fields of a Deployment. */
export const brokenOfDeployment = (item: Item): readonly Broken[] => [
  ...spreadsOf(item),
  ...itemsAt(item.value['failures'], [...item.path, 'failures']).flatMap(failureOf),
];

const FORMS: readonly (readonly string[])[] = [['from', 'to'], ['median', 'sigma'], ['samples']];

const spreadsOf = ({ path, value }: Item): readonly Broken[] =>
  ['ready', 'termination'].flatMap((key): readonly Broken[] => {
    const spread = value[key];
    if (!isMapping(spread)) return [];
    const keys = Object.keys(spread);
    const isWhole = FORMS.some((form) => form.length === keys.length && form.every((each) => keys.includes(each)));
    if (!isWhole) {
      return [
        {
          path: [...path, key],
          message: `${listed(keys, 'and') || 'nothing'} is no spread of times; give ${ALLOWED_SPREAD}`,
        },
      ];
    }
    const { from, to } = spread;
    if (typeof from !== 'string' || typeof to !== 'string' || !isDuration(from) || !isDuration(to)) return [];
    if (parseDuration(from) <= parseDuration(to)) return [];
    return [{ path: [...path, key, 'to'], message: `${shown(to)} is less than from; give at least ${from}` }];
  });

const failureOf = ({ path, value }: Item): readonly Broken[] => {
  const broken: Broken[] = [];
  if (value['pods'] !== undefined && value['share'] !== undefined) {
    broken.push({
      path: [...path, 'share'],
      message: 'is given beside pods; give one of the two, or none for all pods',
    });
  }
  const turns = value['fault'] === 'turn-unready';
  if (turns && value['after'] === undefined) {
    broken.push({ path: [...path, 'after'], message: 'is missing; give how long a pod is ready, such as 5m' });
  }
  if (!turns && value['after'] !== undefined) {
    broken.push({
      path: [...path, 'after'],
      message: 'has no meaning with this fault; leave it out, or give turn-unready',
    });
  }
  return broken;
};
