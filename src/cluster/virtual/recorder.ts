import type { KubernetesEvent } from '../port.ts';
import type { VirtualPod } from './objects.ts';
import type { Plane } from './plane.ts';
import type { Random } from './random.ts';

type Said = Pick<KubernetesEvent, 'type' | 'reason' | 'message'> & { readonly container?: string };

/** Writes Events about pods, in the form that their writers give them. What is said again is counted up. */
export class Recorder {
  readonly #plane: Plane;
  /** Names and uids of their own, so that an Event changes no other object. */
  readonly #ids: Random;
  /** Of those that may be said again. */
  readonly #names = new Map<string, string>();
  #count = 0;

  constructor(plane: Plane) {
    this.#plane = plane;
    this.#ids = plane.random('events');
  }

  /** A kubelet's Event: with a count, and the times of the first and of the last. */
  kubelet(pod: VirtualPod, said: Said): void {
    const time = this.#plane.timeNow();
    const key = [pod.metadata.uid, said.reason, said.message].join(' ');
    const known = this.#events.get({ namespace: pod.metadata.namespace, name: this.#names.get(key) ?? '' });
    if (known !== undefined) {
      this.#events.put(known, { ...known, lastTimestamp: time, count: (known.count ?? 1) + 1 });
      return;
    }
    const { nodeName = '' } = pod.spec;
    const event = this.#about(pod, said);
    this.#names.set(key, event.metadata.name);
    this.#events.add({
      ...event,
      source: { component: 'kubelet', ...(nodeName !== '' && { host: nodeName }) },
      reportingComponent: 'kubelet',
      reportingInstance: nodeName,
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
    });
  }

  /** The scheduler writes Events of the newer API: with one time, and no count. */
  scheduler(pod: VirtualPod, said: Said): void {
    this.#events.add({
      ...this.#about(pod, said),
      source: { component: '' },
      reportingComponent: 'default-scheduler',
      reportingInstance: 'default-scheduler-0',
      firstTimestamp: null,
      lastTimestamp: null,
      eventTime: new Date(this.#plane.clock.now()).toISOString().replace('Z', '000Z'),
    });
  }

  get #events() {
    return this.#plane.store.of('events');
  }

  #about({ metadata }: VirtualPod, { type, reason, message, container }: Said) {
    this.#count += 1;
    const { namespace, name, uid = '' } = metadata;
    const own = `${name}.${this.#count.toString(16).padStart(16, '0')}`;
    const fieldPath = container === undefined ? {} : { fieldPath: `spec.containers{${container}}` };
    return {
      metadata: { namespace, name: own, uid: this.#ids.uuid(), creationTimestamp: this.#plane.timeNow() },
      involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace, name, uid, ...fieldPath },
      type,
      reason,
      message,
    };
  }
}
