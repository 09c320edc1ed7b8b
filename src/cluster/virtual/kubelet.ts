import type { LogRequest, ObjectRef } from '../port.ts';
import type { ApiServer } from './api-server.ts';
import type { Behaviours, PodPlan } from './behaviours.ts';
import { containerLog } from './container-log.ts';
import { uidOf } from './key.ts';
import { conditionOf, isTerminating, ownerOf, type VirtualPod } from './objects.ts';
import type { Plane } from './plane.ts';
import { backingOff, noImage, type Stage, staged } from './pod-states.ts';
import type { Recorder } from './recorder.ts';
import { notFound } from './refusals.ts';
import { WorkQueue } from './work-queue.ts';

/** From being on a node to running. */
const START_MS = 500;
/** How long a container runs before it crashes, and how long it is left alone then: twice as long each time. */
const CRASH_AFTER_MS = 2000;
const FIRST_BACKOFF_MS = 10_000;
const MOST_BACKOFF_MS = 300_000;
/** From the first failure to pull an image to the first back-off. */
const PULL_AGAIN_MS = 15_000;
/** From the start of a container to the first word about a probe that fails. */
const PROBE_MS = 10_000;
/** After how long the containers of a node that was only silent are known to be ready. */
const SEEN_AGAIN_MS = 1000;

/** A pod that a kubelet knows of, or will. */
type Charge = {
  /** As it is now. */
  pod: VirtualPod;
  readonly plan: PodPlan;
  stage: Stage | undefined;
  /** Takes back what is to happen to it next. */
  cancel: () => void;
};

/** Why no pod on a node becomes ready, or is heard of. */
export type Trouble = 'broken' | 'lost';

/** The kubelets of all nodes: starts the pods that are bound to them, and ends those that are deleted. */
export class Kubelet {
  /** The pods that there are when the cluster is made. */
  readonly queue: WorkQueue;
  readonly #plane: Plane;
  readonly #api: ApiServer;
  readonly #behaviours: Behaviours;
  readonly #recorder: Recorder;
  readonly #charges = new Map<string, Charge>();
  readonly #troubles = new Map<string, Trouble>();

  constructor(plane: Plane, api: ApiServer, behaviours: Behaviours, recorder: Recorder) {
    this.#plane = plane;
    this.#api = api;
    this.#behaviours = behaviours;
    this.#recorder = recorder;
    this.queue = new WorkQueue(plane, (uid) => {
      const charge = this.#charges.get(uid);
      if (charge !== undefined) this.#start(charge);
    });
    plane.store.of('pods').subscribe(({ type, object, before }) => {
      const charge = this.#charges.get(uidOf(object)) ?? (type === 'ADDED' ? this.#take(object) : undefined);
      if (charge === undefined) return;
      charge.pod = object;
      if (type === 'ADDED') this.#welcome(charge);
      else if (type === 'DELETED') this.#drop(charge);
      else if (isTerminating(object) && !isTerminating(before)) this.#end(charge);
      else if (object.spec.nodeName !== before.spec.nodeName) this.#receive(charge);
    });
  }

  /**
   * Takes charge of a pod that is not there yet, and was made long before the beginning; answers with what it has come to. One
   * that is not well, or is on no node, is as it was made, and takes the way of the others.
   */
  aged(pod: VirtualPod): VirtualPod {
    const charge = this.#take(pod);
    const { plan } = charge;
    if (pod.spec.nodeName === undefined || plan.failure !== undefined) return pod;
    const time = this.#timeOf(charge, plan.readyAfterMs);
    charge.stage = { at: 'ready', since: boundSince(pod) ?? time, restarts: 0 };
    return { metadata: pod.metadata, spec: pod.spec, status: staged(pod, charge.stage, time) };
  }

  #welcome(charge: Charge): void {
    if (charge.pod.spec.nodeName !== undefined && charge.stage === undefined) this.#receive(charge);
  }

  /** A pod is bound to a node, which sees it a moment later. */
  #receive(charge: Charge): void {
    if (this.#plane.hasBegun) this.#start(charge, this.#plane.reactionMs());
    else this.queue.add(uidOf(charge.pod));
  }

  /** The pods of a node get into trouble: what was to happen to them does not. */
  trouble(node: string, trouble: Trouble): void {
    this.#troubles.set(node, trouble);
    for (const charge of this.#chargesOn(node)) {
      if (trouble === 'broken' && isTerminating(charge.pod)) continue;
      charge.cancel();
      if (trouble === 'lost') continue;
      if (charge.stage?.at === 'ready') this.#unready(charge, charge.stage);
      else if (charge.stage?.at === 'running') this.#unhealthy(charge);
    }
  }

  /** The pods of a node go on: after a silence they are ready soon, otherwise they start anew. */
  mend(node: string): void {
    const trouble = this.#troubles.get(node);
    this.#troubles.delete(node);
    for (const charge of this.#chargesOn(node)) {
      if (isTerminating(charge.pod)) this.#end(charge);
      else if (trouble === 'lost' && charge.stage?.at === 'ready')
        this.#in(charge, SEEN_AGAIN_MS, () => this.#ready(charge));
      else this.#start(charge);
    }
  }

  *#chargesOn(node: string): Generator<Charge> {
    for (const charge of this.#charges.values()) if (charge.pod.spec.nodeName === node) yield charge;
  }

  #take(pod: VirtualPod): Charge {
    const charge = { pod, plan: this.#planOf(pod), stage: undefined, cancel: nothing };
    this.#charges.set(uidOf(pod), charge);
    return charge;
  }

  #planOf(pod: VirtualPod): PodPlan {
    const { namespace } = pod.metadata;
    const set = this.#api.get('replicasets', { namespace, name: ownerOf(pod)?.name ?? '' });
    return this.#behaviours.next({ namespace, name: (set && ownerOf(set)?.name) ?? '' });
  }

  /** `afterMs` from now. */
  #start(charge: Charge, afterMs = 0): void {
    const { pod, plan } = charge;
    if (isTerminating(pod)) return;
    const trouble = this.#troubles.get(pod.spec.nodeName ?? '');
    if (trouble === 'lost') return;
    const kind = trouble === 'broken' ? 'never-ready' : plan.failure?.kind;
    if (kind === 'image-pull') return this.#in(charge, afterMs + START_MS, () => this.#pull(charge));
    const { readyAfterMs } = plan;
    const isWell = kind === undefined || kind === 'turn-unready';
    if (isWell && !this.#isSeenRunning(readyAfterMs))
      return this.#in(charge, afterMs + readyAfterMs, () => this.#ready(charge));
    this.#in(charge, afterMs + START_MS, () => {
      this.#run(charge);
      if (kind === 'never-ready') return this.#in(charge, PROBE_MS, () => this.#unhealthy(charge));
      if (kind === 'crash-loop') this.#in(charge, CRASH_AFTER_MS, () => this.#crash(charge));
      else this.#in(charge, readyAfterMs - START_MS, () => this.#ready(charge));
    });
  }

  /** Whether a pod that is well runs for a while before it is ready; where one counts pods, it is the same as not to be ready. */
  #isSeenRunning(readyAfterMs: number): boolean {
    return readyAfterMs > START_MS && this.#plane.hasBegun && !this.#plane.isCoarse;
  }

  #pull(charge: Charge): void {
    this.#become(charge, { at: 'no-image', isBackingOff: false });
    this.#tell(charge, 'Failed', (image) => `Failed to pull image "${image}": ${noImage(image, false).message}`);
    this.#in(charge, PULL_AGAIN_MS, () => {
      this.#become(charge, { at: 'no-image', isBackingOff: true });
      this.#tell(charge, 'BackOff', (image) => `Back-off pulling image "${image}"`);
    });
  }

  #run(charge: Charge): void {
    const since = this.#timeOf(charge, START_MS);
    this.#become(charge, { at: 'running', since, restarts: restartsOf(charge.stage) }, since);
  }

  #ready(charge: Charge): void {
    const { pod, plan, stage } = charge;
    const time = this.#timeOf(charge, plan.readyAfterMs);
    const since = sinceOf(stage) ?? boundSince(pod) ?? time;
    this.#become(charge, { at: 'ready', since, restarts: restartsOf(stage) }, time);
    if (plan.failure?.kind !== 'turn-unready') return;
    // This is what comes after the beginning.
    this.#later(charge, plan.failure.afterMs ?? 0, () => this.#unready(charge, { at: 'ready', since, restarts: 0 }));
  }

  #crash(charge: Charge): void {
    const { stage } = charge;
    const restarts = restartsOf(stage);
    const since = this.#plane.timeNow();
    const backoffMs = Math.min(MOST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** restarts);
    this.#become(charge, { at: 'crashed', startedAt: sinceOf(stage) ?? since, since, restarts, backoffMs });
    this.#tell(charge, 'BackOff', (_, pod) => `Back-off ${backingOff(pod)}`);
    this.#later(charge, backoffMs, () => {
      this.#become(charge, { at: 'running', since: this.#plane.timeNow(), restarts: restarts + 1 });
      this.#later(charge, CRASH_AFTER_MS, () => this.#crash(charge));
    });
  }

  /** It ran well, and does not answer any more. */
  #unready(charge: Charge, stage: Extract<Stage, { at: 'ready' | 'running' }>): void {
    this.#become(charge, { ...stage, at: 'running' });
    this.#unhealthy(charge);
  }

  #unhealthy(charge: Charge): void {
    this.#tell(charge, 'Unhealthy', () => 'Readiness probe failed: HTTP probe failed with statuscode: 503');
  }

  #tell({ pod }: Charge, reason: string, messageOf: (image: string, pod: VirtualPod) => string): void {
    for (const { name, image } of pod.spec.containers)
      this.#recorder.kubelet(pod, { type: 'Warning', reason, message: messageOf(image, pod), container: name });
  }

  /** What a container has written. Throws ClusterError where there is no such pod, or no such run of it. */
  log(ref: ObjectRef, request: LogRequest): readonly string[] {
    const pod = this.#plane.store.of('pods').get(ref);
    const charge = pod && this.#charges.get(uidOf(pod));
    if (pod === undefined || charge === undefined) throw notFound('pods', ref.name);
    return containerLog(pod, charge.stage, charge.plan, request, this.#plane.clock.now());
  }

  /** A pod ends when its containers have, or is killed after its grace period. On a lost node nobody can tell. */
  #end(charge: Charge): void {
    charge.cancel();
    const { pod, plan } = charge;
    if (this.#troubles.get(pod.spec.nodeName ?? '') === 'lost') return;
    const graceMs = (pod.metadata.deletionGracePeriodSeconds ?? 0) * 1000;
    this.#later(charge, Math.min(graceMs, plan.terminationMs), () => this.#plane.store.of('pods').remove(charge.pod));
  }

  /**
   * When a pod comes to a stage: now; or so long after it was made, where it was there before the beginning and is well. One
   * that is not has begun to fail now.
   */
  #timeOf({ plan: { failure } }: Charge, afterMs: number): string {
    const isWell = failure === undefined || failure.kind === 'turn-unready';
    return isWell && !this.#plane.hasBegun ? this.#plane.time(afterMs) : this.#plane.timeNow();
  }

  #become(charge: Charge, stage: Stage, time = this.#plane.timeNow()): void {
    const { pod } = charge;
    charge.stage = stage;
    this.#plane.store.of('pods').put(pod, { metadata: pod.metadata, spec: pod.spec, status: staged(pod, stage, time) });
  }

  #in(charge: Charge, ms: number, call: () => void): void {
    // What a cluster begins with is at once what it comes to in the end.
    if (this.#plane.hasBegun) this.#later(charge, ms, call);
    else call();
  }

  /** There is but one thing that is to happen to a pod next. */
  #later(charge: Charge, ms: number, call: () => void): void {
    charge.cancel();
    charge.cancel = this.#plane.clock.quietly(this.#plane.podMs(ms), call);
  }

  #drop(charge: Charge): void {
    charge.cancel();
    this.#charges.delete(uidOf(charge.pod));
  }
}

/** A container that nobody saw start began when its pod was bound. */
const boundSince = ({ status }: VirtualPod): string | undefined =>
  conditionOf(status, 'PodScheduled')?.lastTransitionTime;

const nothing = (): void => undefined;

const restartsOf = (stage: Stage | undefined): number =>
  stage === undefined || stage.at === 'no-image' ? 0 : stage.restarts;

/** Since when a container runs, where it does. */
const sinceOf = (stage: Stage | undefined): string | undefined =>
  stage === undefined || stage.at === 'no-image' || stage.at === 'crashed' ? undefined : stage.since;
