import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { answered, connectTo, faultOf, main, object, refusal } from './fixtures.ts';
import { type Reply, replying } from './server.ts';

describe('what passes by itself is tried again', () => {
  it.each([
    ['429', refusal(429, 'TooManyRequests', 'slow down')],
    ['500', refusal(500, 'InternalError', 'slow down')],
    ['502', { text: '<html>slow down</html>', status: 502 }],
    ['503', refusal(503, 'ServiceUnavailable', 'slow down')],
    ['504', refusal(504, 'Timeout', 'slow down')],
    ['a broken connection', 'drop'],
    ['half an answer', { text: '{"metadata":' }],
  ] satisfies [string, Reply][])('%s', async (_, trouble) => {
    const server = await replying(trouble, trouble, trouble, answered);
    const { cluster, waits, notes } = connectTo(server);
    expect(await cluster.get('deployments', main)).toEqual(object('main', 7));
    expect(server.seen.count).toBe(4);
    expect(waits.entries).toEqual([100, 200, 400]);
    expect(notes.entries).toEqual([
      expect.stringMatching(/^get deployments in namespace shop \(main\): .+; trying again in 0\.1 s$/),
    ]);
  });

  it('a server that gives no answer is not waited for longer than an attempt may take', async () => {
    const server = await replying('hang', { stream: (stream) => stream.write('{"metadata":') }, answered);
    const { cluster, notes } = connectTo(server, { timing: { attemptMs: 120 } });
    expect(await cluster.get('deployments', main)).toEqual(object('main', 7));
    expect(notes.entries[0]).toContain('nothing came within 0.12 s');
    expect(server.seen.count).toBe(3);
  });

  it('an address where nobody listens yet', async () => {
    const server = await replying(answered);
    const { cluster, notes } = connectTo({ url: 'http://127.0.0.1:1' });
    expect((await faultOf(cluster.get('deployments', main))).fault).toBe('unreachable');
    expect(notes.entries[0]).toContain('ECONNREFUSED');
    expect(server.seen.count).toBe(0);
  });

  it('the pauses grow to ten seconds and no further', async () => {
    const server = await replying(refusal(503, ''));
    const { cluster, waits } = connectTo(server, { firstContactMs: 60_000 });
    await faultOf(cluster.get('deployments', main));
    expect(waits.entries).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000, 10_000, 7300]);
  });

  it('the pauses are drawn by chance from their upper half', async () => {
    const server = await replying(refusal(503, ''), refusal(503, ''), answered);
    const { cluster, waits } = connectTo(server, { timing: { random: () => 0.5 } });
    await cluster.get('deployments', main);
    expect(waits.entries).toEqual([75, 150]);
  });

  it.each([
    ['seconds', '7', 7000],
    ['a date', new Date(Date.now() + 3_600_000).toUTCString(), 15_000],
    ['nonsense', 'soon', 100],
  ])('Retry-After is kept to: %s', async (_, value, waitMs) => {
    const server = await replying(refusal(429, '', '', { 'retry-after': value }), answered);
    const { cluster, waits } = connectTo(server);
    await cluster.get('deployments', main);
    expect(waits.entries).toEqual([waitMs]);
  });
});

describe('no request is tried for ever', () => {
  it('before the first success for a short while, since the address may be wrong', async () => {
    const server = await replying(refusal(503, '', 'the etcd is away'));
    const { cluster, waits } = connectTo(server);
    const { fault, message } = await faultOf(cluster.get('deployments', main));
    expect(fault).toBe('unreachable');
    expect(message).toBe(
      `${server.url} gave no good answer for 15 s (get deployments in namespace shop (main)). ` +
        'At the end: it answered 503: the etcd is away.',
    );
    expect(sum(waits.entries)).toBe(15_000);
  });

  it('nor is its last attempt longer than the time that is left', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const server = await replying('hang');
    const { cluster } = connectTo(server, { timing: { now: () => performance.now() } });
    const given = faultOf(cluster.get('deployments', main));
    await server.seen.when(({ length }) => length === 1);
    await vi.advanceTimersByTimeAsync(10_000);
    await server.seen.when(({ length }) => length === 2);
    await vi.advanceTimersByTimeAsync(5000);
    expect((await given).message).toContain('At the end: nothing came within 5 s.');
    expect(server.seen.count).toBe(2);
  });

  it('before the first success for no longer than after it', async () => {
    const server = await replying(refusal(503, ''));
    const { cluster, waits } = connectTo(server, { unreachableAfterMs: 5000 });
    await faultOf(cluster.get('deployments', main));
    expect(sum(waits.entries)).toBe(5000);
  });

  it('after it for five minutes', async () => {
    const server = await replying(answered, refusal(503, ''));
    const { cluster, waits } = connectTo(server);
    await cluster.get('deployments', main);
    const { fault, message } = await faultOf(cluster.get('deployments', main));
    expect([fault, message]).toEqual(['unreachable', expect.stringContaining('no good answer for 5 min')]);
    expect(sum(waits.entries)).toBe(300_000);
  });

  it('a server that refuses what it understood has answered', async () => {
    const server = await replying(refusal(403, 'Forbidden'), refusal(503, ''));
    const { cluster, waits } = connectTo(server, { unreachableAfterMs: 20_000 });
    await faultOf(cluster.get('deployments', main));
    await faultOf(cluster.get('deployments', main));
    expect(sum(waits.entries)).toBe(20_000);
  });
});

const sum = (waits: readonly number[]): number => waits.reduce((total, ms) => total + ms, 0);

describe('what does not pass is told at once', () => {
  const rbac =
    'deployments.apps "main" is forbidden: User "bob" cannot get resource "deployments" in API group "apps" in the namespace "shop"';
  it.each([
    [
      '400',
      refusal(400, 'BadRequest', 'the patch is not JSON'),
      'invalid',
      /Could not get .*: the patch is not JSON\.$/,
    ],
    ['422', refusal(422, 'Invalid', 'must be at least 0.'), 'invalid', /: must be at least 0\.$/],
    [
      '403 by RBAC',
      refusal(403, 'Forbidden', rbac),
      'forbidden',
      /^User bob may not get deployments in namespace shop \(main\)\.$/,
    ],
    [
      '403 otherwise',
      refusal(403, 'Forbidden', 'exceeded quota: gpus'),
      'forbidden',
      /forbids to get .*: exceeded quota: gpus\.$/,
    ],
    ['409', refusal(409, 'Conflict', 'it has been modified'), 'conflict', /: it has been modified\.$/],
    ['409 of a name that is taken', refusal(409, 'AlreadyExists'), 'exists', /: there is one of that name\.$/],
    [
      'a web page',
      { text: '<html>hello</html>', status: 404 },
      'unreachable',
      /does not answer like a Kubernetes API server/,
    ],
    [
      'a way to elsewhere',
      { text: '', status: 302, headers: { location: 'http://127.0.0.1:1/' } },
      'unreachable',
      /it answered 302/,
    ],
  ] satisfies [string, Reply, string, RegExp][])('%s', async (_, reply, fault, message) => {
    const server = await replying(reply);
    const { cluster } = connectTo(server);
    const error = await faultOf(cluster.get('deployments', main));
    expect([error.fault, error.message]).toEqual([fault, expect.stringMatching(message)]);
    expect(server.seen.count).toBe(1);
  });

  it('403 of a server that has only just come back is not believed at once', async () => {
    const server = await replying('drop', refusal(403, 'Forbidden'), refusal(403, 'Forbidden'), answered);
    const { cluster, waits } = connectTo(server);
    expect(await cluster.get('deployments', main)).toBeDefined();
    expect(waits.entries).toEqual([100, 200, 400]);
  });

  it.each([
    ['half a minute', {}, 32_700],
    ['the time there is', { unreachableAfterMs: 5000 }, 5000],
  ])('403 of such a server is believed after %s', async (_, options, ms) => {
    const server = await replying('drop', refusal(403, 'Forbidden'));
    const { cluster, waits } = connectTo(server, options);
    const { fault, message } = await faultOf(cluster.get('deployments', main));
    expect([fault, message]).toEqual(['forbidden', 'User alice may not get deployments in namespace shop (main).']);
    expect(sum(waits.entries)).toBe(ms);
  });

  it('404 is the absence of an object to `get`, and a fault to all else', async () => {
    const server = await replying(refusal(404, 'NotFound', 'deployments.apps "main" not found'));
    const { cluster } = connectTo(server);
    expect(await cluster.get('deployments', main)).toBeUndefined();
    expect((await faultOf(cluster.scale(main, 3, '7'))).fault).toBe('not-found');
  });

  it('what a server says is fit for a terminal', async () => {
    const server = await replying(refusal(422, 'Invalid', `\u001B[31mno\u0007\nline two\u202E ${'x'.repeat(1000)}`));
    const { message } = await faultOf(connectTo(server).cluster.get('deployments', main));
    expect(message).toMatch(/: \[31mno line two x{400,}….$/);
    expect(message.length).toBeLessThan(700);
  });
});
