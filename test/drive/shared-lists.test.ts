import { describe, expect, it } from 'vitest';
import type { Cluster, Kind, Selection } from '../../src/cluster/port.ts';
import { virtualClusterPort } from '../../src/cluster/virtual/adapter.ts';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import { sharedLists } from '../../src/drive/shared-lists.ts';

/** Two upgrades that share what they list, and what came of it at the cluster. */
const two = () => {
  const virtual = new VirtualCluster({
    name: 'shared',
    seed: 1,
    nodes: [],
    deployments: [],
    quotas: [],
    happenings: [],
  });
  const port = virtualClusterPort(virtual);
  const asked: string[] = [];
  const failing = { next: false };
  const seen: Cluster = {
    ...port,
    list: async (kind, selection) => {
      asked.push(`${kind} ${selection.namespace ?? 'everywhere'}`);
      if (failing.next) throw new Error('no answer');
      return port.list(kind, selection);
    },
  };
  const share = sharedLists(virtual.clock);
  const [a, b] = [share(seen), share(seen)];
  const list = (cluster: Cluster, kind: Kind, selection: Selection): Promise<unknown> =>
    virtual.clock.runUntil(cluster.list(kind, selection));
  return { a, b, asked, failing, list, clock: virtual.clock };
};

describe('lists of what surrounds several upgrades', () => {
  it('are asked for once for all of a namespace, whoever asks', async () => {
    const { a, b, asked, list } = two();
    const first = await list(a, 'services', { namespace: 'shop' });
    expect(await list(b, 'services', { namespace: 'shop' })).toBe(first);
    await list(b, 'services', { namespace: 'other' });
    await list(a, 'services', { namespace: 'shop' });
    await list(a, 'nodes', {});
    await list(b, 'nodes', {});
    expect(asked).toEqual(['services shop', 'services other', 'nodes everywhere']);
  });

  it('are asked for anew after five seconds', async () => {
    const { a, b, asked, list, clock } = two();
    await list(a, 'resourcequotas', { namespace: 'shop' });
    await clock.advance(5000);
    await list(b, 'resourcequotas', { namespace: 'shop' });
    expect(asked).toHaveLength(2);
  });

  it('are asked for anew where the answer was none', async () => {
    const { a, b, asked, failing, list } = two();
    failing.next = true;
    await expect(list(a, 'services', { namespace: 'shop' })).rejects.toThrow('no answer');
    failing.next = false;
    await list(b, 'services', { namespace: 'shop' });
    expect(asked).toHaveLength(2);
  });

  it("are each one's own where they are of its pods, or of records", async () => {
    const { a, b, asked, list } = two();
    for (const cluster of [a, b]) {
      await list(cluster, 'pods', { namespace: 'shop', labels: { matchLabels: { app: 'model' } } });
      await list(cluster, 'configmaps', { namespace: 'shop' });
    }
    expect(asked).toHaveLength(4);
  });
});
