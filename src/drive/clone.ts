import type { Container, Deployment, LabelSelector, Quantities, Service } from '../cluster/port.ts';
import { amountOf } from '../cluster/quantity.ts';
import type { CloneRefusal } from '../upgrade/init-refusal.ts';
import { selectorsWithin } from './clone-selectors.ts';
import { OWNER_DOMAINS } from './check-owners.ts';
import { selects } from './selects.ts';

type Texts = Readonly<Record<string, string>>;

/** What is to be another in grey than in main. */
export type CloneChanges = {
  readonly image?: string;
  /** Plain values of variables of the environment. */
  readonly env: Texts;
  /** By resource, what is requested; it is the limit too, where main has one or the resource takes no other. */
  readonly resources: Texts;
  /** Of which container; needed where there are several. */
  readonly container?: string;
};

/** Whether Kubernetes takes it as an amount that a container can ask for. */
export const isAmount = (text: string): boolean => (amountOf(text) ?? -1) >= 0;

/** A value of a label: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
const LONGEST_VALUE = 63;

/**
 * Grey, made from main: 0 replicas, and one label of its selector with grey's name for its value, so that neither selector
 * takes in the pods of the other. The label is one that no Service selects by: these send requests to both, as they did.
 * Nothing is copied of what belongs to main alone: what the API server keeps of it, and the marks of who owns it.
 */
export const cloneOf = (
  main: Deployment,
  name: string,
  services: readonly Service[],
  changes: CloneChanges,
): { readonly clone: Deployment } | { readonly refused: CloneRefusal } => {
  const containers = main.spec.template.spec?.containers ?? [];
  const container = containerFor(containers, changes.container);
  if (container === undefined) return { refused: whichContainer(containers, changes.container) };
  const serving = servicesOf(main, services);
  const label = labelToChange(main, name, serving);
  if (typeof label !== 'string') return { refused: label };
  if (name.length > LONGEST_VALUE) return { refused: { why: 'name-too-long', name, label } };

  const old = main.spec.selector.matchLabels?.[label];
  const renamed = (labels: Texts): Texts => (labels[label] === old ? { ...labels, [label]: name } : labels);
  const kept = new Set([...selectorKeys(main.spec.selector), ...serving.flatMap(selectedBy)]);
  const { paused: _, template, selector, ...spec } = main.spec;
  const { metadata, spec: pod = {} } = template;
  return {
    clone: {
      metadata: {
        namespace: main.metadata.namespace,
        name,
        ...some('labels', renamed(ownLabels(main.metadata.labels))),
        ...some('annotations', without(main.metadata.annotations, isMark)),
      },
      spec: {
        ...spec,
        replicas: 0,
        selector: { ...selector, matchLabels: renamed(selector.matchLabels ?? {}) },
        template: {
          metadata: {
            labels: renamed(without(metadata?.labels, (key) => isMark(key) && !kept.has(key))),
            ...some('annotations', without(metadata?.annotations, isMark)),
          },
          spec: {
            ...selectorsWithin(pod, (labels) => renamed(labels)),
            containers: containers.map((each) => (each === container ? changed(each, changes) : each)),
          },
        },
      },
    },
  };
};

const containerFor = (containers: readonly Container[], asked: string | undefined): Container | undefined => {
  if (asked !== undefined) return containers.find(({ name }) => name === asked);
  return containers.length === 1 ? containers[0] : undefined;
};

const whichContainer = (containers: readonly Container[], asked: string | undefined): CloneRefusal => ({
  why: 'which-container',
  ...(asked !== undefined && { asked }),
  containers: containers.map(({ name }) => name),
});

/** The Services that send requests to main's pods. One without a selector has endpoints of its own. */
const servicesOf = ({ metadata, spec }: Deployment, services: readonly Service[]): readonly Service[] =>
  services.filter(
    (service) =>
      service.metadata.namespace === metadata.namespace &&
      selectedBy(service).length > 0 &&
      selects({ matchLabels: service.spec?.selector ?? {} }, spec.template.metadata?.labels),
  );

const selectedBy = ({ spec }: Service): readonly string[] => Object.keys(spec?.selector ?? {});

const selectorKeys = ({ matchLabels = {}, matchExpressions = [] }: LabelSelector): readonly string[] => [
  ...Object.keys(matchLabels),
  ...matchExpressions.map(({ key }) => key),
];

/** A selector cannot be changed once it is there, so that it must be one of main's own labels that tells the two apart. */
const labelToChange = (
  { metadata, spec }: Deployment,
  name: string,
  serving: readonly Service[],
): string | CloneRefusal => {
  const { matchLabels = {}, matchExpressions = [] } = spec.selector;
  const main = { namespace: metadata.namespace, name: metadata.name };
  // What an expression says of a label holds for grey as well, and would not of another value.
  const own = Object.keys(matchLabels).filter(
    (key) => matchLabels[key] !== name && !matchExpressions.some((expression) => expression.key === key),
  );
  if (own.length === 0) return { why: 'no-label', main };
  const free = own.filter((key) => !serving.some((service) => selectedBy(service).includes(key)));
  const services = serving.filter((service) => selectedBy(service).some((key) => own.includes(key)));
  return (
    // The one that says which Deployment it is, where there is such a one.
    free.find((key) => matchLabels[key] === metadata.name) ??
    free[0] ?? { why: 'all-labels-serve', main, services: services.map((each) => each.metadata.name), labels: own }
  );
};

/** Of kubectl, of the Deployment's controller and of an autoscaler. */
const MARK_DOMAINS: ReadonlySet<string> = new Set([
  ...OWNER_DOMAINS,
  'kubectl.kubernetes.io',
  'deployment.kubernetes.io',
  'autoscaling.keda.sh',
]);

const isMark = (key: string): boolean => {
  const [domain = ''] = key.split('/');
  // Argo CD and Flux have more of them: `hooks.argoproj.io`, `reconcile.fluxcd.io`.
  return (
    MARK_DOMAINS.has(domain) || /(?:^|\.)(?:argoproj|fluxcd)\.io$/.test(domain) || key === 'kubernetes.io/change-cause'
  );
};

/** On the Deployment itself; by `instance` Argo CD knows what is its own, and deletes what is not in its repository. */
const ownLabels = (labels: Texts | undefined): Texts =>
  without(
    labels,
    (key) => isMark(key) || key === 'app.kubernetes.io/managed-by' || key === 'app.kubernetes.io/instance',
  );

const without = (texts: Texts = {}, leavesOut: (key: string) => boolean): Texts =>
  Object.fromEntries(Object.entries(texts).filter(([key]) => !leavesOut(key)));

const some = <Name extends string>(name: Name, texts: Texts): { readonly [key in Name]?: Texts } | object =>
  Object.keys(texts).length === 0 ? {} : { [name]: texts };

const changed = (container: Container, { image, env, resources }: CloneChanges): Container => ({
  ...container,
  ...(image !== undefined && { image }),
  ...(Object.keys(env).length > 0 && { env: withEnv(container.env ?? [], env) }),
  ...(Object.keys(resources).length > 0 && { resources: withResources(container.resources, resources) }),
});

/** A variable that is there keeps its place: a later one may refer to it. */
const withEnv = (before: NonNullable<Container['env']>, env: Texts): NonNullable<Container['env']> => [
  ...before.map((each) => (Object.hasOwn(env, each.name) ? { name: each.name, value: env[each.name] ?? '' } : each)),
  ...Object.entries(env)
    .filter(([name]) => !before.some((each) => each.name === name))
    .map(([name, value]) => ({ name, value })),
];

const withResources = (
  before: Container['resources'] = {},
  wanted: Quantities,
): NonNullable<Container['resources']> => {
  const { requests, limits = {} } = before;
  const limited = Object.entries(wanted).filter(([name]) => Object.hasOwn(limits, name) || takesNoOther(name));
  const all = { ...limits, ...Object.fromEntries(limited) };
  return {
    ...before,
    requests: { ...requests, ...wanted },
    ...(Object.keys(all).length > 0 && { limits: all }),
  };
};

/** Extended resources such as GPUs, and huge pages: what is asked for is the limit. */
const takesNoOther = (resource: string): boolean => resource.includes('/') || resource.startsWith('hugepages-');
