import { beforeAll, expect, it } from 'vitest';
import { NAMESPACE } from '../cluster-virtual/given.ts';
import { clusterOf, preload, specOf, start } from './started.ts';

beforeAll(preload);

it('an upgrade does not begin in a namespace that is being deleted, and nothing is made in it', async () => {
  const cluster = clusterOf(['a']);
  cluster.api.remove('namespaces', { namespace: '', name: NAMESPACE });
  const { code, lines, err } = await start(cluster, { 'a.yaml': specOf('a') }, ['a.yaml']);
  expect(code, err).toBe(3);
  expect(lines.map(({ type }) => type)).not.toContain('started');
  expect(err).toContain('is being terminated');
  for (const kind of ['configmaps', 'leases', 'events'] as const)
    expect(cluster.api.list(kind, { namespace: NAMESPACE }).items).toEqual([]);
});
