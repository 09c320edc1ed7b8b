import { describe, expect, it } from 'vitest';
import type { KubernetesEvent } from '../../src/cluster/port.ts';
import { timeOf } from '../../src/drive/pod-events.ts';
import type { Contracted } from './contracted.ts';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** What is said about pods that stand still: Events and logs. */
export const standstillContract = (make: () => Promise<Contracted>): void => {
  describe('what is said about a pod', () => {
    it('is selected by that pod: the scheduler’s Event, in its words, and none of another', async () => {
      const given = await make();
      const { cluster, namespace, until } = given;
      await given.deploy({ name: 'main', replicas: 2, gpus: 9 });
      const pods = () => cluster.list('pods', { namespace });
      const eventsOf = (uid = ''): Promise<readonly KubernetesEvent[]> =>
        cluster.list('events', { namespace, fields: { 'involvedObject.uid': uid, reason: 'FailedScheduling' } });
      await until('an Event of both', async () => {
        const said = await Promise.all((await pods()).map(({ metadata }) => eventsOf(metadata.uid)));
        return said.length === 2 && said.every(({ length }) => length > 0);
      });
      const [pod] = await pods();
      // More than one, where the scheduler has tried again since.
      const said = await eventsOf(pod?.metadata.uid);
      expect(said.filter(({ involvedObject }) => involvedObject?.uid !== pod?.metadata.uid)).toEqual([]);
      const [event] = said;
      expect(event).toMatchObject({
        type: 'Warning',
        reason: 'FailedScheduling',
        message: expect.stringMatching(/^0\/10 nodes are available: 10 Insufficient nvidia\.com\/gpu\. /),
        involvedObject: { kind: 'Pod', namespace, name: pod?.metadata.name, uid: pod?.metadata.uid },
        reportingComponent: 'default-scheduler',
      });
      expect(event && timeOf(event)).toMatch(TIME);
    });

    it('is followed from the first word on', async () => {
      const given = await make();
      const { cluster, namespace, until } = given;
      await given.deploy({ name: 'main', replicas: 1, gpus: 9 });
      await until('the pod', async () => (await cluster.list('pods', { namespace })).length === 1);
      const [pod] = await cluster.list('pods', { namespace });
      const fields = { 'involvedObject.uid': pod?.metadata.uid ?? '' };
      const follower = cluster.follow('events', { namespace, fields }, () => undefined);
      await follower.synced;
      await until('its Event', () => follower.objects().some(({ reason }) => reason === 'FailedScheduling'));
      expect(new Set(follower.objects().map(({ involvedObject }) => involvedObject.uid))).toEqual(
        new Set([pod?.metadata.uid]),
      );
      follower.close();
    });

    it('is nobody’s where there is no such pod', async () => {
      const { cluster, namespace } = await make();
      const request = { container: 'server', previous: false, tailLines: 5, limitBytes: 1000 };
      const nobody = { namespace, name: 'nobody' };
      await expect(cluster.log(nobody, request)).rejects.toMatchObject({ fault: 'not-found' });
      expect(await cluster.list('events', { namespace, fields: { 'involvedObject.uid': 'nobody' } })).toEqual([]);
    });
  });
};
