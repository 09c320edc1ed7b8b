// What the tests of followers have in common: a server of lists and watches, and a follower that keeps a log.
import { onTestFinished } from 'vitest';
import type { Kind, Selection } from '../../src/cluster/port.ts';
import { type Connected, list, object } from './fixtures.ts';
import { Log } from './log.ts';
import { type ApiServer, type Reply, type Seen, startServer, type Stream } from './server.ts';

export const added = (name: string, version: number) => ({ type: 'ADDED', object: object(name, version) });
export const changedTo = (name: string, version: number) => ({ type: 'MODIFIED', object: object(name, version) });
export const gone = (name: string, version: number) => ({ type: 'DELETED', object: object(name, version) });
export const error = (code: number, message: string) => ({ type: 'ERROR', object: { kind: 'Status', code, message } });

const isWatch = ({ query }: Seen): boolean => query['watch'] === 'true';

/** A server with these answers to the lists in turn, and to the watches; the last of each stays. */
export const serving = async (
  lists: readonly [Reply, ...Reply[]],
  watches: readonly (Reply | undefined)[] = [],
): Promise<ApiServer & { readonly streams: Log<Stream> }> => {
  const streams = new Log<Stream>();
  const open: Reply = { stream: (stream) => streams.add(stream) };
  const asked = { lists: 0, watches: 0 };
  const server = await startServer((seen) => {
    if (isWatch(seen)) return watches[asked.watches++] ?? open;
    return lists[Math.min(asked.lists++, lists.length - 1)] ?? lists[0];
  });
  return Object.assign(server, { streams });
};

export const one: Reply = { json: list(10, [object('a', 5)]) };

export const following = (
  { cluster }: Connected,
  selection: Selection = { namespace: 'shop' },
  kind: Kind = 'pods',
) => {
  const changes = new Log<string>();
  const follower = cluster.follow(kind, selection, () => changes.add(namesOf(follower.objects())));
  onTestFinished(() => follower.close());
  return { ...follower, changes, names: () => namesOf(follower.objects()) };
};

const namesOf = (objects: readonly { metadata: { name: string; resourceVersion?: string } }[]): string =>
  objects.map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`).join(' ');

/** What was asked for, in short: "list", or the version from which was watched. */
export const askedOf = (server: ApiServer): readonly string[] =>
  server.seen.entries.map((seen) => (isWatch(seen) ? `watch ${seen.query['resourceVersion']}` : 'list'));

export const asks = (server: ApiServer, count: number): Promise<void> =>
  server.seen.when(({ length }) => length >= count);

export const streamOf = async (server: { readonly streams: Log<Stream> }, index: number): Promise<Stream> => {
  await server.streams.when(({ length }) => length > index);
  const stream = server.streams.entries[index];
  if (stream === undefined) throw new Error('there is no such watch');
  return stream;
};
