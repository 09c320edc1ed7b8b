import { setTimeout as pause } from 'node:timers/promises';
import { ApiRefusal, type Query, type RestClient } from './rest.ts';

/** What every object of the API has, as far as tests look at it. */
export interface KubeObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

export interface KubeList<T> {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly T[];
}

/** A collection was listed (at first, and again when the server has forgotten where we were), or one object changed. */
export type Change<T> =
  | { readonly type: 'LISTED'; readonly items: readonly T[]; readonly resourceVersion: string }
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T };

interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: T & { readonly code?: number; readonly reason?: string; readonly message?: string };
}

/** The server has dropped the history that a watch would need; only a new list helps. */
const isExpired = (error: unknown): boolean => error instanceof ApiRefusal && error.code === 410;

/** Wrong usage stays wrong: a refusal other than "too busy" is for the caller. All else is the connection's fault. */
const isFinal = (error: unknown): boolean => error instanceof ApiRefusal && error.code < 500 && error.code !== 429;

const reconnectAfterMs = 50;

/**
 * Lists a collection and follows it until `signal` aborts. A watch that ends or breaks is taken up again where it was, so
 * that no state in between is missed; after 410 the collection is listed anew.
 * Rejects when the server refuses, or `onChange` throws.
 */
export const follow = async <T extends KubeObject>(
  client: Pick<RestClient, 'get' | 'watch'>,
  path: string,
  query: Query,
  onChange: (change: Change<T>) => void,
  signal: AbortSignal,
): Promise<void> => {
  let position: string | undefined;
  // A fault of the listener must not look like a broken connection, or it would be retried for ever.
  let fault: { readonly error: unknown } | undefined;
  const tell = (change: Change<T>): void => {
    try {
      onChange(change);
    } catch (error) {
      fault = { error };
      throw error;
    }
  };
  const onEvent = ({ type, object }: WatchEvent<T>): void => {
    if (signal.aborted) return;
    if (type === 'ERROR')
      throw new ApiRefusal(object.code ?? 500, object.reason ?? '', object.message ?? 'watch error');
    position = object.metadata.resourceVersion;
    if (type !== 'BOOKMARK') tell({ type, object });
  };
  while (!signal.aborted) {
    try {
      if (position === undefined) {
        const { items, metadata } = await client.get<KubeList<T>>(path, query);
        if (signal.aborted) return;
        position = metadata.resourceVersion;
        tell({ type: 'LISTED', items, resourceVersion: position });
      }
      const from = { resourceVersion: position, allowWatchBookmarks: 'true', timeoutSeconds: '300' };
      await client.watch<WatchEvent<T>>(path, { ...query, ...from }, onEvent, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (fault) throw fault.error;
      if (isExpired(error)) position = undefined;
      else if (isFinal(error)) throw error;
      else await pause(reconnectAfterMs);
    }
  }
};

export interface Patience {
  readonly timeoutMs?: number;
  /** What is waited for, for the sentence of a failure. */
  readonly what?: string;
}

/**
 * Waits until `holds` is true of a collection, looking again after every change of it. Resolves with the objects for
 * which it was true; rejects after `timeoutMs` (60 s) with what was there in the end.
 */
export const until = async <T extends KubeObject>(
  client: RestClient,
  path: string,
  query: Query,
  holds: (items: readonly T[]) => boolean,
  { timeoutMs = 60_000, what = 'the awaited state' }: Patience = {},
): Promise<readonly T[]> => {
  const objects = new Map<string, T>();
  const end = new AbortController();
  let met: readonly T[] | undefined;
  const timer = setTimeout(() => end.abort(), timeoutMs);
  try {
    await follow<T>(
      client,
      path,
      query,
      (change) => {
        applyChange(objects, change);
        const items = [...objects.values()];
        if (!holds(items)) return;
        met = items;
        end.abort();
      },
      end.signal,
    );
  } finally {
    clearTimeout(timer);
  }
  if (met) return met;
  const left = [...objects.values()].map((object) => `\n${JSON.stringify(gist(object))}`).slice(0, 20);
  const there = left.length === 0 ? 'nothing' : left.join('');
  throw new Error(`${path}: ${what} did not come within ${timeoutMs / 1000} s. In the end there was ${there}`);
};

/** Brings a map of objects by uid up to date. */
export const applyChange = <T extends KubeObject>(objects: Map<string, T>, change: Change<T>): void => {
  if (change.type === 'LISTED') {
    objects.clear();
    for (const item of change.items) objects.set(item.metadata.uid, item);
  } else if (change.type === 'DELETED') {
    objects.delete(change.object.metadata.uid);
  } else {
    objects.set(change.object.metadata.uid, change.object);
  }
};

/** The few parts of an object that tell why it is not what was waited for. */
const gist = (object: KubeObject): unknown => ({
  name: object.metadata.name,
  generation: object.metadata.generation,
  deletionTimestamp: object.metadata.deletionTimestamp,
  status: 'status' in object ? object.status : undefined,
});
