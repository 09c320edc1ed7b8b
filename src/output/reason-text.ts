import type { Reason } from '../upgrade/health.ts';

/** Every reason in a few words, to stand after a name. */
export const REASON_TEXTS: Readonly<Record<Reason, string>> = {
  unschedulable: 'pods cannot be scheduled',
  quota: 'a quota is used up',
  image: 'the image cannot be pulled',
  crash: 'containers crash',
  config: 'containers cannot be made from their configuration',
  node: 'the node of pods is not well',
  'not-ready': 'pods run and are not ready',
  starting: 'pods are starting',
  terminating: 'pods are terminating',
  limit: 'a limit of the spec holds the next step back',
  timeout: 'the time given has run out',
  paused: 'somebody paused it',
  'off-spec': 'it stands at targets that are not those of the spec',
  aborted: 'somebody aborted it',
  'rolled-back': 'somebody rolled it back',
  interrupted: 'the driver was interrupted',
  locked: 'another driver holds the lock',
  'foreign-write': 'somebody else changes the replicas',
  'template-changed': 'the pod template was changed',
  'deployment-gone': 'a Deployment is gone',
  'namespace-gone': 'a namespace is being deleted',
  'record-gone': 'the record is gone',
  'record-unreadable': 'the record cannot be understood',
  denied: 'access was denied',
  unreachable: 'the cluster cannot be reached',
};

export const isReason = (word: string): word is Reason => Object.hasOwn(REASON_TEXTS, word);
