import type { ObjectRef, Pod } from '../cluster/port.ts';
import type { Reason } from '../upgrade/health.ts';
import { remembered } from '../upgrade/remembered.ts';
import type { Alike } from './causes.ts';
import { containersOf, podFinding } from './pod-finding.ts';

export type LogWanted = {
  readonly container: string;
  readonly previous: boolean;
  /** How often the container had been started again: the log of another run tells of something else. */
  readonly restarts: number;
};

/** A pod that is asked about, and what is asked. */
export type Suspect = {
  readonly uid: string;
  readonly ref: ObjectRef;
  /** Of the pod, as it is known. */
  readonly version: string;
  /** For how long it may be as it is before it counts as standing still. */
  readonly afterMs: number;
  readonly wantsEvents: boolean;
  readonly log?: LogWanted;
  readonly node?: string;
};

/** As many pods are asked about at a time: kinds of standstill are few, and one pod speaks for all that are like it. */
const MOST_SUSPECTS = 4;

/** Of which a pod does not say enough itself, what is worth asking about first. */
const ASKED: readonly Reason[] = ['image', 'crash', 'not-ready', 'starting', 'terminating'];

/** Many pods are on their way, not ready, or at their end for a moment only; but what is known of them elsewhere is to be told within a second. */
const PATIENCE_MS = 500;

/** What a pod does not get out of within a moment. */
const LASTING: ReadonlySet<Reason> = new Set(['image', 'crash']);

/** The pods to ask about: one of each kind, those first that say the least of why they stand still. */
export const suspectsOf = (alike: readonly Alike[]): readonly Suspect[] => {
  const suspects: Suspect[] = [];
  for (const reason of ASKED) {
    for (const { example, finding } of alike) {
      if (finding.reason === reason && suspects.length < MOST_SUSPECTS) suspects.push(suspectOf(example));
    }
  }
  return suspects;
};

/** What is asked about a pod. */
export const suspectOf = remembered((example: Pod): Suspect => {
  const reason = podFinding(example)?.reason ?? 'starting';
  const { namespace, name, uid = '', resourceVersion = '', deletionGracePeriodSeconds = 0 } = example.metadata;
  const isTerminating = reason === 'terminating';
  // Until its grace period is over, a pod takes what it was given.
  const graceMs = isTerminating ? deletionGracePeriodSeconds * 1000 : 0;
  const log = reason === 'crash' || reason === 'starting' ? logWanted(example) : undefined;
  const node = reason === 'not-ready' || reason === 'starting' || isTerminating ? example.spec?.nodeName : undefined;
  return {
    uid,
    ref: { namespace, name },
    version: resourceVersion,
    afterMs: LASTING.has(reason) ? 0 : Math.max(PATIENCE_MS, graceMs),
    wantsEvents: !isTerminating,
    ...(log && { log }),
    ...(node && { node }),
  };
});

/** Of the first container that is not ready: of the run that ended last, or of the one that is under way. */
const logWanted = (pod: Pod): LogWanted | undefined => {
  const unready = containersOf(pod).find(({ ready, state }) => ready !== true && state?.terminated?.exitCode !== 0);
  if (unready === undefined) return undefined;
  const { name: container, state, lastState, restartCount: restarts = 0 } = unready;
  if (state?.running !== undefined || state?.terminated !== undefined) return { container, previous: false, restarts };
  return lastState?.terminated === undefined ? undefined : { container, previous: true, restarts };
};
