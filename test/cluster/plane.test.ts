// The control plane and the fake kubelet are instruments that other tests read; these tests show that they read true.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import { degradedCondition, type PodBehaviour } from './behaviour.ts';
import { binaryFolder } from './binaries.ts';
import { auditLog, clientOf, freshNamespace, judgeOf, plane } from './fixtures.ts';
import { follow, type Change, type KubeObject } from './follow.ts';
import { GivenPlane } from './given-plane.ts';
import { fromJson } from './json.ts';
import type { Moment } from './judge.ts';
import { isReady, type Deployment, type Pod } from './objects.ts';
import { startPlane } from './plane.ts';
import { ApiRefusal } from './rest.ts';
import type { TestNamespace } from './workload.ts';

const waitingReason = (pod: Pod): string | undefined => pod.status.containerStatuses?.[0]?.state.waiting?.reason;

const secondsToReady = ({ status }: Pod): number => {
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  return (Date.parse(ready?.lastTransitionTime ?? '') - Date.parse(status.startTime ?? '')) / 1000;
};

/** How long the last pod stayed Terminating. The server cuts moments to whole seconds, so it may be a second less than meant. */
const lingeredMs = (history: readonly Moment[]): number => {
  const end = history.find(({ existing }) => existing === 0)?.time ?? Number.NaN;
  return end - (history.find(({ ready }) => ready === 0)?.time ?? Number.NaN);
};

const isTerminating = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined;

const isDegraded = ({ status }: Pod): boolean =>
  status.conditions?.some(({ type }) => type === degradedCondition) ?? false;

const mainHas =
  (readyReplicas: number) =>
  (found: readonly Deployment[]): boolean =>
    found.some(({ metadata, status }) => metadata.name === 'main' && status.readyReplicas === readyReplicas);

/** The body of a scale patch. */
const to = (replicas: number, resourceVersion?: string): object => ({
  metadata: { resourceVersion },
  spec: { replicas },
});

const forced = { gracePeriodSeconds: 0 };

/**
 * Resolves once the fake kubelet has dealt with everything it could deal with now: a pod made later has become ready.
 * What has not happened by then does not happen at all.
 */
const afterAWhile = async (namespace: TestNamespace): Promise<void> => {
  await namespace.createDeployment({ name: 'later', replicas: 1, behaviour: { readySeconds: 2 } });
  await namespace.untilReady('later', 1);
};

describe('the fake kubelet', () => {
  test('has a pod without annotations ready at once', async () => {
    const namespace = await freshNamespace();
    await namespace.createDeployment({ name: 'main', replicas: 3, gpus: 1 });
    await namespace.untilReady('main', 3);
    const { status } = await namespace.get('deployments', 'main');
    expect(status).toMatchObject({
      readyReplicas: 3,
      availableReplicas: 3,
      updatedReplicas: 3,
      terminatingReplicas: 0,
    });
  });

  test('draws the time to ready from a range', async () => {
    const namespace = await freshNamespace();
    const judge = await judgeOf(namespace);
    await namespace.createDeployment({ name: 'main', replicas: 20, behaviour: { readySeconds: [1, 4] } });
    const pods = await namespace.untilReady('main', 20);
    const seconds = pods.map(secondsToReady);
    expect(Math.min(...seconds)).toBeGreaterThanOrEqual(1);
    expect(new Set(seconds).size).toBeGreaterThan(1);
    const { history } = await judge.stop();
    expect(history.some(({ ready }) => ready > 0 && ready < 20)).toBe(true);
  });

  test('keeps a pod that is never ready running and not ready', async () => {
    const namespace = await freshNamespace();
    await namespace.createDeployment({ name: 'main', replicas: 1, behaviour: { mode: 'never-ready' } });
    const [pod] = await namespace.untilPods('main', (pods) => pods.some(({ status }) => status.phase === 'Running'));
    await afterAWhile(namespace);
    const now = await namespace.get('pods', pod?.metadata.name ?? '');
    expect(now.status.phase).toBe('Running');
    expect(isReady(now)).toBe(false);
  });

  test('has a pod crash, back off and crash again', async () => {
    const namespace = await freshNamespace();
    const behaviour: PodBehaviour = { mode: 'crashloop', crashSeconds: 0, backoffSeconds: 1 };
    await namespace.createDeployment({ name: 'main', replicas: 1, behaviour });
    const [pod] = await namespace.untilPods('main', (pods) =>
      pods.some(
        (one) => waitingReason(one) === 'CrashLoopBackOff' && one.status.containerStatuses?.[0]?.restartCount === 2,
      ),
    );
    expect(pod?.status.containerStatuses?.[0]?.lastState?.terminated).toMatchObject({ exitCode: 1, reason: 'Error' });
    expect((await namespace.events('BackOff')).length).toBeGreaterThan(0);
  });

  test.for([
    { mode: 'image-pull', reason: 'ImagePullBackOff' },
    { mode: 'pending', reason: 'ContainerCreating' },
  ] as const)('leaves a pod of mode $mode on its node in $reason', async ({ mode, reason }) => {
    const namespace = await freshNamespace();
    await namespace.createDeployment({ name: 'main', replicas: 1, behaviour: { mode } });
    const [pod] = await namespace.untilPods('main', (pods) => pods.some((one) => waitingReason(one) === reason));
    await afterAWhile(namespace);
    const now = await namespace.get('pods', pod?.metadata.name ?? '');
    expect(now.spec.nodeName).toMatch(/^gpu-/);
    expect(now.status.phase).toBe('Pending');
    expect(waitingReason(now)).toBe(reason);
    // An image that is there after all, or a volume that arrives: the pod goes on from where it is.
    await namespace.behave(now.metadata.name, { mode: 'ready' });
    await namespace.untilReady('main', 1);
  });

  test('turns a degrading pod ready and then un-ready for good', async () => {
    const namespace = await freshNamespace();
    const judge = await judgeOf(namespace);
    await namespace.createDeployment({ name: 'main', replicas: 1, behaviour: { mode: 'degrade', degradeSeconds: 1 } });
    await namespace.untilPods('main', (pods) => pods.some(isDegraded));
    await afterAWhile(namespace);
    const { history } = await judge.stop();
    const readiness = history.map(({ perDeployment }) => perDeployment['main']?.ready ?? 0);
    expect(readiness.filter((ready, at) => ready !== readiness[at - 1])).toEqual([0, 1, 0]);
  });

  test('leaves a pod un-ready that a test has turned so, until the test turns it back', async () => {
    const namespace = await freshNamespace();
    await namespace.createDeployment({ name: 'main', replicas: 2 });
    const [pod] = await namespace.untilReady('main', 2);
    const name = pod?.metadata.name ?? '';
    await namespace.turnNotReady(name);
    // Whoever touches a pod has the fake kubelet look at it anew.
    await namespace.patch('pods', name, { metadata: { labels: { touched: 'yes' } } });
    await afterAWhile(namespace);
    expect(isReady(await namespace.get('pods', name))).toBe(false);
    await namespace.until('deployments', mainHas(1));
    await namespace.turnReady(name);
    await namespace.until('deployments', mainHas(2));
  });

  test('lets a deleted pod linger for as long as it was told', async () => {
    const namespace = await freshNamespace();
    const judge = await judgeOf(namespace);
    await namespace.createDeployment({ name: 'main', replicas: 1, behaviour: { terminateSeconds: 3 } });
    await namespace.untilReady('main', 1);
    await judge.begin();
    await namespace.scale('main', 0);
    await namespace.untilReady('main', 0);
    const { history } = await judge.stop();
    expect(lingeredMs(history)).toBeGreaterThan(1500);
  });

  test('keeps a deleted pod until its grace period is over', async () => {
    const namespace = await freshNamespace();
    const judge = await judgeOf(namespace);
    const behaviour: PodBehaviour = { terminateSeconds: 'deadline' };
    await namespace.createDeployment({ name: 'main', replicas: 1, behaviour, terminationGracePeriodSeconds: 3 });
    await namespace.untilReady('main', 1);
    await judge.begin();
    await namespace.scale('main', 0);
    await namespace.untilReady('main', 0);
    const { history } = await judge.stop();
    expect(lingeredMs(history)).toBeGreaterThan(1500);
  });

  test('keeps a pod that never ends, with its GPU, until it is deleted by force', async () => {
    const namespace = await freshNamespace();
    const judge = await judgeOf(namespace);
    const behaviour: PodBehaviour = { terminateSeconds: 'never' };
    await namespace.createDeployment({ name: 'main', replicas: 3, behaviour, gpus: 1 });
    await namespace.untilReady('main', 3);
    await judge.begin();
    await namespace.scale('main', 1);
    const pods = await namespace.untilPods('main', (all) => all.filter(isTerminating).length === 2);
    await namespace.until('deployments', ([main]) => main?.status.terminatingReplicas === 2);
    await afterAWhile(namespace);
    for (const { metadata } of pods.filter(isTerminating)) await namespace.remove('pods', metadata.name, forced);
    await namespace.untilReady('main', 1);
    const { history } = await judge.stop();
    const counts = history.map(({ perDeployment: { main } }) => `${main?.ready}/${main?.existing}`);
    expect(counts.filter((count, at) => count !== counts[at - 1])).toEqual(['3/3', '2/3', '1/3', '1/2', '1/1']);
  });
});

describe('a namespace', () => {
  test('tells of pods that a quota refuses', async () => {
    const namespace = await freshNamespace();
    await namespace.setQuota({ pods: '2' });
    await namespace.createDeployment({ name: 'main', replicas: 4 });
    await namespace.untilPods('main', (pods) => pods.length === 2 && pods.every(isReady));
    const query = { fieldSelector: 'reason=FailedCreate' };
    const [event] = await namespace.until('events', (events) => events.length > 0, { query });
    expect(event?.message).toContain('exceeded quota: quota');
    await namespace.setQuota({ pods: '4' });
    await namespace.untilReady('main', 4);
  });

  test('tells of pods that fit on no node', async () => {
    const namespace = await freshNamespace();
    await namespace.createDeployment({ name: 'main', replicas: 1, gpus: 9 });
    const [pod] = await namespace.untilPods('main', ([one]) => one?.status.conditions?.[0]?.reason === 'Unschedulable');
    expect(pod?.status.conditions?.[0]?.message).toContain('10 Insufficient nvidia.com/gpu');
  });

  test('denies the limited user everything that was not granted', async () => {
    const namespace = await freshNamespace();
    await namespace.createDeployment({ name: 'main', replicas: 1 });
    const limited = clientOf('limited');
    await expect(limited.get(namespace.path('deployments', 'main'))).rejects.toMatchObject({ code: 403 });
    await namespace.grant(plane.limited, [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['get'] }]);
    await expect(limited.get(namespace.path('deployments', 'main'))).resolves.toMatchObject({ spec: { replicas: 1 } });
    await expect(limited.get(namespace.path('deployments'))).rejects.toMatchObject({ code: 403 });
  });

  test('has an autoscaler bring a count back between its bounds', async () => {
    const namespace = await freshNamespace();
    await namespace.createDeployment({ name: 'main', replicas: 1 });
    const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'main' };
    const spec = { scaleTargetRef, minReplicas: 2, maxReplicas: 3 };
    await namespace.create('horizontalpodautoscalers', { metadata: { name: 'main' }, spec });
    await namespace.untilReady('main', 2);
    await namespace.scale('main', 5);
    await expect(namespace.untilReady('main', 3)).resolves.toHaveLength(3);
  });

  test('obeys kubectl', async () => {
    const namespace = await freshNamespace();
    const created = await plane.kubectl(['apply', '-n', namespace.name, '-f', '-'], {
      input: JSON.stringify({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'made' },
        data: { by: 'kubectl' },
      }),
      user: 'cli',
    });
    expect(created).toBe('configmap/made created\n');
    expect((await namespace.get('configmaps', 'made')).data).toEqual({ by: 'kubectl' });
    await expect(plane.kubectl(['get', 'nodes'], { user: 'limited' })).rejects.toThrow('cannot list resource "nodes"');
  });
});

describe('the judge', () => {
  test('sees every count on the way, also when its connection breaks', async () => {
    const namespace = await freshNamespace();
    const judge = await judgeOf(namespace);
    await namespace.createDeployment({ name: 'main', replicas: 2 });
    await namespace.createDeployment({ name: 'grey', replicas: 0 });
    await namespace.untilReady('main', 2);
    await judge.begin();
    await namespace.scale('grey', 3);
    // Closes every connection of the client, the judge's watch among them.
    namespace.client.close();
    await namespace.untilReady('grey', 3);
    namespace.client.close();
    await namespace.scale('main', 1);
    await namespace.untilReady('main', 1);
    const { history, minReady, maxExisting, gaps } = await judge.stop();
    expect({ minReady, maxExisting, gaps }).toEqual({ minReady: 2, maxExisting: 5, gaps: 0 });
    const totals = history.map(({ existing }) => existing);
    expect(totals.filter((total, at) => total !== totals[at - 1])).toEqual([2, 3, 4, 5, 4]);
    expect(history.at(-1)?.perDeployment).toEqual({ main: { ready: 1, existing: 1 }, grey: { ready: 3, existing: 3 } });
  });

  test('lists anew, and says so, when the server has dropped the history that a watch needs', async () => {
    const changes: Change<KubeObject>[] = [];
    const end = new AbortController();
    const server = {
      get: async <T>(): Promise<T> =>
        fromJson<T>(`{ "metadata": { "resourceVersion": "${changes.length}" }, "items": [] }`),
      watch: (): Promise<void> => Promise.reject(new ApiRefusal(410, 'Expired', 'too old resource version')),
    };
    await follow(server, '/pods', {}, (change) => changes.push(change) === 2 && end.abort(), end.signal);
    expect(changes).toEqual([
      { type: 'LISTED', items: [], resourceVersion: '0' },
      { type: 'LISTED', items: [], resourceVersion: '1' },
    ]);
  });
});

describe('the audit log', () => {
  test('has the scale writes of each user in order, with their answers', async () => {
    const namespace = await freshNamespace();
    await namespace.createDeployment({ name: 'main', replicas: 3 });
    await namespace.createDeployment({ name: 'grey', replicas: 0 });
    const [cli, limited] = [clientOf('cli'), clientOf('limited')];
    const path = (name: string): string => namespace.path('deployments', name, 'scale');
    await cli.patch(path('grey'), to(2));
    await cli.patch(`${path('grey')}?dryRun=All`, to(7));
    await expect(cli.patch(path('main'), to(1, '1'))).rejects.toMatchObject({ code: 409 });
    await expect(limited.patch(path('main'), to(0))).rejects.toMatchObject({ code: 403 });
    await plane.kubectl(['scale', '-n', namespace.name, 'deployment/main', '--replicas=2']);
    // In a cluster that was given, users have other names.
    const [asCli, asLimited, asAdmin] = await Promise.all(
      [cli, limited, namespace.client].map((one) => one.userName()),
    );
    expect(await auditLog().scaleWrites(namespace.name)).toMatchObject([
      { user: asCli, deployment: 'grey', replicas: 2, code: 200 },
      { user: asCli, deployment: 'main', replicas: 1, code: 409 },
      { user: asLimited, deployment: 'main', replicas: null, code: 403 },
      { user: asAdmin, deployment: 'main', replicas: 2, code: 200 },
    ]);
    expect(await auditLog().requestCounts({ namespace: namespace.name, user: asLimited ?? '' })).toEqual([
      { verb: 'patch', resource: 'deployments/scale', user: asLimited, count: 1 },
    ]);
  });
});

describe('a plane', () => {
  test('runs beside another one, and leaves nothing behind', async () => {
    const planes = await Promise.all([startPlane(), startPlane()]);
    onTestFinished(async () => {
      await Promise.all(planes.map((own) => own.stop()));
    });
    expect(new Set(planes.map(({ server }) => server)).size).toBe(2);
    for (const [index, own] of planes.entries()) await own.kubectl(['create', 'namespace', `only-${index}`]);
    for (const [index, own] of planes.entries()) {
      const namespaces = await own.kubectl(['get', 'namespaces', '-o', 'name']);
      expect(namespaces).toContain(`only-${index}`);
      expect(namespaces).not.toContain(`only-${1 - index}`);
      expect(processesOf(own.dir)).toHaveLength(5);
    }
    await Promise.all(planes.map((own) => own.stop()));
    for (const { dir } of planes) {
      expect(existsSync(dir)).toBe(false);
      expect(processesOf(dir)).toEqual([]);
    }
  });

  test('goes when the process that started it is killed', async () => {
    const script = `
      const { startPlane } = await import(${JSON.stringify(join(import.meta.dirname, 'plane.ts'))});
      console.log((await startPlane()).dir);
      setInterval(() => {}, 1000);`;
    const runner = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void runner.kill('SIGKILL'));
    const dir = await new Promise<string>((done) => {
      createInterface({ input: runner.stdout }).once('line', done);
    });
    expect(processesOf(dir)).toHaveLength(5);
    runner.kill('SIGKILL');
    await untilRemoved(dir);
    expect(processesOf(dir)).toEqual([]);
  });

  test('passes flags on, says why a program refused them, and leaves nothing behind', async () => {
    const base = temporaryFolder();
    const started = startPlane({ base, extraFlags: { apiserver: ['--no-such-flag'] } });
    await expect(started).rejects.toThrow(/kube-apiserver did not come up[^]*unknown flag: --no-such-flag/);
    expect(readdirSync(base)).toEqual([]);
    expect(processesOf(base)).toEqual([]);
  });

  test('is left as it is when it was given', async () => {
    const given = await GivenPlane.of({ DUPGRADE_TEST_KUBECONFIG: plane.kubeconfig('cli'), PATH: process.env['PATH'] });
    expect(given?.server).toBe(plane.server);
    expect(given?.kubeconfig('admin')).toBe(plane.kubeconfig('cli'));
    expect(() => given?.auditLog).toThrow('DUPGRADE_TEST_AUDIT_LOG');
    const limited = given?.client('limited');
    await expect(limited?.get('/api/v1/namespaces')).rejects.toMatchObject({ code: 403 });
    limited?.close();
    await given?.stop();
    expect(existsSync(given?.dir ?? '')).toBe(false);
    expect(existsSync(plane.dir)).toBe(true);
  });

  test('is refused with the way out where there are neither binaries nor the means to build them', async () => {
    const empty = temporaryFolder();
    await expect(binaryFolder({ KUBEBUILDER_ASSETS: empty })).rejects.toThrow(
      `KUBEBUILDER_ASSETS names ${empty}, which has no etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kwok, kubectl.`,
    );
    await expect(binaryFolder({ PATH: empty })).rejects.toThrow('have Go');
  });
});

const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'dupgrade-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
};

/** Processes whose command line names a folder. */
const processesOf = (folder: string): readonly string[] =>
  execFileSync('ps', ['-axww', '-o', 'args='], { encoding: 'utf8' })
    .split('\n')
    .filter((command) => command.includes(folder));

const untilRemoved = async (dir: string): Promise<void> => {
  const watcher = watch(dirname(dir));
  try {
    await new Promise<void>((done) => {
      const look = (): void => {
        if (!existsSync(dir)) done();
      };
      watcher.on('change', look);
      look();
    });
  } finally {
    watcher.close();
  }
};
