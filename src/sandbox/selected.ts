import type { Selection } from '../cluster/port.ts';
import { selecting } from '../cluster/virtual/selecting.ts';
import type { StoredObject } from './history.ts';
import type { Route } from './route.ts';
import { parseFieldSelector, parseLabelSelector } from './selectors.ts';

/** Whether an object is of those that a list or a watch asks for. Throws a Refusal. */
export const selectedBy = (
  { kind, namespace, name }: Route,
  query: URLSearchParams,
): ((object: StoredObject) => boolean) => {
  const labels = query.get('labelSelector');
  const selection: Selection = {
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
    ...(labels && { labels: parseLabelSelector(labels) }),
  };
  const isSelected = selecting(kind, selection);
  const isMeant = parseFieldSelector(query.get('fieldSelector') ?? '');
  return (object) => isSelected(object) && isMeant(object);
};
