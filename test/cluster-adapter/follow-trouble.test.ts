import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { bookmark, connectTo, faultOf, list, object, refusal } from './fixtures.ts';
import { added, askedOf, asks, changedTo, error, following, gone, one, serving, streamOf } from './following.ts';
import type { Reply } from './server.ts';

describe('a watch that breaks', () => {
  it('is taken up where it was, after a pause', async () => {
    const server = await serving([one], [undefined, refusal(429, '', '', { 'retry-after': '30' })]);
    const connected = connectTo(server);
    const follower = following(connected);
    const stream = await streamOf(server, 0);
    stream.send(added('b', 11));
    await follower.changes.when(({ length }) => length === 2);
    stream.drop();
    await streamOf(server, 1);
    expect(askedOf(server)).toEqual(['list', 'watch 10', 'watch 11', 'watch 11']);
    expect(connected.waits.entries).toEqual([100, 30_000]);
    expect(connected.notes.entries).toContainEqual(
      expect.stringMatching(/^watch pods in namespace shop: .+; trying again in 0\.1 s$/),
    );
  });

  it('and is shown something again, waits no longer than at first when it breaks again', async () => {
    const server = await serving([one], ['drop', 'drop', undefined]);
    const connected = connectTo(server);
    const follower = following(connected);
    const stream = await streamOf(server, 0);
    stream.send(added('b', 11));
    await follower.changes.when(({ length }) => length === 2);
    stream.drop();
    await streamOf(server, 1);
    expect(connected.waits.entries).toEqual([100, 200, 100]);
  });

  it('and is reset again and again after a while, is opened again without a longer and longer pause', async () => {
    let nowMs = 0;
    const reset: Reply = {
      stream: (stream) => {
        nowMs += 5_000;
        stream.drop();
      },
    };
    const server = await serving([one], [reset, reset, reset]);
    const connected = connectTo(server, { timing: { now: () => nowMs } });
    following(connected);
    await streamOf(server, 0);
    expect(connected.waits.entries).toEqual([100, 100, 100]);
  });

  it('keeps to what a busy server asks for', async () => {
    const server = await serving([one], [refusal(429, '', '', { 'retry-after': '30' })]);
    const connected = connectTo(server);
    following(connected);
    await streamOf(server, 0);
    expect(connected.waits.entries).toEqual([30_000]);
  });
});

describe('after what may have cost an event comes a list', () => {
  const two: Reply = { json: list(20, [object('a', 5), object('b', 19)]) };

  it.each([
    ['a refusal with 410', refusal(410, 'Expired'), /410/],
    [
      'an ERROR event',
      { text: `${JSON.stringify(error(410, 'too old resource version'))}\n` },
      /too old resource version/,
    ],
    ['no answer at all: the server was away', 'drop', /./],
    ['a refusal with 503: the server is starting', refusal(503, '', 'starting'), /starting/],
    ['an ERROR event that is not 410', { text: `${JSON.stringify(error(500, 'etcd is away'))}\n` }, /etcd is away/],
    ['a line that is not JSON', { text: '{"type":"ADDED","obj\n' }, /not an event/],
    ['a line that is not an event', { text: '{"type":"ADDED","object":{"kind":"Pod"}}\n' }, /not an event/],
    ['an end within a line', { text: JSON.stringify(added('b', 19)).slice(0, 40) }, /ended within a line/],
  ] satisfies [string, Reply, RegExp][])('%s', async (_, broken, why) => {
    const server = await serving([one, two], [broken]);
    const connected = connectTo(server);
    const follower = following(connected);
    await streamOf(server, 0);
    expect(askedOf(server)).toEqual(['list', 'watch 10', 'list', 'watch 20']);
    expect(follower.changes.entries).toEqual(['a@5', 'a@5 b@19']);
    expect(connected.notes.entries).toEqual([expect.stringMatching(why)]);
  });

  it('a silence: not even a bookmark came', async () => {
    const server = await serving([one, two]);
    const connected = connectTo(server, { timing: { silenceMs: 40 } });
    const follower = following(connected);
    const stream = await streamOf(server, 0);
    await stream.gone;
    await follower.changes.when(({ length }) => length === 2);
    expect(askedOf(server).slice(0, 3)).toEqual(['list', 'watch 10', 'list']);
    expect(connected.notes.entries[0]).toContain('it showed nothing for 0.04 s');
  });

  it('a silence, and not a long life with a bookmark now and then', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const server = await serving([one, { json: list(220, [object('a', 5)]) }]);
    const follower = following(connectTo(server));
    const stream = await streamOf(server, 0);
    for (const version of [11, 12, 13]) {
      await vi.advanceTimersByTimeAsync(80_000);
      stream.send(bookmark(100 + version), added('b', 200 + version));
      await follower.changes.when((all) => all.at(-1) === `a@5 b@${200 + version}`);
    }
    expect(askedOf(server)).toEqual(['list', 'watch 10']);
    await vi.advanceTimersByTimeAsync(90_000);
    await streamOf(server, 1);
    expect(askedOf(server)).toEqual(['list', 'watch 10', 'list', 'watch 220']);
  });

  it('a silence from the beginning: not even the head of an answer came', async () => {
    const server = await serving([one, two], ['hang']);
    const follower = following(connectTo(server, { timing: { silenceMs: 40 } }));
    await follower.changes.when(({ length }) => length === 2);
    expect(askedOf(server).slice(0, 3)).toEqual(['list', 'watch 10', 'list']);
  });

  it('a server that was long away and then has forgotten is listed at once', async () => {
    const down = Array.from({ length: 7 }, () => 'drop' as const);
    const server = await serving([one, two], [...down, refusal(410, 'Expired')]);
    const connected = connectTo(server);
    following(connected);
    await streamOf(server, 0);
    expect(connected.waits.entries).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 100]);
  });

  it('a server that forgets again and again is not asked without a pause', async () => {
    const forgets = Array.from({ length: 4 }, () => refusal(410, 'Expired'));
    const server = await serving([one], forgets);
    const connected = connectTo(server);
    following(connected);
    await streamOf(server, 0);
    expect(connected.waits.entries).toEqual([100, 200, 400, 800]);
  });
});

describe('a refresh', () => {
  it('finds what a silent watch did not show, and tells of it', async () => {
    const server = await serving([one, { json: list(20, [object('b', 15)]) }]);
    const follower = following(connectTo(server));
    const stream = await streamOf(server, 0);
    await follower.refresh();
    expect(follower.names()).toBe('b@15');
    await follower.changes.when((all) => all.at(-1) === 'b@15');
    // What the watch brings late is known.
    stream.send(added('b', 15), gone('a', 16), added('c', 21));
    await follower.changes.when((all) => all.at(-1) === 'b@15 c@21');
    expect(follower.changes.count).toBe(3);
  });

  it('tells of nothing when there is nothing new', async () => {
    const server = await serving([one]);
    const follower = following(connectTo(server));
    await follower.synced;
    await follower.refresh();
    await turn();
    expect(follower.changes.entries).toEqual(['a@5']);
  });

  it('that a watch has overtaken does not bring the dead back', async () => {
    const server = await serving([one]);
    const follower = following(connectTo(server));
    const stream = await streamOf(server, 0);
    stream.send(gone('a', 11));
    await follower.changes.when(({ length }) => length === 2);
    server.handler = () => ({
      stream: (listing) => {
        stream.send(added('b', 30));
        void follower.changes
          .when(({ length }) => length === 3)
          .then(() => {
            listing.write(JSON.stringify(list(20, [object('a', 5)])));
            listing.end();
          });
      },
    });
    await follower.refresh();
    expect(follower.names()).toBe('b@30');
  });

  it('rejects when the server is lost, while the watch goes on trying', async () => {
    const server = await serving([one]);
    const connected = connectTo(server);
    const follower = following(connected);
    const stream = await streamOf(server, 0);
    server.handler = () => 'drop';
    stream.drop();
    const { fault, message } = await faultOf(follower.refresh());
    expect([fault, message]).toEqual(['unreachable', expect.stringContaining('list pods in namespace shop')]);
    expect(follower.names()).toBe('a@5');
    const before = server.seen.count;
    await asks(server, before + 3);
  });

  it('notices a cluster that was restored from a backup, and watches from there', async () => {
    const server = await serving([one, { json: list(4, [object('a', 3)]) }]);
    const follower = following(connectTo(server));
    await streamOf(server, 0);
    await follower.refresh();
    expect(follower.names()).toBe('a@3');
    (await streamOf(server, 1)).send(changedTo('a', 5));
    await follower.changes.when((all) => all.at(-1) === 'a@5' && all.length === 3);
    expect(askedOf(server)).toEqual(['list', 'watch 10', 'list', 'list', 'list', 'watch 4']);
  });

  it('goes back to a backup together with all that is followed, in one step', async () => {
    const server = await serving([one]);
    const connected = connectTo(server);
    const [pods, deployments] = [following(connected), following(connected, { namespace: 'shop' }, 'deployments')];
    await Promise.all([streamOf(server, 0), streamOf(server, 1)]);
    const podsAsked = Promise.withResolvers<void>();
    const podsMayAnswer = Promise.withResolvers<void>();
    server.handler = async ({ path, query }) => {
      if (query['watch'] === 'true') return 'hang';
      if (path.endsWith('/pods')) {
        podsAsked.resolve();
        await podsMayAnswer.promise;
      }
      return { json: list(4, [object('a', 3)]) };
    };
    const refreshed = deployments.refresh();
    await podsAsked.promise;
    expect([pods.names(), deployments.names()]).toEqual(['a@5', 'a@5']);
    podsMayAnswer.resolve();
    await refreshed;
    expect([pods.names(), deployments.names()]).toEqual(['a@3', 'a@3']);
  });

  it('does not go back with a list that is older than what it knows: it asks again', async () => {
    const stale: Reply = { json: list(8, [object('a', 3), object('gone', 4)]) };
    const server = await serving([one, stale, stale, { json: list(12, [object('a', 5), object('b', 12)]) }]);
    const connected = connectTo(server);
    const follower = following(connected);
    await streamOf(server, 0);
    await follower.refresh();
    await follower.changes.when(({ length }) => length === 2);
    expect(follower.changes.entries).toEqual(['a@5', 'a@5 b@12']);
    expect(askedOf(server)).toEqual(['list', 'watch 10', 'list', 'list', 'list']);
    expect(connected.notes.entries).toEqual([
      'list pods: the answer is older than one before; asking again in 0.1 s',
      'list pods: the answer is older than one before; asking again in 0.2 s',
    ]);
  });
});
