import { noSuchPath } from './refusal.ts';
import { isServedKind, RESOURCES, type ServedKind } from './resources.ts';

/** What the path of a request is about. */
export type Route = {
  readonly kind: ServedKind;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
  /** Whether the path itself asks for a watch: the older way to do so. */
  readonly isWatch?: boolean;
};

/** `/apis/apps/v1/namespaces/serving/deployments/llama-v1/scale`. Throws a Refusal where there is no such path. */
export const routeOf = (path: string): Route => {
  const [root, ...rest] = path.split('/').slice(1).map(decoded);
  const [group, version, ...after] = root === 'api' ? ['', ...rest] : rest;
  const isWatch = after[0] === 'watch';
  const segments = isWatch ? after.slice(1) : after;
  if (root !== 'api' && root !== 'apis') throw noSuchPath();
  const [first, namespace, ...below] = segments;
  const isBelowNamespace = first === 'namespaces' && below.length > 0;
  const [plural = '', name, subresource, ...more] = isBelowNamespace ? below : segments;
  if (!isServedKind(plural) || more.length > 0 || [plural, name, subresource].includes('')) throw noSuchPath();
  const { group: own, version: ownVersion, namespaced } = RESOURCES[plural];
  if (
    own !== group ||
    ownVersion !== version ||
    (isBelowNamespace && !namespaced) ||
    (isWatch && subresource !== undefined) ||
    (subresource && plural !== 'deployments' && plural !== 'pods')
  )
    throw noSuchPath();
  // An object that is in a namespace is not there without it.
  if (name !== undefined && namespaced && !isBelowNamespace) throw noSuchPath();
  return {
    kind: plural,
    ...(isBelowNamespace && namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
    ...(subresource !== undefined && { subresource }),
    ...(isWatch && { isWatch }),
  };
};

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw noSuchPath();
  }
};
