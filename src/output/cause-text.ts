import type { Cause, CauseDetail, Reason, StartStage } from '../upgrade/health.ts';
import { type Addressee, aboutCause } from './next-step.ts';
import { REASON_TEXTS } from './reason-text.ts';
import { memoryText, podsText, withoutStop } from './wording.ts';

/** What pods do, for one and for many, where a reason is about pods. */
const POD_TEXTS: Partial<Record<Reason, readonly [one: string, many: string]>> = {
  unschedulable: ['cannot be scheduled', 'cannot be scheduled'],
  quota: ['cannot be made (quota)', 'cannot be made (quota)'],
  image: ['cannot pull its image', 'cannot pull their image'],
  crash: ['crashes', 'crash'],
  config: ['cannot be made from its configuration', 'cannot be made from their configuration'],
  node: ['is on a node that is not well', 'are on a node that is not well'],
  'not-ready': ['runs and is not ready', 'run and are not ready'],
  starting: ['is starting', 'are starting'],
  terminating: ['is terminating', 'are terminating'],
};

/** The last of what a container wrote that fits in a line. */
const LOG_SHOWN = 2;

/**
 * A cause in one line: how many pods, which for example, since when, why, and the command to go on with:
 * `2 grey pods cannot be scheduled, e.g. web-x7k, since 10:05:00Z: each needs 8 nvidia.com/gpu, 0 of 8 nodes have 8 free;
 * accept what is ready now: dupgrade set-target web -n shop --ready`.
 */
export const causeText = (cause: Cause, to: Addressee): string => {
  const next = aboutCause(cause, to);
  return next === undefined ? causeSentence(cause) : `${causeSentence(cause)}; ${next.why}: ${next.command}`;
};

/** The same without the command. */
export const causeSentence = (cause: Cause): string => {
  const why = [whyText(cause), logText(cause)].filter((text) => text !== '').join('; ');
  const doomed = cause.doomed === true ? ', which cannot heal by itself' : '';
  return `${affected(cause)}${sinceText(cause)}${doomed}${why === '' ? '' : `: ${why}`}`;
};

const affected = ({ reason, side, pods, example }: Cause): string => {
  const texts = POD_TEXTS[reason];
  if (texts === undefined) return `${side}: ${REASON_TEXTS[reason]}`;
  if (pods === 0) return `no more ${side} pods can be made${reason === 'quota' ? ' (quota)' : ''}`;
  const which = example === undefined ? '' : pods === 1 ? ` (${example})` : `, e.g. ${example}`;
  return `${podsText(pods, side)} ${pods === 1 ? texts[0] : texts[1]}${which}`;
};

/** The time of day; the lines of a log have the date. */
const sinceText = ({ since }: Cause): string => {
  const time = /T(\d\d:\d\d:\d\d)/.exec(since ?? '')?.[1];
  return time === undefined ? '' : `, since ${time}Z`;
};

const whyText = (cause: Cause): string => {
  const message = cause.message === undefined ? '' : withoutStop(cause.message);
  return cause.detail === undefined ? message : detailText(cause.detail, message);
};

const logText = ({ log = [] }: Cause): string =>
  log.length === 0 ? '' : `it wrote last: ${log.slice(-LOG_SHOWN).join(' / ')}`;

const detailText = (detail: CauseDetail, message: string): string => {
  switch (detail.kind) {
    case 'shortage':
      return shortageText(detail, message);
    case 'exit': {
      const { container, exitCode, outOfMemory, restarts } = detail;
      const how = outOfMemory ? 'was killed for its memory (OOMKilled)' : `exited with ${exitCode ?? 'an error'}`;
      return `container ${container} ${how}${againText(restarts)}${message === '' ? '' : ` (${message})`}`;
    }
    case 'probe':
      return message;
    case 'holder': {
      const { finalizers, graceSeconds } = detail;
      if (finalizers.length > 0) return `held by the finalizer ${finalizers.join(', ')}`;
      return graceSeconds === undefined ? '' : `within its grace period of ${graceSeconds} s`;
    }
    case 'start': {
      const { stage, server, percent, restarts } = detail;
      const text = `${server === undefined ? '' : `${server}: `}${STAGE_TEXTS[stage]}`;
      const far = percent === undefined ? '' : `, ${percent} %`;
      return `${text}${far}${againText(restarts)}${message === '' ? '' : ` (${message})`}`;
    }
    case 'node':
      return `node ${detail.node}: ${message}`;
  }
};

const againText = (restarts = 0): string =>
  restarts === 0 ? '' : `, started again ${restarts === 1 ? 'once' : `${restarts} times`}`;

const shortageText = (
  { resource, needed, nodes, short }: Extract<CauseDetail, { readonly kind: 'shortage' }>,
  message: string,
): string => {
  if (needed === undefined) return message;
  const amount = /^(?:memory|ephemeral-storage)$/.test(resource) ? memoryText(needed) : String(needed);
  const needs = `each needs ${amount} ${resource}`;
  if (short === nodes) return `${needs}, 0 of ${nodes} nodes have ${amount} free`;
  return `${needs}, ${short} of ${nodes} nodes have less free and the others do not take it (${message})`;
};

const STAGE_TEXTS: Readonly<Record<StartStage, string>> = {
  scheduling: 'waiting for the scheduler',
  creating: 'its containers are being made',
  'pulling-image': 'the image is being pulled',
  'init-container': 'an init container runs',
  'startup-probe': 'its startup probe has not passed yet',
  'readiness-probe': 'its readiness probe has not passed yet',
  'downloading-model': 'the model is being downloaded',
  'loading-model': 'the model is being loaded',
  'warming-up': 'the model is loaded and warms up',
};
