import { Expired } from './faults.ts';
import { type ApiObject, isApiObject, isJson, isStatus, parseJson } from './json.ts';
import { clause } from './plain.ts';

/** A change of an object, or a bookmark: how far the history is told without one. */
export type WatchEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  | { readonly type: 'BOOKMARK'; readonly object: { readonly metadata: { readonly resourceVersion: string } } };

/** No object is longer: etcd takes 1.5 MB. */
const LONGEST_LINE = 64 * 1024 * 1024;

/**
 * Reads the body of a watch, a line for each event, and calls `take` with what came together. Resolves when the server ends
 * the watch as it should. Rejects with Expired where it says that the history is gone (an ERROR event), and where a line
 * cannot be understood: an event may be lost then, and nothing but a new list tells which.
 */
export const readWatch = async <T extends ApiObject>(
  body: AsyncIterable<unknown>,
  take: (events: readonly WatchEvent<T>[]) => void,
): Promise<void> => {
  const decoder = new TextDecoder();
  let unfinished = '';
  for await (const piece of body) {
    if (!(piece instanceof Uint8Array)) throw new TypeError('a body is made of bytes');
    const lines = `${unfinished}${decoder.decode(piece, { stream: true })}`.split('\n');
    unfinished = lines.pop() ?? '';
    if (unfinished.length > LONGEST_LINE) throw new Expired('the watch sent a line without an end');
    take(lines.filter((line) => line.trim() !== '').map((line) => eventOf<T>(parseJson(line))));
  }
  if (unfinished.trim() !== '') throw new Expired('the watch ended within a line');
};

const eventOf = <T extends ApiObject>(value: unknown): WatchEvent<T> => {
  if (isEvent<T>(value)) return value;
  if (!isJson(value) || value['type'] !== 'ERROR') throw new Expired('the watch sent a line that is not an event');
  const status = value['object'];
  const said = isStatus(status) ? `${status.code ?? ''} ${clause(status.message ?? '')}`.trim() : 'no reason was given';
  throw new Expired(`the server gave up the watch (${said})`);
};

const isEvent = <T extends ApiObject>(value: unknown): value is WatchEvent<T> => {
  if (!isJson(value) || !isJson(value['object'])) return false;
  const { type, object } = value;
  const metadata = isJson(object) && isJson(object['metadata']) ? object['metadata'] : {};
  if (typeof metadata['resourceVersion'] !== 'string') return false;
  return (
    type === 'BOOKMARK' || ((type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED') && isApiObject(object))
  );
};
