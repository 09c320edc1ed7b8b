import { describe, expect, it } from 'vitest';
import type { ConfigMap, Deployment, LabelSelector, Lease } from '../../src/cluster/port.ts';
import type { Contracted } from './contracted.ts';

const mapOf = (namespace: string, name: string, labels = {}): ConfigMap => ({
  metadata: { namespace, name, labels },
  data: { key: 'value' },
});

const TIME = '2026-01-01T00:00:00.000000Z';

const namesOf = (maps: readonly ConfigMap[]): readonly string[] =>
  maps
    .map(({ metadata }) => metadata.name)
    .filter((name) => name !== 'kube-root-ca.crt')
    .toSorted();

const leaseOf = (namespace: string, holderIdentity: string): Lease => ({
  metadata: { namespace, name: 'dupgrade-main' },
  spec: { holderIdentity, leaseDurationSeconds: 15, acquireTime: TIME, renewTime: TIME, leaseTransitions: 0 },
});

/** Reads and writes, their preconditions, and what is refused. */
export const requestContract = (make: () => Promise<Contracted>): void => {
  describe('get', () => {
    it('answers with nothing where there is nothing', async () => {
      const { cluster, namespace } = await make();
      expect(await cluster.get('configmaps', { namespace, name: 'none' })).toBeUndefined();
      expect(await cluster.get('leases', { namespace: `${namespace}-none`, name: 'none' })).toBeUndefined();
      expect(await cluster.get('nodes', { namespace: '', name: 'none' })).toBeUndefined();
    });

    it('answers with what was written last', async () => {
      const { cluster, namespace } = await make();
      const made = await cluster.create('configmaps', mapOf(namespace, 'one'));
      const written = await cluster.replace('configmaps', { ...made, data: { key: 'other' } });
      const found = await cluster.get('configmaps', made.metadata);
      expect(found?.data).toEqual({ key: 'other' });
      expect(found?.metadata.resourceVersion).toBe(written.metadata.resourceVersion);
    });
  });

  describe('list', () => {
    it('answers with nothing where there is none of a kind, and rejects a kind that is not installed', async () => {
      const { cluster, namespace } = await make();
      expect(await cluster.list('services', { namespace })).toEqual([]);
      expect(await cluster.list('horizontalpodautoscalers', { namespace })).toEqual([]);
      expect(await cluster.list('poddisruptionbudgets', { namespace })).toEqual([]);
      await expect(cluster.list('scaledobjects', { namespace })).rejects.toMatchObject({ fault: 'not-found' });
      await expect(cluster.list('verticalpodautoscalers', { namespace })).rejects.toMatchObject({ fault: 'not-found' });
    });

    it('takes those of a namespace, of a name, of labels', async () => {
      const { cluster, namespace } = await make();
      await cluster.create('configmaps', mapOf(namespace, 'a', { app: 'x', tier: 'gpu' }));
      await cluster.create('configmaps', mapOf(namespace, 'b', { app: 'x' }));
      await cluster.create('configmaps', mapOf(namespace, 'c', { app: 'y', tier: 'cpu' }));
      const names = async (labels?: LabelSelector): Promise<readonly string[]> =>
        namesOf(await cluster.list('configmaps', { namespace, ...(labels && { labels }) }));
      const by = (operator: string, values?: readonly string[]) =>
        names({ matchExpressions: [{ key: 'tier', operator, ...(values && { values }) }] });

      expect(await names()).toEqual(['a', 'b', 'c']);
      expect(namesOf(await cluster.list('configmaps', { namespace, name: 'b' }))).toEqual(['b']);
      expect(await names({ matchLabels: { app: 'x' } })).toEqual(['a', 'b']);
      expect(await names({ matchLabels: { app: 'x', tier: 'gpu' } })).toEqual(['a']);
      expect(await by('In', ['gpu', 'tpu'])).toEqual(['a']);
      expect(await by('NotIn', ['gpu'])).toEqual(['b', 'c']);
      expect(await by('Exists')).toEqual(['a', 'c']);
      expect(await by('DoesNotExist')).toEqual(['b']);
    });

    it('takes those of all namespaces where none is named', async () => {
      const { cluster, namespace } = await make();
      await cluster.create('configmaps', mapOf(namespace, 'a', { only: namespace }));
      const labels = { matchLabels: { only: namespace } };
      expect(namesOf(await cluster.list('configmaps', { labels }))).toEqual(['a']);
      expect(await cluster.list('configmaps', { labels, namespace: 'kube-system' })).toEqual([]);
      expect(await cluster.list('configmaps', { namespace: `${namespace}-none` })).toEqual([]);
    });

    it('knows the nodes, whatever namespace is named', async () => {
      const { cluster, namespace } = await make();
      const nodes = await cluster.list('nodes', {});
      expect(nodes).toHaveLength(10);
      expect(nodes[0]?.status?.allocatable).toMatchObject({
        cpu: '96',
        memory: '1Ti',
        pods: '250',
        'nvidia.com/gpu': '8',
      });
      expect(nodes[0]?.status?.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('True');
      expect(await cluster.list('nodes', { namespace })).toHaveLength(10);
    });
  });

  describe('create', () => {
    it('answers with the object as it stands in the cluster', async () => {
      const { cluster, namespace } = await make();
      const { metadata, data } = await cluster.create('configmaps', mapOf(namespace, 'one', { app: 'x' }));
      expect(data).toEqual({ key: 'value' });
      expect(metadata).toMatchObject({ namespace, name: 'one', labels: { app: 'x' } });
      expect(metadata.uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
      expect(metadata.resourceVersion).toMatch(/^[1-9]\d*$/);
      expect(metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    });

    it('refuses a name that is taken, and a namespace that is not there', async () => {
      const { cluster, namespace } = await make();
      const map = mapOf(namespace, 'one');
      await cluster.create('configmaps', map);
      await expect(cluster.create('configmaps', map)).rejects.toMatchObject({ fault: 'exists' });
      const elsewhere = mapOf(`${namespace}-none`, 'one');
      await expect(cluster.create('configmaps', elsewhere)).rejects.toMatchObject({ fault: 'not-found' });
    });

    it('makes a Deployment, whose maker it names and whose controller finds it; none whose selector is not its pods’', async () => {
      const { cluster, namespace, until } = await make();
      const ref = { namespace, name: 'made' };
      const labels = { app: 'made' };
      const made: Deployment = {
        metadata: ref,
        spec: {
          replicas: 1,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [{ name: 'server', image: 'model-server:1' }] } },
        },
      };
      const other = { ...made.spec, selector: { matchLabels: { app: 'other' } } };
      await expect(cluster.create('deployments', { ...made, spec: other })).rejects.toMatchObject({ fault: 'invalid' });
      const { metadata } = await cluster.create('deployments', made);
      expect(metadata).toMatchObject({ ...ref, generation: 1 });
      expect(metadata.managedFields).toMatchObject([{ manager: 'dupgrade', operation: 'Update' }]);
      await expect(cluster.create('deployments', made)).rejects.toMatchObject({ fault: 'exists' });
      const pods = () => cluster.list('pods', { namespace, labels: { matchLabels: labels } });
      await until('a pod that is ready', async () =>
        (await pods()).some(({ status }) =>
          status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True'),
        ),
      );
    });

    it('writes an Event', async () => {
      const { cluster, namespace } = await make();
      const time = '2026-01-01T00:00:00Z';
      const about = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'main' };
      await cluster.create('events', {
        metadata: { namespace, name: 'main.1' },
        involvedObject: about,
        type: 'Normal',
        reason: 'UpgradeScaled',
        message: 'scaled',
        source: { component: 'dupgrade' },
        reportingComponent: 'dupgrade',
        reportingInstance: 'somebody',
        firstTimestamp: time,
        lastTimestamp: time,
        count: 1,
      });
      const [event] = await cluster.list('events', { namespace, name: 'main.1' });
      expect(event).toMatchObject({ reason: 'UpgradeScaled', involvedObject: about });
    });
  });

  describe('replace', () => {
    it('gives a newer version, and refuses an older one', async () => {
      const { cluster, namespace } = await make();
      const first = await cluster.create('configmaps', mapOf(namespace, 'one', { app: 'x' }));
      const second = await cluster.replace('configmaps', { ...first, data: { key: '2' } });
      expect(Number(second.metadata.resourceVersion)).toBeGreaterThan(Number(first.metadata.resourceVersion));
      expect(second.metadata).toMatchObject({ uid: first.metadata.uid, labels: { app: 'x' } });
      await expect(cluster.replace('configmaps', { ...first, data: { key: '3' } })).rejects.toMatchObject({
        fault: 'conflict',
      });
      expect((await cluster.get('configmaps', first.metadata))?.data).toEqual({ key: '2' });
    });

    it('takes away what is left out', async () => {
      const { cluster, namespace } = await make();
      const { metadata } = await cluster.create('configmaps', mapOf(namespace, 'one', { app: 'x' }));
      const { labels: _, ...rest } = metadata;
      const bare = await cluster.replace('configmaps', { metadata: rest });
      expect(bare.data).toBeUndefined();
      expect(bare.metadata.labels).toBeUndefined();
    });

    it('is not done by whoever may not write any more', async () => {
      const { cluster, namespace } = await make();
      const map = await cluster.create('configmaps', mapOf(namespace, 'one'));
      const replaced = cluster.replace('configmaps', { ...map, data: { key: '2' } }, () => false);
      await expect(replaced).rejects.toMatchObject({ fault: 'conflict' });
      expect((await cluster.get('configmaps', map.metadata))?.data).toEqual(map.data);
    });

    it('does not write what changes nothing', async () => {
      const { cluster, namespace } = await make();
      const first = await cluster.create('configmaps', mapOf(namespace, 'one'));
      const second = await cluster.replace('configmaps', first);
      expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    });

    it('refuses what is not there, what is another object, and to overwrite whatever is there', async () => {
      const { cluster, namespace } = await make();
      const map = await cluster.create('configmaps', mapOf(namespace, 'one'));
      const { uid: _, resourceVersion: version, ...bare } = map.metadata;
      const replaced = (metadata: ConfigMap['metadata']) => cluster.replace('configmaps', { ...map, metadata });
      await expect(replaced({ ...map.metadata, name: 'two' })).rejects.toMatchObject({ fault: 'not-found' });
      const otherUid = '11111111-1111-4111-8111-111111111111';
      await expect(replaced({ ...map.metadata, uid: otherUid })).rejects.toMatchObject({ fault: 'conflict' });
      await expect(replaced(bare)).rejects.toMatchObject({ fault: 'invalid' });
      expect((await cluster.get('configmaps', map.metadata))?.metadata.resourceVersion).toBe(version);
    });
  });

  describe('a lease', () => {
    it('is taken once, renewed by whoever has it, given back, and taken again', async () => {
      const { cluster, namespace } = await make();
      const taken = await cluster.create('leases', leaseOf(namespace, 'a'));
      expect(taken.spec).toMatchObject({ holderIdentity: 'a', renewTime: TIME });
      await expect(cluster.create('leases', leaseOf(namespace, 'b'))).rejects.toMatchObject({ fault: 'exists' });

      const renewTime = '2026-01-01T00:00:03.000000Z';
      const renewed = await cluster.replace('leases', { ...taken, spec: { ...taken.spec, renewTime } });
      const stolen = { ...taken, spec: { ...taken.spec, holderIdentity: 'b' } };
      await expect(cluster.replace('leases', stolen)).rejects.toMatchObject({ fault: 'conflict' });

      const { holderIdentity: _, ...spec } = renewed.spec ?? {};
      const free = await cluster.replace('leases', { ...renewed, spec });
      expect(free.spec?.holderIdentity).toBeUndefined();
      const again = await cluster.replace('leases', { ...free, spec: { ...free.spec, holderIdentity: 'b' } });
      expect(again.spec).toMatchObject({ holderIdentity: 'b', renewTime });
    });
  });
};
