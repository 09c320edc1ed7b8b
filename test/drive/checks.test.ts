import { describe, expect, it } from 'vitest';
import type { Deployment, Kinds, Pod } from '../../src/cluster/port.ts';
import { readyTimesAmong } from '../../src/drive/ready-times.ts';
import { SURROUNDINGS } from '../../src/drive/checks.ts';
import { Pods } from '../../src/drive/pods.ts';
import type { SideObjects } from '../../src/drive/observe.ts';
import type { Snapshot } from '../../src/drive/snapshot.ts';
import { CHECKS, REQUIRED, verdictOf } from '../../src/upgrade/finding.ts';
import { perSide } from '../../src/upgrade/side.ts';
import { recordOf } from '../support/record.ts';

const { spec } = recordOf();

type Change = {
  readonly metadata?: Partial<Deployment['metadata']>;
  readonly spec?: Partial<Deployment['spec']>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly container?: object;
  readonly ready?: number;
};

const container = { name: 'server', image: 'server:1', readinessProbe: { periodSeconds: 5 } };

/** A side with all of its pods ready. */
const sideOf = (name: string, replicas: number, change: Change = {}): SideObjects => {
  const { ready = replicas } = change;
  const hash = `${name}-hash`;
  const owned = (uid: string, kind: string) => [{ uid, kind, name: uid, controller: true }];
  const revision = { 'deployment.kubernetes.io/revision': '1' };
  const pods = Array.from(
    { length: replicas },
    (_, at): Pod => ({
      metadata: {
        namespace: 'serving',
        name: `${name}-${at}`,
        uid: `${name}-${at}`,
        ownerReferences: owned(hash, 'ReplicaSet'),
      },
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: at < ready ? 'True' : 'False' }] },
    }),
  );
  return {
    deployment: {
      metadata: { namespace: 'serving', name, uid: name, annotations: revision, ...change.metadata },
      spec: {
        replicas,
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name, model: 'llama', ...change.labels } },
          spec: { containers: [{ ...container, image: `${name}:1`, ...change.container }] },
        },
        ...change.spec,
      },
    },
    replicaSets: [
      {
        metadata: {
          namespace: 'serving',
          name: hash,
          uid: hash,
          annotations: revision,
          ownerReferences: owned(name, 'Deployment'),
        },
        spec: { replicas },
      },
    ],
    pods: Pods.of(pods),
  };
};

type Given = Partial<Omit<Snapshot, 'sides' | 'spec'>> & { readonly main?: Change; readonly grey?: Change };

/** 30 → 0 / 0 → 30 with step 3, of 8 GPUs a pod; whatever is not given is as it should be. */
const snapshotOf = ({ main = {}, grey = {}, ...change }: Given): Snapshot => ({
  spec,
  sides: { main: sideOf('llama-v1', 30, main), grey: sideOf('llama-v2', 0, grey) },
  services: [],
  autoscalers: [],
  scaledObjects: [],
  verticalAutoscalers: [],
  budgets: [],
  quotas: [],
  capacity: {
    requests: perSide(() => ({ gpus: 8, cpuMilli: 1000, memoryBytes: 2 ** 30 })),
    readyTimes: perSide(() => readyTimesAmong([])),
    graceMs: perSide(() => 30_000),
    free: perSide(() => ({ gpus: 24, cpuMilli: 64_000, memoryBytes: 2 ** 40, pods: 3 })),
  },
  ...change,
});

const meta = (name: string) => ({ namespace: 'serving', name });
const service = (name: string, selector: Record<string, string>): Kinds['services'] => ({
  metadata: meta(name),
  spec: { selector },
});
const target = (name: string, kind = 'Deployment') => ({ kind, name });
const budget = (name: string, matchLabels: Record<string, string>): Kinds['poddisruptionbudgets'] => ({
  metadata: meta(name),
  spec: { selector: { matchLabels } },
});
const quotaOf = (hard: Record<string, string>, used: Record<string, string>): Kinds['resourcequotas'] => ({
  metadata: meta('team'),
  spec: { hard },
  status: { hard, used },
});
const manager = (name: string) => ({
  manager: name,
  operation: 'Update',
  time: '2026-11-23T10:00:00Z',
  fieldsV1: { 'f:spec': { 'f:replicas': {} } },
});
const room = snapshotOf({}).capacity;

const looked = (name: string, given: Given) => {
  const snapshot = snapshotOf(given);
  return SURROUNDINGS.filter((each) => each.name === name).flatMap(({ check }) => check(snapshot));
};

type Row = readonly [check: string, what: string, given: Given, level: string, fact: object];

const ROWS: readonly Row[] = [
  [
    'ready',
    '27 of 30 are ready',
    { main: { ready: 27 } },
    'warning',
    { check: 'unready', side: 'main', asked: 30, ready: 27 },
  ],
  ['paused', 'grey is paused', { grey: { spec: { paused: true } } }, 'warning', { check: 'paused', side: 'grey' }],
  [
    'services',
    'none selects a side',
    { services: [service('other', { app: 'other' })] },
    'ok',
    { both: [], only: { main: [], grey: [] } },
  ],
  ['services', 'one without a selector', { services: [service('none', {})] }, 'ok', { both: [] }],
  ['services', 'one selects both', { services: [service('llama', { model: 'llama' })] }, 'ok', { both: ['llama'] }],
  [
    'services',
    'one selects main only',
    { services: [service('llama', { app: 'llama-v1' })] },
    'warning',
    { both: [], only: { main: ['llama'], grey: [] } },
  ],
  [
    'services',
    'one in another namespace',
    { services: [{ ...service('llama', { app: 'llama-v1' }), metadata: { namespace: 'x', name: 'llama' } }] },
    'ok',
    { both: [] },
  ],
  [
    'services',
    'one may not be read',
    { services: { unread: 'denied' } },
    'unknown',
    { check: 'unread', what: 'services', why: 'denied' },
  ],
  [
    'autoscalers',
    'an HPA on grey',
    { autoscalers: [{ metadata: meta('hpa'), spec: { scaleTargetRef: target('llama-v2') } }] },
    'refusal',
    { side: 'grey', kind: 'HorizontalPodAutoscaler', idle: false },
  ],
  [
    'autoscalers',
    'a ScaledObject on main, which has no kind',
    { scaledObjects: [{ metadata: meta('so'), spec: { scaleTargetRef: { name: 'llama-v1' } } }] },
    'refusal',
    { side: 'main', kind: 'ScaledObject' },
  ],
  [
    'autoscalers',
    'a paused ScaledObject',
    {
      scaledObjects: [
        {
          metadata: { ...meta('so'), annotations: { 'autoscaling.keda.sh/paused': 'true' } },
          spec: { scaleTargetRef: target('llama-v1') },
        },
      ],
    },
    'note',
    { idle: true },
  ],
  [
    'autoscalers',
    'a VPA that evicts',
    { verticalAutoscalers: [{ metadata: meta('vpa'), spec: { targetRef: target('llama-v1') } }] },
    'warning',
    { kind: 'VerticalPodAutoscaler' },
  ],
  [
    'autoscalers',
    'a VPA that only recommends',
    {
      verticalAutoscalers: [
        { metadata: meta('vpa'), spec: { targetRef: target('llama-v1'), updatePolicy: { updateMode: 'Off' } } },
      ],
    },
    'note',
    { idle: true },
  ],
  [
    'autoscalers',
    'KEDA is not installed',
    { scaledObjects: { unread: 'not-installed' } },
    'unknown',
    { check: 'unread', why: 'not-installed' },
  ],
  [
    'owners',
    'Argo CD owns the replicas',
    { main: { metadata: { managedFields: [manager('argocd-controller')] } } },
    'warning',
    { owner: 'Argo CD', ownsReplicas: true },
  ],
  [
    'owners',
    'Argo CD by its label',
    { grey: { metadata: { labels: { 'argocd.argoproj.io/instance': 'llama' } } } },
    'note',
    { owner: 'Argo CD', side: 'grey', ownsReplicas: false },
  ],
  [
    'owners',
    'Flux owns the replicas',
    { grey: { metadata: { managedFields: [manager('kustomize-controller')] } } },
    'warning',
    { owner: 'Flux' },
  ],
  [
    'owners',
    'Helm',
    { main: { metadata: { labels: { 'app.kubernetes.io/managed-by': 'Helm' }, managedFields: [manager('helm')] } } },
    'note',
    { owner: 'Helm' },
  ],
  [
    'owners',
    'a chart that Argo CD applies',
    {
      main: {
        metadata: {
          annotations: { 'argocd.argoproj.io/tracking-id': 'x' },
          labels: { 'app.kubernetes.io/managed-by': 'Helm' },
        },
      },
    },
    'note',
    { owner: 'Argo CD' },
  ],
  [
    'budgets',
    'one for both',
    { budgets: [budget('pdb', { model: 'llama' })] },
    'note',
    { of: { main: ['pdb'], grey: ['pdb'] } },
  ],
  [
    'budgets',
    'one for main only',
    { budgets: [budget('pdb', { app: 'llama-v1' })] },
    'warning',
    { of: { main: ['pdb'], grey: [] } },
  ],
  [
    'budgets',
    'two for the same pods',
    { budgets: [budget('a', { model: 'llama' }), budget('b', { model: 'llama' })] },
    'warning',
    { of: { main: ['a', 'b'], grey: ['a', 'b'] } },
  ],
  [
    'quota',
    'GPUs: 24 needed, 16 left',
    { quotas: [quotaOf({ 'requests.nvidia.com/gpu': '256' }, { 'requests.nvidia.com/gpu': '240' })] },
    'warning',
    {
      quota: 'team',
      shortage: { resource: 'gpus', needed: 24, free: 16 },
      advice: { take: { mode: 'scaleInPriority', pacing: 'window' } },
    },
  ],
  [
    'quota',
    'pods: 3 needed, 2 left',
    { quotas: [quotaOf({ pods: '32' }, { pods: '30' })] },
    'warning',
    { shortage: { resource: 'pods', needed: 3, free: 2 } },
  ],
  [
    'quota',
    'CPUs: 3 needed, 2.5 left',
    { quotas: [quotaOf({ 'requests.cpu': '32500m' }, { 'requests.cpu': '30' })] },
    'warning',
    { shortage: { resource: 'cpuMilli', needed: 3000, free: 2500 } },
  ],
  [
    'capacity',
    'GPUs: 24 needed, 16 free',
    { capacity: { ...room, free: perSide(() => ({ gpus: 16, cpuMilli: 64_000, memoryBytes: 2 ** 40, pods: 2 })) } },
    'warning',
    { check: 'room-short', advice: { take: { mode: 'scaleInPriority', pacing: 'window' } } },
  ],
  [
    'capacity',
    'nodes may not be read',
    { capacity: { ...room, free: { denied: 'no' } } },
    'unknown',
    { check: 'unread' },
  ],
  [
    'template',
    'grey has no readiness probe',
    { grey: { container: { readinessProbe: undefined } } },
    'warning',
    { check: 'no-readiness-probe', side: 'grey', containers: ['server'] },
  ],
  [
    'template',
    'minReadySeconds',
    { grey: { spec: { minReadySeconds: 30 } } },
    'warning',
    { check: 'min-ready', seconds: 30 },
  ],
  [
    'template',
    'a probe later than the deadline',
    { grey: { container: { readinessProbe: { initialDelaySeconds: 900 } } } },
    'warning',
    { check: 'slow-step', because: 'readiness-delay', seconds: 900, progressDeadlineMs: 600_000 },
  ],
  [
    'template',
    'a grace period as long as the deadline',
    { capacity: { ...room, graceMs: { main: 600_000, grey: 30_000 } } },
    'warning',
    { check: 'slow-step', because: 'grace-period', side: 'main', seconds: 600 },
  ],
  ['image', 'the same template', { grey: { container: { image: 'llama-v1:1' } } }, 'warning', { check: 'same-image' }],
  [
    'image',
    'the same image, other flags',
    { grey: { container: { image: 'llama-v1:1', args: ['--fast'] } } },
    'note',
    { check: 'same-image', images: ['llama-v1:1'] },
  ],
];

describe('checks', () => {
  it.each(ROWS)('%s: %s', (name, _, given, level, fact) => {
    expect(looked(name, given)).toMatchObject([{ level, fact }]);
  });

  it('have nothing to say where all is well', () => {
    const snapshot = snapshotOf({
      services: [service('llama', { model: 'llama' })],
      quotas: [
        quotaOf({ pods: '33' }, { pods: '30' }),
        // It counts other pods.
        { metadata: meta('scoped'), spec: { hard: { pods: '0' }, scopes: ['BestEffort'] } },
      ],
      autoscalers: [
        { metadata: meta('other'), spec: { scaleTargetRef: target('llama-v1', 'StatefulSet') } },
        { metadata: { namespace: 'x', name: 'elsewhere' }, spec: { scaleTargetRef: target('llama-v1') } },
      ],
    });
    const said = SURROUNDINGS.flatMap(({ name, check }) => check(snapshot).map((each) => ({ name, ...each })));
    expect(said).toMatchObject([{ name: 'services', level: 'ok' }]);
  });

  it('are those that can be skipped, and no other', () => {
    expect(SURROUNDINGS.map(({ name }) => name)).toEqual(CHECKS.filter((name) => !REQUIRED.has(name)));
  });

  it('count a side in another namespace for its own quota only', () => {
    const snapshot = snapshotOf({ quotas: [quotaOf({ pods: '30' }, { pods: '30' })] });
    const elsewhere = { ...spec, deployments: { ...spec.deployments, grey: { namespace: 'x', name: 'llama-v2' } } };
    const quota = SURROUNDINGS.find(({ name }) => name === 'quota');
    expect(quota?.check(snapshot)).toHaveLength(1);
    expect(quota?.check({ ...snapshot, spec: elsewhere })).toEqual([]);
  });
});

it.each([
  [['ok', 'note', 'unknown'], 'ok', 'ok'],
  [['ok', 'warning'], 'warnings', 'refused'],
  [['warning', 'refusal'], 'refused', 'refused'],
] as const)('%j comes to %s, and with --strict to %s', (levels, plain, strict) => {
  const findings = levels.map((level) => ({ name: 'ready', level, fact: { check: 'fine' } }) as const);
  expect(verdictOf(findings, { strict: false })).toBe(plain);
  expect(verdictOf(findings, { strict: true })).toBe(strict);
});
