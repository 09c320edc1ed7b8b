import { describe, expect, it } from 'vitest';
import type { Cluster, ConfigMap } from '../../src/cluster/port.ts';
import type { Contracted } from './contracted.ts';

/** A cluster that knows users. */
export type Guarded = Contracted & {
  /** The port of a user who may do nothing. */
  readonly stranger: Cluster;
};

const mapOf = (namespace: string, name: string): ConfigMap => ({ metadata: { namespace, name } });

/** What becomes of those who have no rights. */
export const rightsContract = (make: () => Promise<Guarded>): void => {
  describe('a user without rights', () => {
    it('is refused everything', async () => {
      const { stranger, cluster, namespace, deploy } = await make();
      await deploy({ name: 'main', replicas: 0 });
      const map = await cluster.create('configmaps', mapOf(namespace, 'one'));
      const ref = { namespace, name: 'main' };
      const forbidden = { fault: 'forbidden' };
      await expect(stranger.get('deployments', ref)).rejects.toMatchObject(forbidden);
      await expect(stranger.list('pods', { namespace })).rejects.toMatchObject(forbidden);
      await expect(stranger.list('nodes', {})).rejects.toMatchObject(forbidden);
      const request = { container: 'server', previous: false, tailLines: 5, limitBytes: 1000 };
      await expect(stranger.log({ namespace, name: 'nobody' }, request)).rejects.toMatchObject(forbidden);
      await expect(stranger.create('configmaps', mapOf(namespace, 'two'))).rejects.toMatchObject(forbidden);
      await expect(stranger.replace('configmaps', { ...map, data: {} })).rejects.toMatchObject(forbidden);
      await expect(stranger.scale(ref, 1, '1')).rejects.toMatchObject(forbidden);
      const follower = stranger.follow('pods', { namespace }, () => undefined);
      await expect(follower.synced).rejects.toMatchObject(forbidden);
      await expect(follower.refresh()).rejects.toMatchObject(forbidden);
      follower.close();
    });

    it('is told so beforehand', async () => {
      const { stranger, cluster, namespace } = await make();
      const access = { verb: 'patch', group: 'apps', resource: 'deployments', subresource: 'scale', namespace };
      const wanted = [access, { verb: 'list', group: '', resource: 'pods', namespace }];
      expect(await stranger.denied(wanted)).toEqual(wanted);
      expect(await cluster.denied(wanted)).toEqual([]);
    });
  });
};
