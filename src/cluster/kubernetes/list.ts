import { ClusterError, type Kind, type Kinds, type Selection } from '../port.ts';
import type { Call } from './call.ts';
import { Expired } from './faults.ts';
import { getObject } from './get.ts';
import { type Chunk, isChunk } from './json.ts';
import { kept } from './kept.ts';
import type { Requests } from './requests.ts';
import { collectionPath, selectionQuery } from './resources.ts';

/** As many as kubectl asks for at a time. */
const CHUNK = 500;

/** All objects of a selection as they were at one moment, which `resourceVersion` names. */
export type Listed<K extends Kind> = { readonly items: readonly Kinds[K][]; readonly resourceVersion: string };

/** Lists in chunks; when the server forgets that moment on the way, once more and all in one, like client-go's pager. */
export const listAll = async <K extends Kind>(
  requests: Requests,
  kind: K,
  selection: Selection,
): Promise<Listed<K>> => {
  if (kind === 'namespaces' && selection.name !== undefined) return one(requests, kind, selection.name);
  try {
    return await listBy(requests, kind, selection, { limit: String(CHUNK) });
  } catch (error) {
    if (!(error instanceof Expired)) throw error;
    requests.note(`list ${kind}: ${error.message} between two chunks; listing again in one`);
  }
  try {
    return await listBy(requests, kind, selection, {});
  } catch (error) {
    if (!(error instanceof Expired)) throw error;
    throw new ClusterError('unreachable', `${requests.parties.server} cannot list ${kind}: ${error.message}.`);
  }
};

/**
 * One that may not be listed. Its version may be older than what the server remembers, so that it is none to watch from: such a
 * watch begins with what there is.
 */
const one = async <K extends Kind>(requests: Requests, kind: K, name: string): Promise<Listed<K>> => {
  const object = await getObject(requests, kind, { namespace: '', name });
  return { items: object === undefined ? [] : [object], resourceVersion: '' };
};

const listBy = async <K extends Kind>(
  requests: Requests,
  kind: K,
  selection: Selection,
  limit: Readonly<Record<string, string>>,
): Promise<Listed<K>> => {
  const items: Kinds[K][] = [];
  for (let next: Readonly<Record<string, string>> = {}; ; ) {
    const call = listCall(kind, selection, { ...limit, ...next });
    const chunk = await requests.send(call, (value): value is Chunk<Kinds[K]> => isChunk(value));
    for (const item of chunk.items ?? []) items.push(kept(kind, item, selection));
    const { continue: token, resourceVersion } = chunk.metadata;
    if (!token) return { items, resourceVersion };
    next = { continue: token };
  }
};

const listCall = (kind: Kind, selection: Selection, query: Readonly<Record<string, string>>): Call => ({
  method: 'GET',
  path: collectionPath(kind, selection.namespace),
  query: { ...selectionQuery(selection), ...query },
  intent: { verb: 'list', resource: kind, namespace: selection.namespace, name: selection.name },
});
