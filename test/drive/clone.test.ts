import { describe, expect, it } from 'vitest';
import type { Container, Deployment, Service } from '../../src/cluster/port.ts';
import { type CloneChanges, cloneOf } from '../../src/drive/clone.ts';
import { selects } from '../../src/drive/selects.ts';

type Texts = Readonly<Record<string, string>>;

const NO_CHANGES: CloneChanges = { image: 'server:2', env: {}, resources: {} };
const server: Container = { name: 'server', image: 'server:1' };

type Given = {
  readonly selector?: Deployment['spec']['selector'];
  readonly labels?: Texts;
  readonly containers?: readonly Container[];
  readonly metadata?: Partial<Deployment['metadata']>;
  readonly pod?: object;
};

const mainOf = ({
  selector,
  labels = { app: 'llama-v1' },
  containers = [server],
  metadata,
  pod,
}: Given): Deployment => ({
  metadata: { namespace: 'serving', name: 'llama-v1', ...metadata },
  spec: {
    replicas: 30,
    paused: true,
    selector: selector ?? { matchLabels: { app: 'llama-v1' } },
    template: { metadata: { labels }, spec: { containers, ...pod } },
  },
});

const serviceOf = (selector: Texts, namespace = 'serving'): Service => ({
  metadata: { namespace, name: 'llama' },
  spec: { selector },
});

const cloned = (given: Given, services: readonly Service[] = [], changes: Partial<CloneChanges> = {}): Deployment => {
  const made = cloneOf(mainOf(given), 'llama-v2', services, { ...NO_CHANGES, ...changes });
  if ('refused' in made) throw new Error(JSON.stringify(made.refused));
  return made.clone;
};

const refused = (given: Given, services: readonly Service[] = [], name = 'llama-v2', container?: string) => {
  const main = mainOf(given);
  return cloneOf(main, name, services, { ...NO_CHANGES, ...(container !== undefined && { container }) });
};

const podLabels = ({ spec }: Deployment): Texts => spec.template.metadata?.labels ?? {};
const containersOf = ({ spec }: Deployment): readonly Container[] => spec.template.spec?.containers ?? [];

describe('a clone has one label of its selector of its own', () => {
  it.each<[string, Texts, Texts, Texts]>([
    ['its only label, where no Service selects', { app: 'llama-v1' }, {}, { app: 'llama-v2' }],
    ['one that no Service selects by', { app: 'llama', version: 'v1' }, { app: 'llama' }, { version: 'llama-v2' }],
    ['the one with the name of main', { tier: 'gpu', app: 'llama-v1' }, {}, { app: 'llama-v2' }],
    [
      'one that the name of main is not, where a Service selects by that',
      { app: 'llama-v1', track: 'a' },
      { app: 'llama-v1' },
      { track: 'llama-v2' },
    ],
    [
      'its only label, where the Service selects by another',
      { app: 'llama-v1' },
      { model: 'llama' },
      { app: 'llama-v2' },
    ],
  ])('%s', (_, matchLabels, selector, changed) => {
    const labels = { ...matchLabels, model: 'llama' };
    const given = { selector: { matchLabels }, labels };
    const main = mainOf(given);
    const services = Object.keys(selector).length === 0 ? [] : [serviceOf(selector)];
    const clone = cloned(given, services);
    expect(clone.spec.selector.matchLabels).toEqual({ ...matchLabels, ...changed });
    expect(podLabels(clone)).toEqual({ ...labels, ...changed });
    expect(selects(clone.spec.selector, podLabels(clone))).toBe(true);
    expect(selects(clone.spec.selector, podLabels(main))).toBe(false);
    expect(selects(main.spec.selector, podLabels(clone))).toBe(false);
    for (const { spec } of services)
      expect(selects({ matchLabels: spec?.selector ?? {} }, podLabels(clone))).toBe(true);
  });

  it('Services of other pods, of other namespaces and without a selector count for nothing', () => {
    const others = [serviceOf({ app: 'other' }), serviceOf({ app: 'llama-v1' }, 'elsewhere'), serviceOf({})];
    expect(podLabels(cloned({}, others))).toEqual({ app: 'llama-v2' });
  });

  it('what an expression of the selector says of a label is kept', () => {
    const selector = {
      matchLabels: { tier: 'gpu', app: 'llama' },
      matchExpressions: [{ key: 'tier', operator: 'In', values: ['gpu'] }],
    };
    const clone = cloned({ selector, labels: { tier: 'gpu', app: 'llama' } });
    expect(clone.spec.selector).toEqual({ ...selector, matchLabels: { tier: 'gpu', app: 'llama-v2' } });
  });

  it('the pods are spread among their own kind', () => {
    const labelSelector = { matchLabels: { app: 'llama-v1' } };
    const others = { matchLabels: { app: 'database' } };
    const term = (selector: object) => ({ labelSelector: selector, topologyKey: 'kubernetes.io/hostname' });
    const podOf = (own: object) => ({
      topologySpreadConstraints: [{ maxSkew: 1, labelSelector: own }],
      affinity: {
        podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term(own)] },
        podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term(others)] },
      },
    });
    const clone = cloned({ pod: podOf(labelSelector) });
    expect(clone.spec.template.spec).toMatchObject(podOf({ matchLabels: { app: 'llama-v2' } }));
  });
});

describe('a clone is refused', () => {
  const main = { namespace: 'serving', name: 'llama-v1' };

  it('where Services select by every label of the selector', () => {
    expect(refused({}, [serviceOf({ app: 'llama-v1' })])).toEqual({
      refused: { why: 'all-labels-serve', main, services: ['llama'], labels: ['app'] },
    });
  });

  it('where the selector has no label of a value that could be another', () => {
    const selector = { matchExpressions: [{ key: 'app', operator: 'In', values: ['llama-v1'] }] };
    expect(refused({ selector })).toEqual({ refused: { why: 'no-label', main } });
    expect(refused({ selector: { matchLabels: { app: 'x' } }, labels: { app: 'x' } }, [], 'x')).toEqual({
      refused: { why: 'no-label', main },
    });
  });

  it('where its name is too long for a label', () => {
    expect(refused({}, [], 'x'.repeat(63))).toHaveProperty('clone');
    expect(refused({}, [], 'x'.repeat(64))).toMatchObject({ refused: { why: 'name-too-long', label: 'app' } });
  });

  it('where there are several containers and none is named, or one that is not there', () => {
    const containers = [server, { name: 'proxy', image: 'proxy:1' }];
    const names = ['server', 'proxy'];
    expect(refused({ containers })).toEqual({ refused: { why: 'which-container', containers: names } });
    expect(refused({ containers }, [], 'llama-v2', 'prxy')).toEqual({
      refused: { why: 'which-container', asked: 'prxy', containers: names },
    });
    expect(containersOf(cloned({ containers }, [], { container: 'proxy' }))).toEqual([
      server,
      { name: 'proxy', image: 'server:2' },
    ]);
  });
});

it('nothing is copied of what belongs to main alone', () => {
  const clone = cloned({
    metadata: {
      uid: 'u',
      resourceVersion: '7',
      generation: 3,
      creationTimestamp: '2026-11-23T10:00:00Z',
      finalizers: ['x/y'],
      ownerReferences: [{ uid: 'o', kind: 'Model', name: 'llama' }],
      managedFields: [{ manager: 'helm' }],
      labels: {
        app: 'llama-v1',
        team: 'ml',
        'app.kubernetes.io/managed-by': 'Helm',
        'app.kubernetes.io/instance': 'serving',
        'helm.sh/chart': 'llama-1.0',
        'kustomize.toolkit.fluxcd.io/name': 'apps',
        'argocd.argoproj.io/instance': 'serving',
      },
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': '{}',
        'deployment.kubernetes.io/revision': '4',
        'meta.helm.sh/release-name': 'llama',
        'argocd.argoproj.io/tracking-id': 'x',
        'reconcile.fluxcd.io/requestedAt': 'x',
        'autoscaling.keda.sh/paused': 'true',
        'kubernetes.io/change-cause': 'x',
        'serving.example/model': 'llama',
      },
    },
  });
  expect(clone).toEqual({
    metadata: {
      namespace: 'serving',
      name: 'llama-v2',
      labels: { app: 'llama-v2', team: 'ml' },
      annotations: { 'serving.example/model': 'llama' },
    },
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: 'llama-v2' } },
      template: {
        metadata: { labels: { app: 'llama-v2' } },
        spec: { containers: [{ name: 'server', image: 'server:2' }] },
      },
    },
  });
});

it('a mark on the pods is kept where main’s selector or a Service selects by it', () => {
  const labels = { 'helm.sh/chart': 'a', 'meta.helm.sh/release-name': 'b', 'argocd.argoproj.io/instance': 'c' };
  const selector = { matchLabels: { app: 'llama-v1', 'helm.sh/chart': 'a' } };
  const services = [serviceOf({ 'meta.helm.sh/release-name': 'b' })];
  expect(podLabels(cloned({ labels: { ...labels, app: 'llama-v1' }, selector }, services))).toEqual({
    app: 'llama-v2',
    'helm.sh/chart': 'a',
    'meta.helm.sh/release-name': 'b',
  });
});

it('has no empty list of labels where none of main’s are its own', () => {
  const marks = { labels: { 'app.kubernetes.io/managed-by': 'Helm' } };
  expect(cloned({ metadata: marks }).metadata).toEqual({ namespace: 'serving', name: 'llama-v2' });
});

describe('what is set in a container', () => {
  const containerOf = (container: Partial<Container>, changes: Partial<CloneChanges>): Container | undefined =>
    containersOf(cloned({ containers: [{ ...server, ...container }] }, [], changes))[0];

  it('a variable that is there keeps its place; a new one comes last', () => {
    const env = [
      { name: 'MODEL', valueFrom: {} },
      { name: 'ARGS', value: '$(MODEL)' },
    ];
    expect(containerOf({ env }, { env: { NEW: '1', MODEL: 'v2' } })?.env).toEqual([
      { name: 'MODEL', value: 'v2' },
      { name: 'ARGS', value: '$(MODEL)' },
      { name: 'NEW', value: '1' },
    ]);
  });

  it.each<[string, Container['resources'], Texts, Container['resources']]>([
    [
      'GPUs: request and limit',
      undefined,
      { 'nvidia.com/gpu': '2' },
      { requests: { 'nvidia.com/gpu': '2' }, limits: { 'nvidia.com/gpu': '2' } },
    ],
    [
      'memory without a limit: the request',
      { requests: { cpu: '1' } },
      { memory: '8Gi' },
      { requests: { cpu: '1', memory: '8Gi' } },
    ],
    [
      'memory with a limit: both',
      { limits: { memory: '4Gi' } },
      { memory: '8Gi' },
      { requests: { memory: '8Gi' }, limits: { memory: '8Gi' } },
    ],
  ])('%s', (_, before, resources, after) => {
    expect(containerOf(before === undefined ? {} : { resources: before }, { resources })?.resources).toEqual(after);
  });

  it('without an image it has main’s', () => {
    const made = cloneOf(mainOf({}), 'llama-v2', [], { env: { A: '1' }, resources: {} });
    expect('clone' in made && containersOf(made.clone)).toEqual([{ ...server, env: [{ name: 'A', value: '1' }] }]);
  });
});
