import type { ServerResponse } from 'node:http';
import { type History, type StoredChange, type StoredObject } from './history.ts';
import type { RealClock } from './pace.ts';
import type { Presentation } from './presentation.ts';
import { badRequest, Refusal, statusOf } from './refusal.ts';
import type { Route } from './route.ts';

/** As long as an API server lets a watch live that does not say how long it wants to. */
const MOST_SECONDS = 3600;

/** Who reads so slowly that so much waits for them is cut off. */
const MOST_UNREAD_BYTES = 64 * 1024 * 1024;

export type WatchDeps = {
  readonly history: History;
  readonly clock: RealClock;
  readonly bookmarkMs: number;
  /** What there is now. */
  readonly objects: () => readonly StoredObject[];
};

/**
 * Writes the changes of a selection into a response, one a line, until it is closed or its time is over. It begins with
 * what there is where no version is given, and with an ERROR (410) where that one is too old. Throws a Refusal.
 */
export const serveWatch = (
  { kind }: Route,
  query: URLSearchParams,
  isSelected: (object: StoredObject) => boolean,
  present: Presentation,
  response: ServerResponse,
  { history, clock, bookmarkMs, objects }: WatchDeps,
): void => {
  const begin = beginOf(query, history.version);
  const past = begin === undefined ? [] : history.since(kind, begin);
  const write = (type: string, object: object): void => {
    response.write(`${JSON.stringify({ type, object })}\n`);
    if (response.writableLength > MOST_UNREAD_BYTES) response.destroy();
  };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  if (past === undefined) {
    write('ERROR', statusOf(new Refusal(410, 'Expired', `too old resource version: ${begin}`)));
    response.end();
    return;
  }
  const tell = (change: StoredChange): void => {
    const event = eventOf(change, isSelected);
    if (event !== undefined) write(event.type, present.object(event.object));
  };
  const wantsBookmarks = ['true', '1'].includes(query.get('allowWatchBookmarks') ?? '');
  const mark = (isBegun: boolean): void => {
    if (wantsBookmarks) write('BOOKMARK', present.bookmark(String(history.version), isBegun));
  };
  if (begin === undefined) {
    for (const object of objects()) write('ADDED', present.object(object));
    if (query.get('sendInitialEvents') === 'true') mark(true);
  } else for (const change of past) tell(change);

  const ends = [history.follow(kind, tell), every(clock, bookmarkMs, () => mark(false))];
  const seconds = Math.min(Number(query.get('timeoutSeconds')) || MOST_SECONDS, MOST_SECONDS);
  const finish = (): void => {
    for (const end of ends) end();
  };
  const stop = clock.after(seconds * 1000, () => {
    mark(false);
    // At once: the response closes only when all is sent, and nothing may be written into it until then.
    finish();
    response.end();
  });
  ends.push(stop);
  response.on('close', finish);
  // Its client may have gone while the request was read.
  if (response.destroyed) finish();
};

/** The version after which it begins; undefined where it is to begin with what there is. */
const beginOf = (query: URLSearchParams, newest: number): number | undefined => {
  const text = query.get('resourceVersion') ?? '';
  if (text !== '' && !/^\d{1,15}$/.test(text)) throw badRequest(`Invalid value: "${text}": invalid resourceVersion`);
  if (text === '' || text === '0' || query.get('sendInitialEvents') === 'true') return undefined;
  if (Number(text) > newest)
    throw new Refusal(504, 'Timeout', `Too large resource version: ${text}, current: ${newest}`);
  return Number(text);
};

/** What one who watches a selection is told of a change. What is not of it any more is gone, as it was last. */
const eventOf = (
  { type, object, before }: StoredChange,
  isSelected: (object: StoredObject) => boolean,
): { readonly type: string; readonly object: StoredObject } | undefined => {
  const isIn = isSelected(object);
  const wasIn = before !== undefined && isSelected(before);
  if (isIn) return { type: type === 'MODIFIED' && !wasIn ? 'ADDED' : type, object };
  return wasIn ? { type: 'DELETED', object } : undefined;
};

const every = (clock: RealClock, ms: number, call: () => void): (() => void) => {
  const next = (): (() => void) =>
    clock.after(ms, () => {
      call();
      cancel = next();
    });
  let cancel = next();
  return () => cancel();
};
