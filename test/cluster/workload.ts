import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { behaviourAnnotations, degradedCondition, type PodBehaviour } from './behaviour.ts';
import { until, type KubeList, type KubeObject, type Patience } from './follow.ts';
import {
  collectionPath,
  isReady,
  type Deployment,
  type Kind,
  type Kinds,
  type KubeEvent,
  type Pod,
  type Scale,
} from './objects.ts';
import { ApiRefusal, mergePatch, strategicPatch, type Query, type RestClient } from './rest.ts';
import type { RbacSubject } from './users.ts';

export interface DeploymentRequest {
  readonly name: string;
  readonly replicas: number;
  readonly image?: string;
  readonly behaviour?: PodBehaviour;
  /** GPUs of each pod; none unless told. */
  readonly gpus?: number;
  readonly terminationGracePeriodSeconds?: number;
  /** Labels of the pods besides `app`, which is the Deployment's name and its selector. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly strategy?: unknown;
}

export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

const CONTAINER = 'server';

const writtenAs = (path: string, manager: string | undefined): string =>
  manager === undefined ? path : `${path}?fieldManager=${manager}`;

/** A namespace of a test's own, and what a test does in it. */
export class TestNamespace {
  readonly name: string;
  readonly client: RestClient;

  private constructor(name: string, client: RestClient) {
    this.name = name;
    this.client = client;
  }

  /** Makes a namespace of a random name. Resolves once pods can be made in it. */
  static async make(client: RestClient, prefix = 'test'): Promise<TestNamespace> {
    const namespace = new TestNamespace(`${prefix}-${randomBytes(4).toString('hex')}`, client);
    await client.create('/api/v1/namespaces', { metadata: { name: namespace.name } });
    // Pods are refused while their service account is missing.
    await namespace.until(
      'serviceaccounts',
      (accounts) => accounts.some(({ metadata }) => metadata.name === 'default'),
      {
        what: 'the default service account',
      },
    );
    return namespace;
  }

  /**
   * Removes the namespace with everything in it. Resolves when its pods are gone and have given their nodes' room back;
   * the rest follows some seconds later.
   */
  async delete(): Promise<void> {
    // First, so that nothing is made in it any more. A test may have deleted it itself.
    try {
      await this.beginToLeave();
    } catch (error) {
      if (!(error instanceof ApiRefusal) || (error.code !== 404 && error.code !== 409)) throw error;
    }
    await this.client.delete(this.path('deployments'), { propagationPolicy: 'Background' });
    await this.client.delete(this.path('replicasets'), { propagationPolicy: 'Background' });
    // By force: a pod that terminates slowly, or never, shall not hold up the next test.
    await this.client.delete(this.path('pods'), { gracePeriodSeconds: 0 });
    await this.until('pods', (pods) => pods.length === 0, { what: `the end of the pods in ${this.name}` });
  }

  /** Has it be deleted, and leaves what is in it to Kubernetes. */
  async beginToLeave(): Promise<void> {
    await this.client.delete(`/api/v1/namespaces/${this.name}`);
  }

  /** Takes away what an upgrade leaves, for the next to find an empty namespace. */
  async clear(): Promise<void> {
    // A Deployment is there until all that it owns is gone, so that nothing of it can turn up later.
    await this.client.delete(this.path('deployments'), { propagationPolicy: 'Foreground' });
    await this.until('deployments', (left) => left.length === 0, {
      what: `the end of the Deployments in ${this.name}`,
    });
    await this.client.delete(this.path('leases'));
    for (const { metadata } of await this.list('configmaps', {
      labelSelector: 'app.kubernetes.io/managed-by=dupgrade',
    }))
      await this.remove('configmaps', metadata.name);
  }

  path(kind: Kind, name?: string, subresource?: string): string {
    return [collectionPath(this.name, kind), name, subresource].filter((part) => part !== undefined).join('/');
  }

  get<K extends Kind>(kind: K, name: string): Promise<Kinds[K]> {
    return this.client.get<Kinds[K]>(this.path(kind, name));
  }

  async list<K extends Kind>(kind: K, query: Query = {}): Promise<readonly Kinds[K][]> {
    return (await this.client.get<KubeList<Kinds[K]>>(this.path(kind), query)).items;
  }

  create<K extends Kind>(kind: K, body: object): Promise<Kinds[K]> {
    return this.client.create<Kinds[K]>(this.path(kind), body);
  }

  /** A JSON merge patch, unless `type` says otherwise. */
  patch<K extends Kind>(kind: K, name: string, body: object, type = mergePatch): Promise<Kinds[K]> {
    return this.client.patch<Kinds[K]>(this.path(kind, name), body, type);
  }

  async remove(kind: Kind, name: string, options: object = { propagationPolicy: 'Background' }): Promise<void> {
    await this.client.delete(this.path(kind, name), options);
  }

  /** Waits until `holds` is true of all objects of a kind, or of those that `query` selects; see `until` of follow.ts. */
  until<K extends Kind>(
    kind: K,
    holds: (items: readonly Kinds[K][]) => boolean,
    { query = {}, ...patience }: Patience & { readonly query?: Query } = {},
  ): Promise<readonly Kinds[K][]> {
    return until<Kinds[K] & KubeObject>(this.client, this.path(kind), query, holds, patience);
  }

  /** Waits until `holds` is true of the pods of a Deployment. */
  untilPods(
    deployment: string,
    holds: (pods: readonly Pod[]) => boolean,
    patience: Patience = {},
  ): Promise<readonly Pod[]> {
    return this.until('pods', holds, { query: { labelSelector: `app=${deployment}` }, ...patience });
  }

  /**
   * Waits until a Deployment has exactly `count` pods, each of them ready, terminating ones included in the count, and
   * its status says so too.
   */
  async untilReady(deployment: string, count: number, patience: Patience = {}): Promise<readonly Pod[]> {
    const what = patience.what ?? `${count} ready pods of ${deployment}`;
    const pods = await this.untilPods(deployment, (all) => all.length === count && all.every(isReady), {
      ...patience,
      what,
    });
    const says = ({ metadata, spec, status }: Deployment): boolean =>
      status.observedGeneration === metadata.generation &&
      spec.replicas === count &&
      (status.readyReplicas ?? 0) === count;
    const query = { fieldSelector: `metadata.name=${deployment}` };
    await this.until('deployments', (found) => found.some(says), { ...patience, what, query });
    return pods;
  }

  createDeployment(request: DeploymentRequest): Promise<Deployment> {
    const { name, replicas, image = 'model-server:1', behaviour = {}, gpus, strategy } = request;
    const grace = request.terminationGracePeriodSeconds;
    return this.create('deployments', {
      metadata: { name, labels: { app: name } },
      spec: {
        replicas,
        selector: { matchLabels: { app: name } },
        ...(strategy !== undefined && { strategy }),
        template: {
          metadata: { labels: { ...request.labels, app: name }, annotations: behaviourAnnotations(behaviour) },
          spec: {
            containers: [
              { name: CONTAINER, image, ...(gpus && { resources: { limits: { 'nvidia.com/gpu': String(gpus) } } }) },
            ],
            ...(grace !== undefined && { terminationGracePeriodSeconds: grace }),
          },
        },
      },
    });
  }

  /** Scales a Deployment by its `scale` subresource, as `kubectl scale` does; `manager` is the name in managedFields. */
  scale(deployment: string, replicas: number, manager?: string): Promise<Scale> {
    const path = this.path('deployments', deployment, 'scale');
    return this.client.patch<Scale>(writtenAs(path, manager), { spec: { replicas } });
  }

  /** Gives a Deployment's pods another image, as `kubectl set image` does: a new template. */
  async setImage(deployment: string, image: string, manager?: string): Promise<void> {
    const path = writtenAs(this.path('deployments', deployment), manager);
    await this.client.patch(
      path,
      { spec: { template: { spec: { containers: [{ name: CONTAINER, image }] } } } },
      strategicPatch,
    );
  }

  /** Sets the one ResourceQuota of the namespace, e.g. to `{ pods: '5' }`. Resolves once it is enforced. */
  async setQuota(hard: Readonly<Record<string, string>>): Promise<void> {
    const name = 'quota';
    const there = await this.list('resourcequotas');
    if (there.length === 0) await this.create('resourcequotas', { metadata: { name }, spec: { hard } });
    else await this.client.replace(this.path('resourcequotas', name), { metadata: { name }, spec: { hard } });
    const isEnforced = (set: Readonly<Record<string, string>> = {}): boolean =>
      Object.keys(set).length === Object.keys(hard).length &&
      Object.entries(hard).every(([resource, amount]) => set[resource] === amount);
    await this.until('resourcequotas', (quotas) => quotas.some(({ status }) => isEnforced(status.hard)), {
      what: 'enforcement of the quota',
    });
  }

  /** Turns one ready pod un-Ready; it stays so until `turnReady`. */
  turnNotReady(pod: string): Promise<Pod> {
    return this.#setReadiness(pod, 'False');
  }

  /** Takes `turnNotReady`, or a degradation, back. */
  turnReady(pod: string): Promise<Pod> {
    return this.#setReadiness(pod, 'True');
  }

  /** Changes how one living pod behaves from now on, e.g. has one that was never ready become so. */
  behave(pod: string, behaviour: PodBehaviour): Promise<Pod> {
    return this.patch('pods', pod, { metadata: { annotations: behaviourAnnotations(behaviour) } });
  }

  /** Events of the namespace; of one reason, if told. */
  events(reason?: string): Promise<readonly KubeEvent[]> {
    return this.list('events', reason === undefined ? {} : { fieldSelector: `reason=${reason}` });
  }

  /** Grants a subject rights in this namespace, e.g. the plane's `limited` user. Resolves once they count. */
  async grant(subject: RbacSubject, rules: readonly PolicyRule[]): Promise<void> {
    const name = `granted-${randomBytes(4).toString('hex')}`;
    await this.create('roles', { metadata: { name }, rules });
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name };
    await this.create('rolebindings', { metadata: { name }, roleRef, subjects: [subject] });
    for (const rule of rules) await this.#allowed(subject, rule);
  }

  /** The server learns of new rights with a delay, and offers no watch of what it knows. */
  async #allowed(subject: RbacSubject, { apiGroups, resources, verbs, resourceNames }: PolicyRule): Promise<void> {
    const [resource = '', subresource = ''] = (resources[0] ?? '').split('/');
    const user = subject.kind === 'User' ? subject.name : `system:serviceaccount:${subject.namespace}:${subject.name}`;
    const attributes = { namespace: this.name, group: apiGroups[0], resource, subresource, verb: verbs[0] };
    const review = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'LocalSubjectAccessReview',
      metadata: { namespace: this.name },
      spec: { user, resourceAttributes: { ...attributes, name: resourceNames?.[0] } },
    };
    const path = `/apis/authorization.k8s.io/v1/namespaces/${this.name}/localsubjectaccessreviews`;
    for (let tries = 0; tries < 500; tries++) {
      const { status } = await this.client.create<{ readonly status: { readonly allowed: boolean } }>(path, review);
      if (status.allowed) return;
      await pause(20);
    }
    throw new Error(`${user} was not granted ${verbs[0]} ${resources[0]} in ${this.name}`);
  }

  async #setReadiness(pod: string, status: 'True' | 'False'): Promise<Pod> {
    const lastTransitionTime = new Date().toISOString();
    const reason = status === 'True' ? '' : 'ContainersNotReady';
    return await this.client.patch<Pod>(
      this.path('pods', pod, 'status'),
      {
        status: {
          conditions: [
            { type: degradedCondition, status: status === 'True' ? 'False' : 'True', lastTransitionTime },
            { type: 'ContainersReady', status, reason, lastTransitionTime },
            { type: 'Ready', status, reason, lastTransitionTime },
          ],
        },
      },
      strategicPatch,
    );
  }
}
