import type { Cause, Reason } from '../upgrade/health.ts';
import { podsText, withoutStop } from './wording.ts';

/** Every reason in a few words, to stand after a name. */
export const REASON_TEXTS: Readonly<Record<Reason, string>> = {
  unschedulable: 'pods cannot be scheduled',
  quota: 'a quota is used up',
  image: 'the image cannot be pulled',
  crash: 'containers crash',
  config: 'containers cannot be made from their configuration',
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
  'record-gone': 'the record is gone',
  'record-unreadable': 'the record cannot be understood',
  denied: 'access was denied',
  unreachable: 'the cluster cannot be reached',
};

export const isReason = (word: string): word is Reason => Object.hasOwn(REASON_TEXTS, word);

/** What pods do, for one and for many, where a reason is about pods. */
const POD_TEXTS: Partial<Record<Reason, readonly [one: string, many: string]>> = {
  unschedulable: ['cannot be scheduled', 'cannot be scheduled'],
  quota: ['cannot be made (quota)', 'cannot be made (quota)'],
  image: ['cannot pull its image', 'cannot pull their image'],
  crash: ['crashes', 'crash'],
  config: ['cannot be made from its configuration', 'cannot be made from their configuration'],
  'not-ready': ['runs and is not ready', 'run and are not ready'],
  starting: ['is starting', 'are starting'],
  terminating: ['is terminating', 'are terminating'],
};

/** `3 grey pods cannot be scheduled, e.g. web-2-x7k: 0/8 nodes are available`; all in one line. */
export const causeText = (cause: Cause): string => {
  const message = cause.message === undefined ? '' : `: ${withoutStop(cause.message)}`;
  return `${affected(cause)}${message}`;
};

const affected = ({ reason, side, pods, example }: Cause): string => {
  const texts = POD_TEXTS[reason];
  if (texts === undefined) return `${side}: ${REASON_TEXTS[reason]}`;
  if (pods === 0) return `no more ${side} pods can be made${reason === 'quota' ? ' (quota)' : ''}`;
  const which = example === undefined ? '' : pods === 1 ? ` (${example})` : `, e.g. ${example}`;
  return `${podsText(pods, side)} ${pods === 1 ? texts[0] : texts[1]}${which}`;
};

/** Whether a cause is only that things take their time. */
export const isSlowOnly = ({ reason }: Cause): boolean => reason === 'starting' || reason === 'terminating';
