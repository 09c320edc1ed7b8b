import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { answered, connectTo, faultOf, main, object, refusal } from './fixtures.ts';
import { replying, startServer } from './server.ts';

const path = '/apis/apps/v1/namespaces/shop/deployments/main';

/** Time that never passes. */
const sleep = (_: number, signal: AbortSignal) =>
  new Promise<void>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

describe('requests', () => {
  it('names the program, and the user by his token', async () => {
    const server = await replying(answered);
    await connectTo(server).cluster.get('deployments', main);
    expect(server.asked()).toEqual([`GET ${path}`]);
    const headers = { authorization: 'Bearer c2VjcmV0LXRva2Vu', 'user-agent': 'dupgrade', accept: 'application/json' };
    expect(server.seen.entries[0]?.headers).toMatchObject(headers);
  });

  it('go to the path that the server has, as behind Rancher', async () => {
    const server = await replying(answered);
    await connectTo({ url: `${server.url}/k8s/clusters/c-1/` }).cluster.get('deployments', main);
    expect(server.asked()).toEqual([`GET /k8s/clusters/c-1${path}`]);
  });

  it('take long answers compressed', async () => {
    const text = gzipSync(JSON.stringify(object('main', 7)));
    const server = await replying({ text, headers: { 'content-encoding': 'gzip' } });
    expect(await connectTo(server).cluster.get('deployments', main)).toEqual(object('main', 7));
    expect(server.seen.entries[0]?.headers['accept-encoding']).toBe('gzip');
  });

  it('scales through the subresource, at one version', async () => {
    const server = await replying({ json: object('main', 8, { spec: { replicas: 3 } }) });
    const answer = await connectTo(server).cluster.scale(main, 3, '7');
    expect(answer).toEqual({ resourceVersion: '8' });
    expect(server.seen.entries[0]).toMatchObject({
      method: 'PATCH',
      path: `${path}/scale`,
      query: { fieldManager: 'dupgrade' },
      body: { metadata: { resourceVersion: '7' }, spec: { replicas: 3 } },
      headers: { 'content-type': 'application/merge-patch+json' },
    });
  });

  it('creates and replaces whole objects, with their type and all fields that they had', async () => {
    const server = await startServer(({ body }) => ({ json: body }));
    const { cluster } = connectTo(server);
    const record = { ...object('record', 7), data: { leg: '1' }, immutable: false };
    const created = await cluster.create('configmaps', record);
    expect(created).toEqual({ ...record, apiVersion: 'v1', kind: 'ConfigMap' });
    await cluster.replace('leases', object('lock', 7));
    expect(server.seen.entries).toMatchObject([
      { method: 'POST', path: '/api/v1/namespaces/shop/configmaps', query: { fieldManager: 'dupgrade' } },
      {
        method: 'PUT',
        path: '/apis/coordination.k8s.io/v1/namespaces/shop/leases/lock',
        query: { fieldManager: 'dupgrade' },
        body: { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { resourceVersion: '7' } },
      },
    ]);
  });

  it('does not replace an object without saying which version', async () => {
    const server = await replying(answered);
    const record = { metadata: { namespace: 'shop', name: 'record' } };
    expect((await faultOf(connectTo(server).cluster.replace('configmaps', record))).fault).toBe('invalid');
    expect(server.seen.count).toBe(0);
  });

  it('a write whose answer was lost is sent again, and the server says that it was done', async () => {
    const server = await replying('drop', refusal(409, 'AlreadyExists'));
    const { cluster } = connectTo(server);
    expect((await faultOf(cluster.create('configmaps', object('record', 1)))).fault).toBe('exists');
    expect(server.asked()).toEqual(Array.from({ length: 2 }, () => 'POST /api/v1/namespaces/shop/configmaps'));
  });

  it('fifty requests do not take fifty TLS connections', async () => {
    const server = await startServer(() => answered, {});
    const { cluster } = connectTo(server);
    for (let count = 0; count < 50; count++) await cluster.get('deployments', main);
    expect(server.seen.count).toBe(50);
    // A second one, since undici does not see the first as free yet when the second request follows at once.
    expect(server.connections).toBeLessThanOrEqual(2);
  });
});

describe('the end', () => {
  it('closing breaks off what is under way, and nothing is sent after it', async () => {
    const server = await replying(answered, answered, 'hang');
    const { cluster, close } = connectTo(server);
    await Promise.all([cluster.get('deployments', main), cluster.get('deployments', main)]);
    const hanging = faultOf(cluster.get('deployments', main));
    await server.seen.when(({ length }) => length === 3);
    expect(server.connections).toBe(2);
    await close();
    await server.left();
    expect((await hanging).message).toBe(`The connection to ${server.url} was closed.`);
    expect((await faultOf(cluster.get('deployments', main))).fault).toBe('unreachable');
    expect(server.seen.count).toBe(3);
  });

  it('the signal does the same, also to who waits for the next attempt', async () => {
    const server = await replying('drop');
    const ending = new AbortController();
    const { cluster, notes } = connectTo(server, { signal: ending.signal, timing: { sleep } });
    const waiting = faultOf(cluster.get('deployments', main));
    await notes.when(({ length }) => length === 1);
    ending.abort();
    expect((await waiting).message).toContain('was closed');
  });

  it('a signal that was given before leaves nothing to do', async () => {
    const server = await replying(answered);
    const { cluster } = connectTo(server, { signal: AbortSignal.abort() });
    expect((await faultOf(cluster.get('deployments', main))).fault).toBe('unreachable');
    expect(server.seen.count).toBe(0);
  });
});
