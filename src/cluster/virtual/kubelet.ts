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
  readonly ref: ObjectRef;
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
    this.queue = new WorkQueue(plane, (key) => this.#start(key));
    plane.store.of('pods').subscribe(({ type, object, before }) => {
      if (type === 'ADDED') this.#take(object);
      else if (type === 'DELETED') this.#drop(uidOf(object));
      else if (isTerminating(object) && !isTerminating(before)) this.#end(uidOf(object), object);
      else if (object.spec.nodeName !== before.spec.nodeName) this.#receive(uidOf(object));
    });
  }

  /** A pod is bound to a node, which sees it a moment later. */
  #receive(key: string): void {
    if (this.#plane.hasBegun) this.#start(key, this.#plane.reactionMs());
    else this.queue.add(key);
  }

  /** The pods of a node get into trouble: what was to happen to them does not. */
  trouble(node: string, trouble: Trouble): void {
    this.#troubles.set(node, trouble);
    for (const [key, pod, charge] of this.#podsOn(node)) {
      if (trouble === 'broken' && isTerminating(pod)) continue;
      charge.cancel();
      if (trouble === 'lost') continue;
      if (charge.stage?.at === 'ready') this.#unready(key, charge.stage);
      else if (charge.stage?.at === 'running') this.#unhealthy(key);
    }
  }

  /** The pods of a node go on: after a silence they are ready soon, otherwise they start anew. */
  mend(node: string): void {
    const trouble = this.#troubles.get(node);
    this.#troubles.delete(node);
    for (const [key, pod, charge] of this.#podsOn(node)) {
      if (isTerminating(pod)) this.#end(key, pod);
      else if (trouble === 'lost' && charge.stage?.at === 'ready') this.#in(key, SEEN_AGAIN_MS, () => this.#ready(key));
      else this.#start(key);
    }
  }

  *#podsOn(node: string): Generator<readonly [string, VirtualPod, Charge]> {
    for (const [key, charge] of this.#charges) {
      const pod = this.#pod(key);
      if (pod?.spec.nodeName === node) yield [key, pod, charge];
    }
  }

  #take(pod: VirtualPod): void {
    const charge = { ref: pod.metadata, plan: this.#planOf(pod), stage: undefined, cancel: nothing };
    this.#charges.set(uidOf(pod), charge);
  }

  #planOf(pod: VirtualPod): PodPlan {
    const { namespace } = pod.metadata;
    const set = this.#api.get('replicasets', { namespace, name: ownerOf(pod)?.name ?? '' });
    return this.#behaviours.next({ namespace, name: (set && ownerOf(set)?.name) ?? '' });
  }

  /** `afterMs` from now. */
  #start(key: string, afterMs = 0): void {
    const charge = this.#charges.get(key);
    const pod = this.#pod(key);
    if (charge === undefined || pod === undefined || isTerminating(pod)) return;
    const trouble = this.#troubles.get(pod.spec.nodeName ?? '');
    if (trouble === 'lost') return;
    const kind = trouble === 'broken' ? 'never-ready' : charge.plan.failure?.kind;
    if (kind === 'image-pull') return this.#in(key, afterMs + START_MS, () => this.#pull(key));
    const { readyAfterMs } = charge.plan;
    const isWell = kind === undefined || kind === 'turn-unready';
    if (isWell && !this.#isSeenRunning(readyAfterMs))
      return this.#in(key, afterMs + readyAfterMs, () => this.#ready(key));
    this.#in(key, afterMs + START_MS, () => {
      this.#run(key);
      if (kind === 'never-ready') return this.#in(key, PROBE_MS, () => this.#unhealthy(key));
      if (kind === 'crash-loop') this.#in(key, CRASH_AFTER_MS, () => this.#crash(key));
      else this.#in(key, readyAfterMs - START_MS, () => this.#ready(key));
    });
  }

  /** Whether a pod that is well runs for a while before it is ready; where one counts pods, it is the same as not to be ready. */
  #isSeenRunning(readyAfterMs: number): boolean {
    return readyAfterMs > START_MS && this.#plane.hasBegun && !this.#plane.isCoarse;
  }

  #pull(key: string): void {
    this.#become(key, { at: 'no-image', isBackingOff: false });
    this.#tell(key, 'Failed', (image) => `Failed to pull image "${image}": ${noImage(image, false).message}`);
    this.#in(key, PULL_AGAIN_MS, () => {
      this.#become(key, { at: 'no-image', isBackingOff: true });
      this.#tell(key, 'BackOff', (image) => `Back-off pulling image "${image}"`);
    });
  }

  #run(key: string): void {
    const stage = this.#charges.get(key)?.stage;
    const since = this.#timeOf(key, START_MS);
    this.#become(key, { at: 'running', since, restarts: restartsOf(stage) }, since);
  }

  #ready(key: string): void {
    const charge = this.#charges.get(key);
    const { readyAfterMs = 0, failure } = charge?.plan ?? {};
    const time = this.#timeOf(key, readyAfterMs);
    const since = sinceOf(charge?.stage) ?? this.#boundSince(key) ?? time;
    this.#become(key, { at: 'ready', since, restarts: restartsOf(charge?.stage) }, time);
    if (failure?.kind !== 'turn-unready') return;
    // This is what comes after the beginning.
    this.#later(key, failure.afterMs ?? 0, () => this.#unready(key, { at: 'ready', since, restarts: 0 }));
  }

  #crash(key: string): void {
    const stage = this.#charges.get(key)?.stage;
    const restarts = restartsOf(stage);
    const since = this.#plane.timeNow();
    const backoffMs = Math.min(MOST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** restarts);
    this.#become(key, { at: 'crashed', startedAt: sinceOf(stage) ?? since, since, restarts, backoffMs });
    this.#tell(key, 'BackOff', (_, pod) => `Back-off ${backingOff(pod)}`);
    this.#later(key, backoffMs, () => {
      this.#become(key, { at: 'running', since: this.#plane.timeNow(), restarts: restarts + 1 });
      this.#later(key, CRASH_AFTER_MS, () => this.#crash(key));
    });
  }

  /** It ran well, and does not answer any more. */
  #unready(key: string, stage: Extract<Stage, { at: 'ready' | 'running' }>): void {
    this.#become(key, { ...stage, at: 'running' });
    this.#unhealthy(key);
  }

  #unhealthy(key: string): void {
    this.#tell(key, 'Unhealthy', () => 'Readiness probe failed: HTTP probe failed with statuscode: 503');
  }

  #tell(key: string, reason: string, messageOf: (image: string, pod: VirtualPod) => string): void {
    const pod = this.#pod(key);
    for (const { name, image } of pod?.spec.containers ?? []) {
      if (pod === undefined) return;
      this.#recorder.kubelet(pod, { type: 'Warning', reason, message: messageOf(image, pod), container: name });
    }
  }

  /** What a container has written. Throws ClusterError where there is no such pod, or no such run of it. */
  log(ref: ObjectRef, request: LogRequest): readonly string[] {
    const pod = this.#plane.store.of('pods').get(ref);
    const charge = pod && this.#charges.get(uidOf(pod));
    if (pod === undefined || charge === undefined) throw notFound('pods', ref.name);
    return containerLog(pod, charge.stage, charge.plan, request, this.#plane.clock.now());
  }

  /** A pod ends when its containers have, or is killed after its grace period. On a lost node nobody can tell. */
  #end(key: string, pod: VirtualPod): void {
    const charge = this.#charges.get(key);
    charge?.cancel();
    if (charge === undefined || this.#troubles.get(pod.spec.nodeName ?? '') === 'lost') return;
    const graceMs = (pod.metadata.deletionGracePeriodSeconds ?? 0) * 1000;
    this.#later(key, Math.min(graceMs, charge.plan.terminationMs), () => {
      this.#api.remove('pods', pod.metadata, 0);
    });
  }

  /** A container that nobody saw start began when its pod was bound. */
  #boundSince(key: string): string | undefined {
    const pod = this.#pod(key);
    return pod && conditionOf(pod.status, 'PodScheduled')?.lastTransitionTime;
  }

  /**
   * When a pod comes to a stage: now; or so long after it was made, where it was there before the beginning and is well. One
   * that is not has begun to fail now.
   */
  #timeOf(key: string, afterMs: number): string {
    const failure = this.#charges.get(key)?.plan.failure;
    const isWell = failure === undefined || failure.kind === 'turn-unready';
    return isWell && !this.#plane.hasBegun ? this.#plane.time(afterMs) : this.#plane.timeNow();
  }

  #become(key: string, stage: Stage, time = this.#plane.timeNow()): void {
    const charge = this.#charges.get(key);
    const pod = this.#pod(key);
    if (charge === undefined || pod === undefined) return;
    charge.stage = stage;
    this.#plane.store.of('pods').put(pod, { ...pod, status: staged(pod, stage, time) });
  }

  #in(key: string, ms: number, call: () => void): void {
    // What a cluster begins with is at once what it comes to in the end.
    if (this.#plane.hasBegun) this.#later(key, ms, call);
    else call();
  }

  #later(key: string, ms: number, call: () => void): void {
    const charge = this.#charges.get(key);
    if (charge !== undefined) charge.cancel = this.#plane.clock.quietly(this.#plane.podMs(ms), call);
  }

  #drop(key: string): void {
    this.#charges.get(key)?.cancel();
    this.#charges.delete(key);
  }

  #pod(key: string): VirtualPod | undefined {
    const charge = this.#charges.get(key);
    return charge && this.#plane.store.of('pods').get(charge.ref);
  }
}

const nothing = (): void => undefined;

const restartsOf = (stage: Stage | undefined): number =>
  stage === undefined || stage.at === 'no-image' ? 0 : stage.restarts;

/** Since when a container runs, where it does. */
const sinceOf = (stage: Stage | undefined): string | undefined =>
  stage === undefined || stage.at === 'no-image' || stage.at === 'crashed' ? undefined : stage.since;
