import { describe, expect, it } from 'vitest';
import type { ConfigMap, Follower } from '../../src/cluster/port.ts';
import type { Contracted } from './contracted.ts';

const mapOf = (namespace: string, name: string, labels: Readonly<Record<string, string>>): ConfigMap => ({
  metadata: { namespace, name, labels },
});

const namesOf = (follower: Follower<ConfigMap>): readonly string[] =>
  follower
    .objects()
    .map(({ metadata }) => metadata.name)
    .toSorted();

const MINE = { mine: 'yes' };

/** Live copies. */
export const followContract = (make: () => Promise<Contracted>): void => {
  describe('follow', () => {
    it('shows what there is when it is synced, and nothing before', async () => {
      const { cluster, namespace } = await make();
      await cluster.create('configmaps', mapOf(namespace, 'one', MINE));
      const follower = cluster.follow('configmaps', { namespace, labels: { matchLabels: MINE } }, () => undefined);
      expect(follower.objects()).toEqual([]);
      await follower.synced;
      expect(namesOf(follower)).toEqual(['one']);
      follower.close();
    });

    it('shows each change, and calls after it', async () => {
      const { cluster, namespace, until } = await make();
      const shown: (readonly string[])[] = [];
      const follower = cluster.follow('configmaps', { namespace, labels: { matchLabels: MINE } }, () => {
        shown.push(
          follower
            .objects()
            .map(({ metadata, data }) => `${metadata.name} ${data?.['key']}`)
            .toSorted(),
        );
      });
      await follower.synced;
      const one = await cluster.create('configmaps', { ...mapOf(namespace, 'one', MINE), data: { key: '1' } });
      await until('the new one', () => namesOf(follower).includes('one'));
      await cluster.replace('configmaps', { ...one, data: { key: '2' } });
      await until('its change', () => follower.objects()[0]?.data?.['key'] === '2');
      await cluster.create('configmaps', { ...mapOf(namespace, 'two', MINE), data: { key: '1' } });
      await until('the second', () => namesOf(follower).includes('two'));
      await cluster.create('configmaps', mapOf(namespace, 'other', {}));
      follower.close();
      expect(shown).toEqual([['one 1'], ['one 2'], ['one 2', 'two 1']]);
    });

    it('tells what has changed: together it makes up the copy', async () => {
      const { cluster, namespace, until } = await make();
      const told = new Map<string, string>();
      await cluster.create('configmaps', { ...mapOf(namespace, 'one', MINE), data: { key: '1' } });
      const follower = cluster.follow('configmaps', { namespace, labels: { matchLabels: MINE } }, (changes) => {
        for (const { object, isGone } of changes) {
          if (isGone) told.delete(object.metadata.uid ?? '');
          else told.set(object.metadata.uid ?? '', `${object.metadata.name} ${object.data?.['key']}`);
        }
      });
      await follower.synced;
      expect([...told.values()]).toEqual(['one 1']);
      const two = await cluster.create('configmaps', { ...mapOf(namespace, 'two', MINE), data: { key: '1' } });
      await until('the second', () => told.size === 2);
      const other = await cluster.replace('configmaps', { ...two, data: { key: '2' } });
      await follower.refresh();
      await until('its change', () => [...told.values()].includes('two 2'));
      await cluster.replace('configmaps', { ...other, metadata: { ...other.metadata, labels: { mine: 'no' } } });
      await until('its end', () => told.size === 1);
      expect([...told.values()]).toEqual(['one 1']);
      expect(namesOf(follower)).toEqual(['one']);
      follower.close();
    });

    it('shows that a namespace is being deleted, in which nothing can be made any more', async () => {
      const { cluster, namespace, deleteNamespace, until } = await make();
      const follower = cluster.follow('namespaces', { name: namespace }, () => undefined);
      await follower.synced;
      const isLeaving = (): boolean => follower.objects()[0]?.metadata.deletionTimestamp !== undefined;
      expect(follower.objects().map(({ metadata }) => metadata.name)).toEqual([namespace]);
      expect(isLeaving()).toBe(false);
      await deleteNamespace();
      await until('the end of the namespace', isLeaving);
      follower.close();
      await expect(cluster.create('configmaps', mapOf(namespace, 'late', {}))).rejects.toMatchObject({
        fault: 'namespace-leaving',
      });
    });

    it('shows nothing of a namespace that is not there', async () => {
      const { cluster } = await make();
      const follower = cluster.follow('namespaces', { name: 'nowhere' }, () => undefined);
      await follower.synced;
      expect(follower.objects()).toEqual([]);
      follower.close();
    });

    it('shows the versions that were written', async () => {
      const { cluster, namespace, until } = await make();
      const follower = cluster.follow('configmaps', { namespace, name: 'one' }, () => undefined);
      await follower.synced;
      await cluster.create('configmaps', mapOf(namespace, 'two', MINE));
      const one = await cluster.create('configmaps', mapOf(namespace, 'one', MINE));
      await until('the one of that name', () => follower.objects().length > 0);
      const [shown] = follower.objects();
      follower.close();
      expect(namesOf(follower)).toEqual(['one']);
      expect(shown?.metadata).toMatchObject({ uid: one.metadata.uid, resourceVersion: one.metadata.resourceVersion });
    });

    it('loses what is not of the selection any more', async () => {
      const { cluster, namespace, until } = await make();
      const follower = cluster.follow('configmaps', { namespace, labels: { matchLabels: MINE } }, () => undefined);
      const one = await cluster.create('configmaps', mapOf(namespace, 'one', MINE));
      await follower.synced;
      await until('one', () => namesOf(follower).includes('one'));
      const gone = await cluster.replace('configmaps', {
        ...one,
        metadata: { ...one.metadata, labels: { mine: 'no' } },
      });
      await until('its end', () => follower.objects().length === 0);
      await cluster.replace('configmaps', { ...gone, metadata: { ...gone.metadata, labels: MINE } });
      await until('its return', () => namesOf(follower).includes('one'));
      expect(follower.objects()).toHaveLength(1);
      follower.close();
    });

    it('loses what is deleted', async () => {
      const { cluster, namespace, deploy, deleteDeployment, until } = await make();
      await deploy({ name: 'main', replicas: 2 });
      const labels = { matchLabels: { app: 'main' } };
      const deployments = cluster.follow('deployments', { namespace, name: 'main' }, () => undefined);
      const sets = cluster.follow('replicasets', { namespace, labels }, () => undefined);
      const pods = cluster.follow('pods', { namespace, labels }, () => undefined);
      await Promise.all([deployments.synced, sets.synced, pods.synced]);
      await until('everything', () => pods.objects().length === 2 && sets.objects().length === 1);
      await deleteDeployment('main');
      await until('the end of everything', () =>
        [deployments, sets, pods].every((follower) => follower.objects().length === 0),
      );
      expect(await cluster.get('deployments', { namespace, name: 'main' })).toBeUndefined();
      for (const follower of [deployments, sets, pods]) follower.close();
    });

    it('is up to date after a refresh', async () => {
      const { cluster, namespace } = await make();
      const follower = cluster.follow('configmaps', { namespace, labels: { matchLabels: MINE } }, () => undefined);
      await follower.synced;
      await cluster.create('configmaps', mapOf(namespace, 'one', MINE));
      await follower.refresh();
      expect(namesOf(follower)).toEqual(['one']);
      follower.close();
    });

    it('hands out the same array until something changes', async () => {
      const { cluster, namespace } = await make();
      await cluster.create('configmaps', mapOf(namespace, 'one', MINE));
      const follower = cluster.follow('configmaps', { namespace, labels: { matchLabels: MINE } }, () => undefined);
      await follower.synced;
      const before = follower.objects();
      await follower.refresh();
      expect(follower.objects()).toBe(before);
      await cluster.create('configmaps', mapOf(namespace, 'two', MINE));
      await follower.refresh();
      expect(before).toHaveLength(1);
      expect(follower.objects()).toHaveLength(2);
      follower.close();
    });

    it('says nothing more when it is closed', async () => {
      const { cluster, namespace, until } = await make();
      let calls = 0;
      const closed = cluster.follow('configmaps', { namespace, labels: { matchLabels: MINE } }, () => (calls += 1));
      const open = cluster.follow('configmaps', { namespace, labels: { matchLabels: MINE } }, () => undefined);
      await Promise.all([closed.synced, open.synced]);
      closed.close();
      await cluster.create('configmaps', mapOf(namespace, 'one', MINE));
      await until('the other', () => open.objects().length === 1);
      open.close();
      expect(calls).toBe(0);
      expect(closed.objects()).toEqual([]);
    });
  });
};
