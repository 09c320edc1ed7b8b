import { expect, onTestFinished } from 'vitest';
import { plane } from './fixtures.ts';
import { follow } from './follow.ts';
import type { Deployment } from './objects.ts';
import { ApiRefusal } from './rest.ts';
import { GREY, type Given, MAIN, type Upgrade, type Wanted } from './upgrade.ts';

/** The last event of a run, as far as it is looked at. */
export type Ended = {
  readonly time: string;
  readonly reason?: string;
  readonly message: string;
  readonly details?: { readonly manager?: string };
};

/** What somebody else does in the middle of an upgrade, and how the run ends that meets it. */
export type Meddling = {
  readonly what: string;
  /** Main has 3 ready pods, grey's never become ready, the targets are 0 and 3, unless told. */
  readonly given?: Partial<Given>;
  readonly wanted?: Partial<Wanted>;
  /** The line after which it is done; the first write unless told. */
  readonly after?: RegExp;
  /** What goes on for longer ends with `signal`. */
  readonly meddle: (upgrade: Upgrade, signal: AbortSignal) => Promise<unknown>;
  readonly ends: object;
};

const kubectl = ({ namespace }: Upgrade, ...args: readonly string[]): Promise<string> =>
  plane.kubectl([...args, '-n', namespace.name]);

const RECORD = `dupgrade-${GREY}`;

const FOREIGN = { code: 8, reason: 'foreign-write' };
const LEAVING = { code: 8, reason: 'namespace-gone', message: expect.stringContaining('is being deleted') };
const GONE = { code: 8, reason: 'deployment-gone' };

/** Ready at once: the driver is in the midst of its writes. */
const QUICK: Pick<Meddling, 'given' | 'wanted' | 'after'> = {
  given: { main: 9, greyBehaviour: {} },
  wanted: { targets: [0, 9] },
  after: /"scaled".*"main"/,
};

/** Takes the Deployment's replicas for its own and puts them back as soon as they are others, as controllers of GitOps do. */
const putsBack =
  (manager: string) =>
  async ({ namespace }: Upgrade, signal: AbortSignal): Promise<void> => {
    const apply = (): Promise<unknown> =>
      namespace.client.patch(
        `${namespace.path('deployments', MAIN)}?fieldManager=${manager}&force=true`,
        { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: MAIN }, spec: { replicas: 9 } },
        'application/apply-patch+yaml',
      );
    const query = { fieldSelector: `metadata.name=${MAIN}` };
    await apply();
    void follow<Deployment>(
      namespace.client,
      namespace.path('deployments'),
      query,
      (change) => {
        if (change.type === 'MODIFIED' && change.object.spec.replicas !== 9) void apply();
      },
      signal,
    );
  };

/** Changes a part of the record, as `kubectl edit` does. */
const edit =
  (key: string, change: (part: Record<string, unknown>) => object) =>
  async ({ namespace }: Upgrade): Promise<void> => {
    const { data = {} } = await namespace.get('configmaps', RECORD);
    const part = JSON.stringify(change(JSON.parse(data[key] ?? '{}')));
    await namespace.patch('configmaps', RECORD, { data: { [key]: part } });
  };

const recreated = async ({ namespace }: Upgrade): Promise<void> => {
  await namespace.remove('deployments', GREY, { propagationPolicy: 'Foreground' });
  await namespace.until('deployments', (all) => !all.some(({ metadata }) => metadata.name === GREY), {
    what: 'the end of grey',
  });
  await namespace.createDeployment({ name: GREY, replicas: 1 });
};

/** Both Deployments stay until the test is over. */
const heldUp = async ({ namespace }: Upgrade): Promise<void> => {
  for (const name of [MAIN, GREY]) {
    await namespace.patch('deployments', name, { metadata: { finalizers: ['test.dupgrade.dev/stays'] } });
    onTestFinished(async () => {
      await namespace.patch('deployments', name, { metadata: { finalizers: null } });
    });
  }
};

const autoscaled = ({ namespace }: Upgrade): Promise<unknown> =>
  namespace.create('horizontalpodautoscalers', {
    metadata: { name: 'server' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: MAIN },
      minReplicas: 5,
      maxReplicas: 9,
    },
  });

/** Cordons the node of a pod of main, and evicts from it what is the test's own, as `kubectl drain` does. */
const drained = async (upgrade: Upgrade): Promise<void> => {
  const { namespace } = upgrade;
  const pods = await namespace.list('pods', { labelSelector: `app=${MAIN}` });
  const node = pods[0]?.spec.nodeName ?? '';
  onTestFinished(async () => {
    await plane.kubectl(['uncordon', node]);
  });
  await plane.kubectl(['cordon', node]);
  for (const { metadata, spec } of pods) {
    if (spec.nodeName !== node) continue;
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: metadata.name } };
    try {
      await namespace.client.create(namespace.path('pods', metadata.name, 'eviction'), eviction);
    } catch (error) {
      // The upgrade may have removed it.
      if (!(error instanceof ApiRefusal) || error.code !== 404) throw error;
    }
  }
};

export const meddlings: readonly Meddling[] = [
  {
    what: '`kubectl scale`',
    meddle: (upgrade) => kubectl(upgrade, 'scale', 'deployment', GREY, '--replicas=2'),
    ends: { ...FOREIGN, details: { side: 'grey', expected: 1, found: 2, manager: 'kubectl' } },
  },
  {
    what: 'a scale between two writes of dupgrade',
    ...QUICK,
    meddle: ({ namespace }) => namespace.scale(MAIN, 20, 'kubectl'),
    ends: { ...FOREIGN, details: { side: 'main', found: 20, manager: 'kubectl' } },
  },
  {
    what: '`kubectl patch`',
    meddle: (upgrade) => kubectl(upgrade, 'patch', 'deployment', MAIN, '-p', '{"spec":{"replicas":4}}'),
    ends: { ...FOREIGN, details: { side: 'main', expected: 3, found: 4, manager: 'kubectl-patch' } },
  },
  {
    what: 'an autoscaler (HPA) that comes',
    meddle: autoscaled,
    ends: { ...FOREIGN, details: { side: 'main', found: 5, manager: 'kube-controller-manager' } },
  },
  {
    what: 'Argo CD puts the replicas back',
    ...QUICK,
    meddle: putsBack('argocd-controller'),
    ends: { ...FOREIGN, details: { side: 'main', found: 9, manager: 'argocd-controller' } },
  },
  {
    what: 'Flux puts the replicas back',
    ...QUICK,
    meddle: putsBack('kustomize-controller'),
    ends: { ...FOREIGN, details: { side: 'main', found: 9, manager: 'kustomize-controller' } },
  },
  {
    what: '`kubectl rollout restart`',
    meddle: (upgrade) => kubectl(upgrade, 'rollout', 'restart', `deployment/${MAIN}`),
    ends: { code: 8, reason: 'template-changed', details: { side: 'main', manager: 'kubectl-rollout' } },
  },
  {
    what: '`kubectl set image`',
    meddle: (upgrade) => kubectl(upgrade, 'set', 'image', `deployment/${GREY}`, 'server=model-server:3'),
    ends: { code: 8, reason: 'template-changed', details: { side: 'grey', manager: 'kubectl-set' } },
  },
  {
    what: '`kubectl rollout pause`',
    ...QUICK,
    meddle: (upgrade) => kubectl(upgrade, 'rollout', 'pause', `deployment/${GREY}`),
    ends: { code: 0 },
  },
  {
    what: 'a Deployment is deleted',
    meddle: ({ namespace }) => namespace.remove('deployments', GREY),
    ends: { ...GONE, details: { side: 'grey', replaced: false } },
  },
  {
    what: 'a Deployment is deleted, and held up',
    meddle: async (upgrade) => {
      await heldUp(upgrade);
      await upgrade.namespace.remove('deployments', MAIN);
    },
    ends: { ...GONE, details: { side: 'main', leaving: true } },
  },
  {
    what: 'a Deployment is deleted and made anew',
    meddle: recreated,
    ends: { ...GONE, details: { side: 'grey' } },
  },
  {
    what: 'the namespace is deleted',
    meddle: ({ namespace }) => namespace.beginToLeave(),
    ends: LEAVING,
  },
  {
    what: 'the namespace is deleted, and held up',
    meddle: async (upgrade) => {
      await heldUp(upgrade);
      await upgrade.namespace.beginToLeave();
    },
    ends: LEAVING,
  },
  {
    what: 'the record is edited: targets',
    meddle: edit('intent', (intent) => ({ ...intent, targets: { main: 3, grey: 1 } })),
    given: { greyBehaviour: { readySeconds: 1 } },
    ends: { code: 4, reason: 'off-spec' },
  },
  {
    what: 'the record is edited: paused',
    meddle: edit('intent', (intent) => ({ ...intent, paused: true })),
    ends: { code: 4, reason: 'paused' },
  },
  {
    what: 'the record is edited, and cannot be understood',
    meddle: edit('intent', (intent) => ({ ...intent, targets: { main: 'many' } })),
    ends: { code: 8, reason: 'record-unreadable', message: expect.stringContaining('intent') },
  },
  {
    what: 'the record is deleted',
    meddle: ({ namespace }) => namespace.remove('configmaps', RECORD),
    ends: { code: 8, reason: 'record-gone' },
  },
  {
    what: 'the leases are deleted',
    given: { greyBehaviour: { readySeconds: 4 } },
    wanted: { step: 3 },
    meddle: async ({ namespace }) => {
      for (const name of [MAIN, GREY]) await namespace.remove('leases', `dupgrade-${name}`);
    },
    ends: { code: 0 },
  },
  {
    what: 'a quota is set',
    given: { greyBehaviour: { readySeconds: 2 } },
    wanted: { progressDeadline: '4s' },
    meddle: ({ namespace }) => namespace.setQuota({ pods: '1' }),
    ends: { code: 5, reason: 'quota' },
  },
  {
    what: 'a node is drained',
    given: { main: 6, behaviour: { readySeconds: 1 }, greyBehaviour: { readySeconds: 2 } },
    wanted: { targets: [0, 6], step: 2 },
    meddle: drained,
    ends: { code: 0 },
  },
];
