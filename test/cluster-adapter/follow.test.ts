import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { bookmark, connectTo, faultOf, object, refusal } from './fixtures.ts';
import { added, askedOf, asks, changedTo, following, gone, one, serving, streamOf } from './following.ts';
import type { Reply } from './server.ts';

describe('a follower', () => {
  it('lists, then watches from there, and tells of every batch of changes', async () => {
    const server = await serving([one]);
    const follower = following(connectTo(server));
    expect(follower.names()).toBe('');
    await follower.synced;
    expect(follower.names()).toBe('a@5');
    const stream = await streamOf(server, 0);
    stream.send(added('b', 11), changedTo('a', 12));
    await follower.changes.when(({ length }) => length === 2);
    stream.send(gone('a', 13));
    await follower.changes.when(({ length }) => length === 3);
    expect(follower.changes.entries).toEqual(['a@5', 'a@12 b@11', 'b@11']);
    expect(server.seen.entries[1]?.query).toEqual({
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: '10',
      timeoutSeconds: '360',
    });
  });

  it('selects by name or labels, in one namespace or in all, for the list and for the watch', async () => {
    const server = await serving([one]);
    const connected = connectTo(server);
    await following(connected, { namespace: 'shop', name: 'a' }, 'deployments').synced;
    await streamOf(server, 0);
    const labels = { matchLabels: { app: 'model' } };
    await following(connected, { labels }, 'replicasets').synced;
    await streamOf(server, 1);
    const [list1, watch1, list2, watch2] = server.seen.entries;
    for (const seen of [list1, watch1]) {
      expect(seen?.path).toBe('/apis/apps/v1/namespaces/shop/deployments');
      expect(seen?.query['fieldSelector']).toBe('metadata.name=a');
    }
    for (const seen of [list2, watch2]) {
      expect(seen?.path).toBe('/apis/apps/v1/replicasets');
      expect(seen?.query['labelSelector']).toBe('app=model');
    }
  });

  it('reads an event that comes in pieces, and pieces with many', async () => {
    const server = await serving([one]);
    const follower = following(connectTo(server));
    const stream = await streamOf(server, 0);
    const text = `${JSON.stringify({ type: 'ADDED', object: object('ü', 11) })}\n${JSON.stringify(added('c', 12))}\n`;
    const bytes = Buffer.from(text);
    const within = bytes.indexOf('ü') + 1;
    stream.write(bytes.subarray(0, within));
    await turn();
    stream.write(bytes.subarray(within));
    await follower.changes.when((all) => all.at(-1) === 'a@5 ü@11 c@12');
    expect(askedOf(server)).toEqual(['list', 'watch 10']);
  });

  it('keeps of a watched pod what is kept of a listed one', async () => {
    const server = await serving([one]);
    const follower = following(connectTo(server));
    (await streamOf(server, 0)).send({
      type: 'ADDED',
      object: object('b', 11, { spec: { nodeName: 'n' }, status: { phase: 'Running', podIP: '10.0.0.1' } }),
    });
    await follower.changes.when(({ length }) => length === 2);
    expect(follower.objects()[1]).toEqual(object('b', 11, { spec: { nodeName: 'n' }, status: { phase: 'Running' } }));
  });
});

describe('a watch that ends as it should', () => {
  it('is taken up where it was, without a list', async () => {
    const server = await serving([one]);
    const connected = connectTo(server);
    const follower = following(connected);
    const stream = await streamOf(server, 0);
    stream.send(added('b', 11));
    stream.end();
    (await streamOf(server, 1)).send(added('c', 12));
    await follower.changes.when((all) => all.at(-1) === 'a@5 b@11 c@12');
    expect(askedOf(server)).toEqual(['list', 'watch 10', 'watch 11']);
    expect([connected.waits.count, connected.notes.count]).toEqual([0, 0]);
  });

  it('is taken up from its last bookmark', async () => {
    const server = await serving([one]);
    const follower = following(connectTo(server));
    const stream = await streamOf(server, 0);
    stream.send(bookmark(40));
    stream.end();
    await streamOf(server, 1);
    expect(askedOf(server)).toEqual(['list', 'watch 10', 'watch 40']);
    expect(follower.changes.entries).toEqual(['a@5']);
  });

  it('and at once, again and again, is asked for less and less often', async () => {
    const ended: Reply = { text: '' };
    const server = await serving([one], [ended, ended, ended]);
    const connected = connectTo(server);
    following(connected);
    await streamOf(server, 0);
    expect(connected.waits.entries).toEqual([100, 200, 400]);
    expect(askedOf(server)).toEqual(['list', 'watch 10', 'watch 10', 'watch 10', 'watch 10']);
  });
});

describe('the beginning and the end of a follower', () => {
  it('rejects `synced` when it may not list, and asks no more', async () => {
    const server = await serving([refusal(403, 'Forbidden', 'User "bob" cannot list resource "pods"')]);
    const follower = following(connectTo(server));
    const { fault, message } = await faultOf(follower.synced);
    expect([fault, message]).toEqual(['forbidden', 'User bob may not list pods in namespace shop.']);
    await turn();
    expect(askedOf(server)).toEqual(['list']);
    server.handler = () => one;
    await follower.refresh();
    expect(follower.names()).toBe('a@5');
  });

  it('a follower that nobody waits for may fail without ending the process', async () => {
    const server = await serving([refusal(403, 'Forbidden')]);
    following(connectTo(server));
    await asks(server, 1);
    for (let turns = 0; turns < 20; turns++) await turn();
    expect(server.seen.count).toBe(1);
  });

  it('goes on trying when it may list but not watch', async () => {
    const server = await serving([one], [refusal(403, 'Forbidden'), refusal(403, 'Forbidden')]);
    const connected = connectTo(server);
    following(connected);
    await streamOf(server, 0);
    expect(connected.notes.entries).toEqual([
      'watch pods in namespace shop: User alice may not watch pods in namespace shop; trying again in 0.1 s',
    ]);
  });

  it('closing ends its watch, and it tells of nothing any more', async () => {
    const server = await serving([one]);
    const follower = following(connectTo(server));
    const stream = await streamOf(server, 0);
    stream.send(added('b', 11));
    await follower.changes.when(({ length }) => length === 2);
    follower.close();
    await stream.gone;
    await follower.refresh();
    expect(follower.changes.count).toBe(2);
    expect(askedOf(server)).toEqual(['list', 'watch 10', 'list']);
  });

  it('the end of the connection ends it, and rejects `synced` if it was not', async () => {
    const server = await serving([one, 'hang']);
    const { close, ...connected } = connectTo(server);
    const follower = following({ close, ...connected });
    const stream = await streamOf(server, 0);
    const late = following({ close, ...connected });
    const synced = faultOf(late.synced);
    await asks(server, 3);
    await close();
    await stream.gone;
    expect((await synced).message).toContain('was closed');
    expect((await faultOf(follower.refresh())).fault).toBe('unreachable');
    expect(server.seen.count).toBe(3);
  });
});
