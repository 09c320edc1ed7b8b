import { describe, expect, it } from 'vitest';
import { connectTo, faultOf, list, object, refusal } from './fixtures.ts';
import { replying, startServer } from './server.ts';

describe('lists', () => {
  it('come in chunks', async () => {
    const server = await startServer(({ query }) => {
      if (query['continue'] === 'a') return { json: list(9, [object('b', 2)], 'b') };
      return query['continue'] === 'b' ? { json: list(9, null as never) } : { json: list(9, [object('a', 1)], 'a') };
    });
    const { cluster } = connectTo(server);
    const items = await cluster.list('deployments', { namespace: 'shop' });
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
    expect(server.seen.entries.map(({ query }) => query)).toEqual([
      { limit: '500' },
      { limit: '500', continue: 'a' },
      { limit: '500', continue: 'b' },
    ]);
  });

  it('begin again, and in one, when the server forgets between two chunks', async () => {
    const server = await startServer(({ query }) => {
      if (query['limit'] === undefined) return { json: list(12, [object('a', 1), object('b', 11)]) };
      return query['continue'] === 'a' ? refusal(410, 'Expired') : { json: list(9, [object('a', 1)], 'a') };
    });
    const { cluster } = connectTo(server);
    const items = await cluster.list('deployments', { namespace: 'shop' });
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
  });

  it('select by name, and by labels', async () => {
    const server = await replying({ json: list(9, []) });
    const { cluster } = connectTo(server);
    await cluster.list('pods', {
      labels: {
        matchLabels: { app: 'model', tier: 'gpu' },
        matchExpressions: [
          { key: 'zone', operator: 'In', values: ['a', 'b'] },
          { key: 'zone', operator: 'NotIn', values: ['c'] },
          { key: 'canary', operator: 'DoesNotExist' },
          { key: 'stable', operator: 'Exists' },
        ],
      },
    });
    await cluster.list('pods', { namespace: 'shop', name: 'main-1' });
    expect(server.seen.entries).toMatchObject([
      {
        path: '/api/v1/pods',
        query: { labelSelector: 'app=model,tier=gpu,zone in (a,b),zone notin (c),!canary,stable' },
      },
      { path: '/api/v1/namespaces/shop/pods', query: { fieldSelector: 'metadata.name=main-1' } },
    ]);
    const labels = { matchExpressions: [{ key: 'a', operator: 'Like' }] };
    expect((await faultOf(cluster.list('pods', { labels }))).fault).toBe('invalid');
  });

  it('keep of pods and ReplicaSets what is looked at, and all of a Deployment', async () => {
    const condition = { type: 'Ready', status: 'True', lastProbeTime: null };
    const pod = object('p', 1, {
      spec: { containers: [] },
      status: {
        phase: 'Running',
        podIP: '10.0.0.1',
        conditions: [condition],
        containerStatuses: [
          { name: 'c', ready: true, image: 'i', state: { running: { startedAt: 't' } }, lastState: {} },
        ],
      },
    });
    const server = await startServer(({ path: of }) => {
      const managed = { metadata: { ...object('x', 1).metadata, managedFields: [{ manager: 'kubectl' }] } };
      return { json: list(9, [of.endsWith('pods') ? pod : { ...managed, spec: { replicas: 2, template: {} } }]) };
    });
    const { cluster } = connectTo(server);
    expect(await cluster.list('pods', {})).toEqual([
      object('p', 1, {
        spec: {},
        status: {
          phase: 'Running',
          conditions: [{ type: 'Ready', status: 'True' }],
          containerStatuses: [{ name: 'c', ready: true, state: { running: { startedAt: 't' } }, lastState: {} }],
        },
      }),
    ]);
    expect(await cluster.list('replicasets', {})).toEqual([object('x', 1, { spec: { replicas: 2 } })]);
    const [deployment] = await cluster.list('deployments', {});
    expect(deployment).toMatchObject({ metadata: { managedFields: [{ manager: 'kubectl' }] }, spec: { template: {} } });
  });
});
