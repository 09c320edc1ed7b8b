import type { LogRequest, ObjectRef } from '../port.ts';
import { ApiServer } from './api-server.ts';
import { Behaviours } from './behaviours.ts';
import { VirtualClock } from './clock.ts';
import { DeploymentController } from './deployment-controller.ts';
import { madeBy } from './field-owners.ts';
import { GarbageCollector } from './garbage-collector.ts';
import { Kubelet } from './kubelet.ts';
import { Nodes } from './nodes.ts';
import type { VirtualDeployment } from './objects.ts';
import { Plane } from './plane.ts';
import { PodMaker } from './pod-maker.ts';
import { quantitiesOf } from './room.ts';
import { hardOf, Quotas } from './quotas.ts';
import { exists } from './refusals.ts';
import type { Random } from './random.ts';
import { Recorder } from './recorder.ts';
import { ReplicaSetController } from './replica-set-controller.ts';
import type { Action, DeploymentSetup, QuotaSetup, Scenario } from './scenario.ts';
import { Scheduler } from './scheduler.ts';

/** Who made what a scenario begins with. */
const AUTHOR = 'kubectl-client-side-apply';
const NAMESPACES = ['default', 'kube-system'];

/**
 * A Kubernetes cluster in memory, in virtual time: an API server with its objects, the controllers that an upgrade meets,
 * a scheduler, and kubelets whose pods behave as a scenario says. The same scenario and seed give the same events, in the
 * same order, at the same moments. It is settled when it is made; nothing happens until the clock is told to go on.
 */
export class VirtualCluster {
  readonly clock: VirtualClock;
  /** Requests, answered at once and with every right. `virtualClusterPort` gives them the time that they take. */
  readonly api: ApiServer;
  readonly #plane: Plane;
  readonly #behaviours: Behaviours;
  readonly #kubelet: Kubelet;
  readonly #nodes: Nodes;

  constructor(scenario: Scenario, clock = new VirtualClock()) {
    const plane = new Plane(clock, scenario);
    this.clock = clock;
    this.#plane = plane;
    this.api = new ApiServer(plane);
    this.#behaviours = new Behaviours(plane);
    const quotas = new Quotas(plane);
    const recorder = new Recorder(plane);
    const maker = new PodMaker(plane, quotas, (pod) => {
      if (!plane.hasBegun) return this.#kubelet.aged(scheduler.placed(pod));
      return plane.isCoarse && scheduler.isIdle ? scheduler.placed(pod) : pod;
    });
    const deploymentController = new DeploymentController(plane);
    const replicaSetController = new ReplicaSetController(plane, this.api, maker);
    const scheduler = new Scheduler(plane, recorder);
    const controllers = [
      deploymentController,
      replicaSetController,
      scheduler,
      quotas,
      new GarbageCollector(plane, this.api),
    ];
    this.#kubelet = new Kubelet(plane, this.api, this.#behaviours, recorder);
    this.#nodes = new Nodes(plane, this.api, this.#kubelet);

    const { deployments, nodes } = scenario;
    for (const pool of nodes) this.#nodes.make(pool);
    const homes = [...deployments, ...scenario.quotas].map(({ namespace }) => namespace);
    for (const name of new Set([...NAMESPACES, ...homes])) this.addNamespace(name);
    for (const quota of scenario.quotas) this.#setQuota(quota);
    for (const setup of deployments) this.addDeployment(setup);
    settle([...controllers, this.#kubelet]);
    plane.begin();
    for (const { atMs, action } of scenario.happenings) clock.quietly(atMs, () => this.do(action));
  }

  /** Whether what pods do at about the same moment is done together. */
  get isCoarse(): boolean {
    return this.#plane.isCoarse;
  }

  /** A stream of chance for one purpose, from the scenario's seed. */
  random(purpose: string): Random {
    return this.#plane.random(purpose);
  }

  /** The last lines of a container. Throws ClusterError where there is no such pod, or no such run of it. */
  log(pod: ObjectRef, request: LogRequest): readonly string[] {
    return this.#kubelet.log(pod, request);
  }

  addNamespace(name: string): void {
    const namespaces = this.#plane.store.of('namespaces');
    if (namespaces.get({ namespace: '', name }) !== undefined) throw exists('namespaces', { namespace: '', name });
    namespaces.add({ metadata: { namespace: '', name, ...this.#plane.born() }, status: { phase: 'Active' } });
  }

  /** Makes a Deployment, as `kubectl apply` does: its controller finds it a moment later. */
  addDeployment(setup: DeploymentSetup, manager = AUTHOR): VirtualDeployment {
    const { namespace, name } = setup;
    this.api.demandNamespace(namespace);
    if (this.api.get('deployments', setup) !== undefined) throw exists('deployments', setup);
    this.#behaviours.set(setup);
    return this.#plane.store.of('deployments').add({
      metadata: {
        namespace,
        name,
        ...this.#plane.born(),
        generation: 1,
        labels: { app: name },
        managedFields: madeBy(manager, this.#plane.time()),
      },
      spec: specOf(setup),
      status: {},
    });
  }

  /** Does what a scenario can have happen. Throws ClusterError where it cannot be done. */
  do(action: Action): void {
    switch (action.kind) {
      case 'scale':
        this.api.scale(action.deployment, action.replicas, action);
        return;
      case 'set-image':
        this.api.setTemplate(action.deployment, action.manager, ({ metadata, spec }) => ({
          metadata,
          spec: { ...spec, containers: spec.containers.map((each) => ({ ...each, image: action.image })) },
        }));
        return;
      case 'delete-pods':
        return this.#deletePods(action);
      case 'delete-deployment':
        return this.api.remove('deployments', action.deployment);
      case 'break-node':
        return this.#nodes.break(action.node);
      case 'lose-node':
        return this.#nodes.lose(action.node);
      case 'mend-node':
        return this.#nodes.mend(action.node);
      case 'set-quota':
        return this.#setQuota(action.quota);
    }
  }

  #deletePods({ deployment, pods }: Extract<Action, { kind: 'delete-pods' }>): void {
    const labels = { matchLabels: { app: deployment.name } };
    const { items } = this.api.list('pods', { namespace: deployment.namespace, labels });
    const alive = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    for (const { metadata } of alive.slice(0, pods)) this.api.remove('pods', metadata);
  }

  #setQuota(quota: QuotaSetup): void {
    const { namespace } = quota;
    this.api.demandNamespace(namespace);
    const quotas = this.#plane.store.of('resourcequotas');
    const found = quotas.get({ namespace, name: 'quota' });
    const spec = { hard: hardOf(quota) };
    if (found !== undefined) quotas.put(found, { ...found, spec });
    else {
      const metadata = { namespace, name: 'quota', ...this.#plane.born() };
      quotas.add({ metadata, spec, status: { hard: {}, used: {} } });
    }
  }
}

/** Has everything done that there is to do, with pods that are at once what they come to in the end. */
const settle = (parts: readonly { readonly queue: { drain: () => boolean } }[]): void => {
  while (parts.map(({ queue }) => queue.drain()).includes(true));
};

const specOf = (setup: DeploymentSetup) => {
  const { name, replicas, labels, image, requests, nodeSelector, gracePeriodSeconds } = setup;
  const quantities = quantitiesOf(requests);
  const container = {
    name: 'server',
    image,
    resources: { requests: quantities, limits: quantities },
    // As a model server has one: whether it is ready is for the scenario to say.
    readinessProbe: { httpGet: { path: '/health', port: 8000 }, periodSeconds: 10 },
  };
  return {
    replicas,
    selector: { matchLabels: { app: name } },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    template: {
      metadata: { labels: { ...labels, app: name } },
      spec: {
        containers: [container],
        ...(nodeSelector && { nodeSelector }),
        restartPolicy: 'Always',
        schedulerName: 'default-scheduler',
        terminationGracePeriodSeconds: gracePeriodSeconds,
      },
    },
  } satisfies VirtualDeployment['spec'];
};
