import { describe, expect, it } from 'vitest';
import { connectTo, faultOf, list, refusal } from './fixtures.ts';
import { replying } from './server.ts';

const POD = { namespace: 'shop', name: 'main-1' };
const REQUEST = { container: 'server', previous: true, tailLines: 3, limitBytes: 4096 };

describe('the log of a container', () => {
  it('is asked for by its last lines', async () => {
    const server = await replying({ text: 'one\ntwo\n' });
    expect(await connectTo(server).cluster.log(POD, REQUEST)).toEqual(['one', 'two']);
    expect(server.seen.entries).toMatchObject([
      {
        method: 'GET',
        path: '/api/v1/namespaces/shop/pods/main-1/log',
        query: { container: 'server', previous: 'true', tailLines: '3', limitBytes: '4096' },
      },
    ]);
  });

  it('is fit for a terminal: no control characters, no credentials, a bar of progress by its states', async () => {
    const server = await replying({
      text: '\u001B[31mred\u001B[0m\nAuthorization: Bearer abc.def\nshards:  0%\rshards: 50%\rshards: 100%\n\n',
    });
    const lines = await connectTo(server).cluster.log(POD, { ...REQUEST, tailLines: 9 });
    expect(lines).toEqual(['[31mred [0m', 'Authorization: Bearer …', 'shards: 0%', 'shards: 50%', 'shards: 100%']);
  });

  it.each([
    [500, 'unreachable'],
    [429, 'unreachable'],
    [400, 'invalid'],
    [404, 'not-found'],
  ])('is tried once: %i is %s', async (code, fault) => {
    const server = await replying(refusal(code, 'any'));
    const connected = connectTo(server);
    expect((await faultOf(connected.cluster.log(POD, REQUEST))).fault).toBe(fault);
    expect(server.seen.entries).toHaveLength(1);
    expect(connected.waits.count).toBe(0);
  });
});

it('Events are selected by the object that they are about', async () => {
  const server = await replying({ json: list(9, []) });
  const fields = { 'involvedObject.uid': 'u-1', type: 'Warning' };
  await connectTo(server).cluster.list('events', { namespace: 'shop', name: 'a', fields });
  expect(server.seen.entries).toMatchObject([
    { query: { fieldSelector: 'metadata.name=a,involvedObject.uid=u-1,type=Warning' } },
  ]);
});
