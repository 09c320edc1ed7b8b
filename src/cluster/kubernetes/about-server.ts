import { isApiObject, isJson } from './json.ts';
import type { Requests } from './requests.ts';

/** More are no help to somebody who picks one. */
const MOST_NAMESPACES = 500;

/** What the API server calls its version: `v1.36.0`. Rejects with a ClusterError. */
export const serverVersion = async (requests: Requests): Promise<string> => {
  const call = { method: 'GET', path: '/version', intent: { verb: 'get', resource: 'version' } } as const;
  return (await requests.send(call, isVersion)).gitVersion;
};

/** The names of the namespaces, as far as one page goes. Rejects with a ClusterError. */
export const namespaceNames = async (requests: Requests): Promise<readonly string[]> => {
  const intent = { verb: 'list', resource: 'namespaces' } as const;
  const query = { limit: String(MOST_NAMESPACES) };
  const { items } = await requests.send({ method: 'GET', path: '/api/v1/namespaces', query, intent }, isList);
  return items.filter(isApiObject).map(({ metadata }) => metadata.name);
};

const isVersion = (value: unknown): value is { readonly gitVersion: string } =>
  isJson(value) && typeof value['gitVersion'] === 'string';

const isList = (value: unknown): value is { readonly items: readonly unknown[] } =>
  isJson(value) && Array.isArray(value['items']);
