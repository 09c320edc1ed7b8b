import { describe, expect, it } from 'vitest';
import type { Deployment, Pod, ReplicaSet } from '../../src/cluster/port.ts';
import {
  conditionOf,
  currentReplicaSet,
  isActedOn,
  isReady,
  isTerminating,
  observeSide,
  writerOf,
} from '../../src/drive/observe.ts';
import { readSide } from '../../src/drive/preflight.ts';
import type { Contracted } from './contracted.ts';

const NO_ROOM =
  '0/10 nodes are available: 10 Insufficient nvidia.com/gpu. no new claims to deallocate, preemption: 0/10 nodes are available: 10 Preemption is not helpful for scheduling.';

/** The objects of a Deployment, as they are now. */
const sideOf = async ({ cluster, namespace }: Contracted, name = 'main') => {
  const side = await readSide(cluster, { namespace, name });
  if (side === undefined) throw new Error(`there is no ${name}`);
  return side;
};

/** The pods that its selector takes. */
const podsOf = async (given: Contracted): Promise<readonly Pod[]> => {
  const { deployment } = await sideOf(given);
  return given.cluster.list('pods', { namespace: given.namespace, labels: deployment.spec.selector });
};

const untilReady = async (given: Contracted, count: number, name = 'main'): Promise<void> => {
  const { until } = given;
  await until(`${count} ready pods`, async () => {
    const side = await sideOf(given, name);
    const { ready, existing } = observeSide(side, 'TerminationComplete');
    return ready === count && existing === count;
  });
};

/** Its controller has nothing more to write. */
const untilAtRest = ({ cluster, namespace, until }: Contracted): Promise<void> =>
  until('a Deployment at rest', async () => {
    const deployment = await cluster.get('deployments', { namespace, name: 'main' });
    const progress = conditionOf(deployment?.status?.conditions, 'Progressing');
    return progress?.reason === 'NewReplicaSetAvailable' && deployment !== undefined && isObserved(deployment);
  });

/** Who wrote the replicas, through which subresource, and who wrote the template; whether the first has a time. */
const writersOf = async (given: Contracted) => {
  const { deployment } = await sideOf(given);
  const { manager, subresource, time } = writerOf(deployment, 'replicas') ?? {};
  return [manager, subresource, writerOf(deployment, 'template')?.manager, time !== undefined];
};

const isObserved = ({ metadata, status }: Deployment | ReplicaSet): boolean =>
  status?.observedGeneration === metadata.generation;

/** What a Deployment makes of its scale and of its template. */
export const workloadContract = (make: () => Promise<Contracted>): void => {
  describe('a Deployment', () => {
    it('has a ReplicaSet of its template, and pods of that', async () => {
      const given = await make();
      await given.deploy({ name: 'main', replicas: 2, gpus: 1 });
      await untilReady(given, 2);
      const { deployment, replicaSets } = await sideOf(given);
      const [set] = replicaSets;
      expect(replicaSets).toHaveLength(1);
      expect(deployment.metadata.annotations).toMatchObject({ 'deployment.kubernetes.io/revision': '1' });
      expect(set?.metadata.annotations).toMatchObject({ 'deployment.kubernetes.io/revision': '1' });
      const hash = set?.metadata.labels?.['pod-template-hash'];
      expect(set?.metadata.name).toBe(`main-${hash}`);
      expect(set?.metadata.ownerReferences).toMatchObject([
        { kind: 'Deployment', name: 'main', uid: deployment.metadata.uid, controller: true },
      ]);
      for (const pod of await podsOf(given)) {
        expect(pod.metadata.name).toMatch(new RegExp(`^main-${hash}-[a-z0-9]{5}$`));
        expect(pod.metadata.labels).toMatchObject({ app: 'main', 'pod-template-hash': hash });
        expect(pod.metadata.ownerReferences).toMatchObject([
          { kind: 'ReplicaSet', name: set?.metadata.name, uid: set?.metadata.uid, controller: true },
        ]);
        expect(pod.status?.phase).toBe('Running');
        expect(pod.status?.containerStatuses).toMatchObject([{ name: 'server', ready: true, restartCount: 0 }]);
      }
    });

    it('shows what its pods request, and where they are, where that is asked for', async () => {
      const given = await make();
      await given.deploy({ name: 'main', replicas: 1, gpus: 2 });
      await untilReady(given, 1);
      const { deployment } = await sideOf(given);
      expect(deployment.spec.template.spec?.containers?.[0]?.resources?.limits).toMatchObject({
        'nvidia.com/gpu': '2',
      });
      const [pod] = await given.cluster.list('pods', { namespace: given.namespace, requests: true });
      const nodes = await given.cluster.list('nodes', {});
      expect(nodes.map(({ metadata }) => metadata.name)).toContain(pod?.spec?.nodeName);
      expect(pod?.spec?.containers?.[0]?.resources?.requests).toMatchObject({ 'nvidia.com/gpu': '2' });
    });

    it('follows its scale, up and down', async () => {
      const given = await make();
      const { cluster, namespace, until } = given;
      const ref = { namespace, name: 'main' };
      await given.deploy({ name: 'main', replicas: 0 });
      await until('its first ReplicaSet', async () => isObserved((await sideOf(given)).deployment));
      for (const replicas of [4, 1]) {
        await until(`a scale to ${replicas}`, async () => {
          const { metadata } = (await sideOf(given)).deployment;
          return cluster.scale(ref, replicas, metadata.resourceVersion ?? '').then(
            () => true,
            () => false,
          );
        });
        await untilReady(given, replicas);
        await until('its status', async () => isActedOn(await sideOf(given)));
        const { deployment, replicaSets } = await sideOf(given);
        expect(deployment.spec.replicas).toBe(replicas);
        expect(replicaSets[0]?.spec.replicas).toBe(replicas);
        expect(replicaSets[0]?.status?.replicas).toBe(replicas);
      }
    });

    it('is scaled only where it is at the version that was looked at', async () => {
      const given = await make();
      const { cluster, namespace, until } = given;
      const ref = { namespace, name: 'main' };
      await given.deploy({ name: 'main', replicas: 0 });
      await until(
        'rest',
        async () =>
          conditionOf((await sideOf(given)).deployment.status?.conditions, 'Progressing')?.reason ===
          'NewReplicaSetAvailable',
      );
      const { metadata } = (await sideOf(given)).deployment;
      const answer = await cluster.scale(ref, 1, metadata.resourceVersion ?? '');
      expect(Number(answer.resourceVersion)).toBeGreaterThan(Number(metadata.resourceVersion));
      await expect(cluster.scale(ref, 2, metadata.resourceVersion ?? '')).rejects.toMatchObject({ fault: 'conflict' });
      const { deployment } = await sideOf(given);
      expect(deployment.spec.replicas).toBe(1);
      expect(deployment.metadata.generation).toBe((metadata.generation ?? 0) + 1);

      await untilReady(given, 1);
      await until('rest', async () => isObserved((await sideOf(given)).deployment));
      const nowhere = { namespace, name: 'none' };
      await expect(cluster.scale(nowhere, 1, '1')).rejects.toMatchObject({ fault: 'not-found' });
      await until('a refusal of less than nothing', async () => {
        const version = (await sideOf(given)).deployment.metadata.resourceVersion ?? '';
        const fault: unknown = await cluster.scale(ref, -1, version).catch((error: unknown) => error);
        return typeof fault === 'object' && fault !== null && 'fault' in fault && fault.fault === 'invalid';
      });
    });

    it('is not scaled by whoever may not write any more', async () => {
      const given = await make();
      await given.deploy({ name: 'main', replicas: 0 });
      await untilAtRest(given);
      const { metadata } = (await sideOf(given)).deployment;
      const ref = { namespace: given.namespace, name: 'main' };
      const scaled = given.cluster.scale(ref, 1, metadata.resourceVersion ?? '', () => false);
      await expect(scaled).rejects.toMatchObject({ fault: 'conflict' });
      expect((await sideOf(given)).deployment.spec.replicas).toBe(0);
    });

    it('names who wrote its replicas and its template', async () => {
      const given = await make();
      const { cluster, namespace } = given;
      await given.deploy({ name: 'main', replicas: 0 });
      await untilAtRest(given);
      const { metadata } = (await sideOf(given)).deployment;
      const [, , author] = await writersOf(given);
      expect(await writersOf(given)).toEqual([author, undefined, author, true]);
      await cluster.scale({ namespace, name: 'main' }, 1, metadata.resourceVersion ?? '');
      expect(await writersOf(given)).toEqual(['dupgrade', 'scale', author, false]);
      await given.scaleAs('kubectl', 'main', 2);
      expect(await writersOf(given)).toEqual(['kubectl', 'scale', author, false]);
      await given.setImageAs('kubectl-edit', 'main', 'model-server:2');
      expect(await writersOf(given)).toEqual(['kubectl', 'scale', 'kubectl-edit', false]);
    });

    it('does not know who wrote its replicas once it was scaled to 0', async () => {
      const given = await make();
      await given.deploy({ name: 'main', replicas: 2 });
      await given.scaleAs('dupgrade', 'main', 1);
      expect((await writersOf(given))[0]).toBe('dupgrade');
      await given.scaleAs('dupgrade', 'main', 0);
      expect((await writersOf(given))[0]).toBeUndefined();
      await given.scaleAs('kubectl', 'main', 2);
      expect((await writersOf(given))[0]).toBeUndefined();
    });

    it('rolls its pods over to another template', async () => {
      const given = await make();
      await given.deploy({ name: 'main', replicas: 4 });
      await untilReady(given, 4);
      const [before] = (await sideOf(given)).replicaSets;
      await given.setImageAs('kubectl-edit', 'main', 'model-server:2');
      await untilAtRest(given);
      await untilReady(given, 4);
      const side = await sideOf(given);
      const current = currentReplicaSet(side);
      expect(side.deployment.metadata.annotations).toMatchObject({ 'deployment.kubernetes.io/revision': '2' });
      expect(current?.metadata.uid).not.toBe(before?.metadata.uid);
      expect(side.replicaSets.map(({ spec }) => spec.replicas ?? 0).toSorted((a, b) => a - b)).toEqual([0, 4]);
    });

    it('keeps pods that are deleted until they have ended, and makes others meanwhile', async () => {
      const given = await make();
      await given.deploy({ name: 'main', replicas: 2, terminateSeconds: 4 });
      await untilReady(given, 2);
      const [doomed] = await podsOf(given);
      await given.deletePod(doomed?.metadata.name ?? '');
      await given.until('another pod', async () => (await podsOf(given)).length === 3);
      const pod = (await podsOf(given)).find(({ metadata }) => metadata.uid === doomed?.metadata.uid);
      expect(pod && isTerminating(pod)).toBe(true);
      expect(pod?.metadata.deletionTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      await untilReady(given, 2);
      const names = (await podsOf(given)).map(({ metadata }) => metadata.name);
      expect(names).not.toContain(doomed?.metadata.name);
    });

    it('has as many pods terminating as were scaled away', async () => {
      const given = await make();
      await given.deploy({ name: 'main', replicas: 3, terminateSeconds: 4 });
      await untilReady(given, 3);
      await given.scaleAs('kubectl', 'main', 1);
      await given.until('two terminating pods', async () => (await podsOf(given)).filter(isTerminating).length === 2);
      const seen = observeSide(await sideOf(given), 'TerminationComplete');
      expect(seen).toEqual({ asked: 1, ready: 1, existing: 3, terminating: 2, leaving: 2 });
      await untilReady(given, 1);
    });

    it('has pods running before they are ready', async () => {
      const given = await make();
      await given.deploy({ name: 'main', replicas: 1, readySeconds: 3 });
      const podNow = async (): Promise<Pod | undefined> => (await podsOf(given))[0];
      await given.until('a running pod', async () => (await podNow())?.status?.phase === 'Running');
      const pod = await podNow();
      expect(pod && isReady(pod)).toBe(false);
      expect(conditionOf(pod?.status?.conditions, 'Ready')).toMatchObject({
        status: 'False',
        reason: 'ContainersNotReady',
      });
      expect(pod?.status?.containerStatuses?.[0]?.state?.running?.startedAt).toMatch(/Z$/);
      await untilReady(given, 1);
    });

    it('says of a pod that fits nowhere what the scheduler says', async () => {
      const given = await make();
      await given.deploy({ name: 'main', replicas: 1, gpus: 9 });
      const condition = async () => conditionOf((await podsOf(given))[0]?.status?.conditions, 'PodScheduled');
      await given.until('a word of the scheduler', async () => (await condition())?.reason === 'Unschedulable');
      expect(await condition()).toMatchObject({ status: 'False', message: NO_ROOM });
      expect((await podsOf(given))[0]?.status?.phase).toBe('Pending');
      // A pod without a node has nothing to end: it is gone at once.
      await given.scaleAs('kubectl', 'main', 0);
      await given.until('its end', async () => (await podsOf(given)).length === 0);
    });

    it('says of pods that a quota refuses what the quota says', async () => {
      const given = await make();
      await given.setQuota(2);
      await given.deploy({ name: 'main', replicas: 4 });
      await untilReady(given, 2);
      const failure = async () =>
        conditionOf((await sideOf(given)).replicaSets[0]?.status?.conditions, 'ReplicaFailure');
      await given.until('a failure', async () => (await failure()) !== undefined);
      expect(await failure()).toMatchObject({ status: 'True', reason: 'FailedCreate' });
      expect((await failure())?.message).toMatch(
        /^pods "main-[a-z0-9]+-[a-z0-9]+" is forbidden: exceeded quota: quota, requested: pods=1, used: pods=2, limited: pods=2$/,
      );
      await given.setQuota(4);
      await untilReady(given, 4);
      await given.until('the end of the failure', async () => (await failure()) === undefined);
    });
  });
};
