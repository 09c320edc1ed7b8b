import type { History, StoredObject } from './history.ts';
import { isJson } from './json.ts';
import { badRequest, Refusal } from './refusal.ts';
import type { ServedKind } from './resources.ts';

/** What a list says of itself, in the API's words. */
export type ListMeta = {
  readonly resourceVersion: string;
  /** Where there is more: what asks for it. */
  readonly continue?: string;
  /** Told only where nothing is selected, as an API server does. */
  readonly remainingItemCount?: number;
};

export type Chunk = { readonly items: readonly StoredObject[]; readonly metadata: ListMeta };

export type Listing = {
  readonly kind: ServedKind;
  readonly query: URLSearchParams;
  readonly history: History;
  /** Those of the kind as they are now, at least in the namespace that is asked for. */
  readonly now: readonly StoredObject[];
  readonly isSelected: (object: StoredObject) => boolean;
};

/** Where a list goes on: after a key, with the objects as they were at a version. */
type Bookmark = { readonly version: number; readonly after: string };

/**
 * As many objects as `limit` asks for, in the order of their keys; all without it. What `continue` asks for is of the moment of
 * the first chunk, whatever has happened since. Throws a Refusal: 410 where that moment is not known any more.
 */
export const chunkOf = ({ kind, query, history, now, isSelected }: Listing): Chunk => {
  const limit = limitOf(query);
  const from = bookmarkOf(query, history.version);
  const version = from?.version ?? history.version;
  const all = from === undefined ? now : asOf(kind, version, now, history);
  const rest = all
    .filter(isSelected)
    .map((object) => ({ key: keyOf(object), object }))
    .filter(({ key }) => from === undefined || key > from.after)
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const chunk = rest.slice(0, limit);
  const items = chunk.map(({ object }) => object);
  const last = chunk.at(-1);
  const remaining = rest.length - chunk.length;
  const resourceVersion = String(version);
  if (last === undefined || remaining === 0) return { items, metadata: { resourceVersion } };
  const more = { resourceVersion, continue: tokenOf({ version, after: last.key }) };
  const selects = Boolean(query.get('labelSelector')) || Boolean(query.get('fieldSelector'));
  return { items, metadata: selects ? more : { ...more, remainingItemCount: remaining } };
};

const keyOf = ({ metadata }: StoredObject): string => `${metadata.namespace}/${metadata.name}`;

/** The objects as they were: what has happened since is taken back, the newest first. */
const asOf = (
  kind: ServedKind,
  version: number,
  now: readonly StoredObject[],
  history: History,
): readonly StoredObject[] => {
  const changes = history.since(kind, version);
  if (changes === undefined)
    throw new Refusal(
      410,
      'Expired',
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
    );
  const objects = new Map(now.map((object) => [keyOf(object), object]));
  for (const { object, before } of changes.toReversed()) {
    if (before === undefined) objects.delete(keyOf(object));
    else objects.set(keyOf(before), before);
  }
  return [...objects.values()];
};

/** Infinity for no limit, which 0 is too. */
const limitOf = (query: URLSearchParams): number => {
  const text = query.get('limit') ?? '';
  if (text !== '' && !/^\d{1,15}$/.test(text)) throw badRequest(`Invalid value: "${text}": invalid limit`);
  return Number(text) || Number.POSITIVE_INFINITY;
};

const tokenOf = (bookmark: Bookmark): string => Buffer.from(JSON.stringify(bookmark)).toString('base64url');

const bookmarkOf = (query: URLSearchParams, newest: number): Bookmark | undefined => {
  const token = query.get('continue') ?? '';
  if (token === '') return undefined;
  const version = query.get('resourceVersion') ?? '';
  if (version !== '' && version !== '0')
    throw badRequest('specifying resource version is not allowed when using continue');
  const bookmark = parsed(token);
  if (bookmark === undefined || bookmark.version > newest)
    throw badRequest('continue key is not valid: it is not of this sandbox');
  return bookmark;
};

const parsed = (token: string): Bookmark | undefined => {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (!isJson(value)) return undefined;
    const { version, after } = value;
    return typeof version === 'number' && typeof after === 'string' ? { version, after } : undefined;
  } catch {
    return undefined;
  }
};
