import type { CopyChange, Deployment, ObjectMeta, ReplicaSet } from '../cluster/port.ts';
import { conditionOf, ownerOf, REVISION } from './observe.ts';

/**
 * Whether a change shows a turn of the driver anything that it has not seen. An upgrade of ten thousand pods sees a hundred
 * thousand versions of its Deployments and ReplicaSets in which a status alone has changed, and a turn counts pods.
 */
export class News<T extends { readonly metadata: ObjectMeta }> {
  readonly #lookedAt: (object: T) => string;
  readonly #known = new Map<string, string>();

  /** `lookedAt` is what a turn looks at of an object, in one word. */
  constructor(lookedAt: (object: T) => string) {
    this.#lookedAt = lookedAt;
  }

  /** Whether there is any among these changes; it is known from then on. */
  isIn(changes: readonly CopyChange<T>[]): boolean {
    let isAny = false;
    for (const { object, isGone } of changes) isAny = (isGone ? this.#forget(object) : this.know(object)) || isAny;
    return isAny;
  }

  /** Takes note of an object; whether that was news. */
  know(object: T): boolean {
    const uid = object.metadata.uid ?? '';
    const lookedAt = this.#lookedAt(object);
    if (this.#known.get(uid) === lookedAt) return false;
    this.#known.set(uid, lookedAt);
    return true;
  }

  #forget({ metadata }: T): boolean {
    this.#known.delete(metadata.uid ?? '');
    return true;
  }
}

/** Its spec, of which every change counts the generation up, and its revision. */
export const lookedAtOfDeployment = ({ metadata }: Deployment): string =>
  `${metadata.generation} ${metadata.annotations?.[REVISION]}`;

/** Whose it is and of which template; and where it fails to make pods, everything. */
export const lookedAtOfReplicaSet = (set: ReplicaSet): string => {
  const { annotations, labels, resourceVersion } = set.metadata;
  const failure = conditionOf(set.status?.conditions, 'ReplicaFailure');
  return `${ownerOf(set)} ${annotations?.[REVISION]} ${labels?.['pod-template-hash']} ${failure && resourceVersion}`;
};
