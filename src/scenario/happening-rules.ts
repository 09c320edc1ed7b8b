import { nearest } from '../spec/nearest.ts';
import { isMapping } from '../spec/reading.ts';
import { listed } from '../spec/refusal.ts';
import { shown } from '../spec/shown.ts';
import { type Broken, type Item, textOf } from './items.ts';
import { ACTIONS } from './schema.ts';

/** What a happening can be about, as far as it is known. `home` is the namespace of what names none. */
export type Known = {
  readonly deployments: readonly Item[] | undefined;
  readonly nodes: readonly Item[] | undefined;
  readonly home: string;
};

/** What is wrong between the fields of a happening, and with what it is about. */
export const brokenOfHappening = (item: Item, known: Known): readonly Broken[] => [
  ...actionsOf(item),
  ...deploymentOf(item, known),
  ...nodeOf(item, known),
];

const actionsOf = ({ path, value }: Item): readonly Broken[] => {
  const given = Object.keys(ACTIONS).filter((action) => value[action] !== undefined);
  const [first, second] = given;
  if (first === undefined)
    return [{ path, message: `nothing happens here; give one of ${listed(Object.keys(ACTIONS), 'or')}` }];
  if (second === undefined) return [];
  return [{ path: [...path, second], message: `happens beside ${first}; give each a happening of its own` }];
};

const deploymentOf = ({ path, value }: Item, { deployments, home }: Known): readonly Broken[] =>
  Object.keys(ACTIONS).flatMap((action) => {
    const part = value[action];
    if (deployments === undefined || !isMapping(part) || typeof part['deployment'] !== 'string') return [];
    const namespace = textOf(part['namespace']) ?? home;
    const there = deployments.filter((item) => (item.value['namespace'] ?? home) === namespace);
    const names = there.flatMap((item) => textOf(item.value['name']) ?? []);
    if (names.includes(part['deployment'])) return [];
    const message = unknown(part['deployment'], `Deployment of namespace ${namespace}`, names);
    return [{ path: [...path, action, 'deployment'], message }];
  });

const nodeOf = ({ path, value }: Item, { nodes }: Known): readonly Broken[] =>
  ['breakNode', 'loseNode', 'mendNode'].flatMap((action) => {
    const node = value[action];
    if (nodes === undefined || typeof node !== 'string') return [];
    const pools = nodes.map((item) => ({ name: textOf(item.value['name']), count: Number(item.value['count'] ?? 1) }));
    const [, prefix, index] = /^(.*)-(0|[1-9][0-9]{0,9})$/.exec(node) ?? [];
    if (pools.some(({ name, count }) => name === prefix && Number(index) < count)) return [];
    const names = pools.flatMap(({ name, count }) => [0, count - 1].map((i) => `${name}-${i}`));
    return [{ path: [...path, action], message: unknown(node, 'node', [...new Set(names)]) }];
  });

const unknown = (name: string, noun: string, names: readonly string[]): string => {
  const meant = nearest(name, names);
  const known =
    names.length === 0
      ? 'one that is there'
      : names.length > 6
        ? `one of the ${names.length} above`
        : listed(names, 'or');
  return `${shown(name)} is no ${noun}; give ${known}${meant === undefined ? '' : `; did you mean ${meant}?`}`;
};
