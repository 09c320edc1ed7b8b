// What comes from outside is `unknown` until one of these has looked at it. They check what this adapter stands on; for the
// rest an API server is taken at its word.
import type { ObjectMeta } from '../port.ts';

export type Json = Readonly<Record<string, unknown>>;

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export type ApiObject = { readonly metadata: ObjectMeta };

export const isApiObject = (value: unknown): value is ApiObject =>
  isJson(value) && isJson(value['metadata']) && typeof value['metadata']['name'] === 'string';

/** One chunk of a list. Go writes an empty list as null now and then. */
export type Chunk<T> = {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: readonly T[] | null;
};

export const isChunk = <T extends ApiObject>(value: unknown): value is Chunk<T> =>
  isJson(value) &&
  isJson(value['metadata']) &&
  typeof value['metadata']['resourceVersion'] === 'string' &&
  (value['items'] === null || (Array.isArray(value['items']) && value['items'].every((item) => isApiObject(item))));

/** What an API server answers instead of an object. */
export type Status = {
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly reason?: string }[] };
};

export const isStatus = (value: unknown): value is Status => isJson(value) && value['kind'] === 'Status';

export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // The message would quote the text.
    return undefined;
  }
};
