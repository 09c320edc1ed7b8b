import type { Cause } from '../upgrade/health.ts';
import type { Mode } from '../upgrade/leg.ts';
import { exitCodeOf, type Outcome, reasonOf, type Summary } from '../upgrade/outcome.ts';
import { SIDES } from '../upgrade/side.ts';
import { causeSentence } from './cause-text.ts';
import type { Glyphs } from './glyphs.ts';
import * as next from './next-step.ts';
import { capitalized, countText, durationText, withoutStop } from './wording.ts';

/** How a run ended, in words. */
export type Ending = {
  /** How it ended in a word or two, the reason where that says more, and the exit code: `stuck (quota, exit code 5)`. */
  readonly title: string;
  readonly what: string;
  /** What keeps pods from becoming ready or from going, a line for each cause. */
  readonly causes: readonly string[];
  /** What was come to, where `what` does not say it already. */
  readonly soFar?: string;
  /** In what state things are left, where that is not plain. */
  readonly left?: string;
  readonly next: readonly next.NextStep[];
};

export type Told = next.Addressee & {
  readonly glyphs: Glyphs;
  /** The mode of the last leg, where one had begun. */
  readonly mode?: Mode | undefined;
  /** What the process ends with, where that is not what the outcome says: a `rollback` that has rolled back ends with 0. */
  readonly exitCode?: number;
};

export const endingOf = (outcome: Outcome, summary: Summary, to: Told): Ending => {
  const soFar = summaryText(summary, to.glyphs);
  const title = titleOf(outcome, to.exitCode);
  if (outcome.kind === 'reached') return { title, what: soFar, causes: [], next: [] };
  const what = whatHappened(outcome, to);
  const causes = 'causes' in outcome ? causesOf(outcome).map(causeSentence) : [];
  const left = outcome.kind === 'rolled-back' ? {} : { left: leftAs(outcome) };
  return { title, what, causes, soFar, ...left, next: nextSteps(outcome, to) };
};

/** What `whatHappened` says of all of them need not be said of each. */
const causesOf = (outcome: Extract<Outcome, { readonly causes: readonly Cause[] }>): readonly Cause[] =>
  outcome.kind === 'stuck' && outcome.failedFast && outcome.causes.every(({ doomed }) => doomed === true)
    ? outcome.causes.map(withoutDoom)
    : outcome.causes;

const withoutDoom = (cause: Cause): Cause => {
  const { doomed: _, ...rest } = cause;
  return rest;
};

/** What happened and why, without what to do next: the `message` of the JSON output. */
export const endingMessage = ({ what, causes }: Ending): string =>
  causes.length === 0 ? what : `${what}: ${causes.join('; ')}`;

/** The whole ending in one line, what was come to left out. */
export const endingLine = (ending: Ending): string => {
  const left = ending.left === undefined ? '' : `; ${ending.left}`;
  const sentence = `${ending.title}: ${endingMessage(ending)}${left}`;
  if (ending.next.length === 0) return sentence;
  const commands = ending.next.map(({ why, command }) => `${why}: ${command}`);
  return `${sentence}. ${capitalized(commands.join('; or '))}`;
};

/** `main 30 → 0, grey 0 → 30 in 12m04s, 20 writes, lowest ready 30, most pods 33`. */
export const summaryText = (summary: Summary, { arrow }: Glyphs): string => {
  const moved = SIDES.map((side) => `${side} ${summary.from[side]} ${arrow} ${summary.to[side]}`);
  return [
    `${moved.join(', ')} in ${durationText(summary.durationMs)}`,
    countText(summary.writes, 'write'),
    `lowest ready ${summary.lowestReady}`,
    `most pods ${summary.highestPods}`,
  ].join(', ');
};

export const OUTCOME_TITLES: Readonly<Record<Outcome['kind'], string>> = {
  reached: 'done',
  'rolled-back': 'rolled back',
  held: 'held',
  aborted: 'aborted',
  stuck: 'stuck',
  'timed-out': 'timed out',
  unreachable: 'gave up',
  denied: 'gave up',
  locked: 'not driven',
  'foreign-write': 'stopped',
  'template-changed': 'stopped',
  'deployment-gone': 'stopped',
  'namespace-gone': 'stopped',
  'record-gone': 'stopped',
  'record-unreadable': 'stopped',
  interrupted: 'interrupted',
};

/** How an outcome is called, with its reason where that is another word: `stuck (quota)`, `aborted`. */
export const outcomeTitle = (kind: Outcome['kind'], reason?: string): string => {
  const title = OUTCOME_TITLES[kind];
  return reason === undefined || reason === title.replaceAll(' ', '-') ? title : `${title} (${reason})`;
};

const titleOf = (outcome: Outcome, exitCode = exitCodeOf(outcome)): string => {
  const title = outcomeTitle(outcome.kind, reasonOf(outcome));
  const code = `exit code ${exitCode}`;
  return title.endsWith(')') ? `${title.slice(0, -1)}, ${code})` : `${title} (${code})`;
};

type Unreached = Exclude<Outcome, { readonly kind: 'reached' }>;

const whatHappened = (outcome: Unreached, { upgrade }: Told): string => {
  switch (outcome.kind) {
    case 'rolled-back':
      return 'both sides are back at their counts before the start';
    case 'held':
      return outcome.reason === 'paused'
        ? 'the upgrade is paused'
        : 'the targets that were set are reached, and they are not those of the spec';
    case 'aborted':
      return `${outcome.by} ended the upgrade short of its targets`;
    case 'stuck':
      if (outcome.failedFast && outcome.limit === undefined) return 'what is waited for cannot heal by itself';
      return outcome.limit === undefined
        ? `no progress for ${durationText(outcome.idleMs)}`
        : `limits.${outcome.limit} has held the next step back for ${durationText(outcome.idleMs)}`;
    case 'timed-out':
      return `not done after ${durationText(outcome.afterMs)}`;
    case 'unreachable':
    case 'denied':
      return withoutStop(outcome.message);
    case 'locked':
      return `${outcome.holder} holds the lock of ${outcome.deployment}${sinceText(outcome.since)}`;
    case 'foreign-write':
      return `${writerText(outcome)} set ${outcome.side} to ${outcome.found}${atText(outcome.at)}, where ${outcome.expected} was left`;
    case 'template-changed':
      return `${outcome.manager} changed the pod template of ${outcome.side}, so its pods are no longer of one version`;
    case 'deployment-gone':
      return goneText(outcome);
    case 'namespace-gone':
      return `the namespace ${outcome.namespace} is being deleted, with all that is in it`;
    case 'record-gone':
      return `the record of the upgrade (ConfigMap ${next.recordName(upgrade)}) is gone`;
    case 'record-unreadable':
      return `the record of the upgrade (ConfigMap ${next.recordName(upgrade)}) cannot be understood: ${withoutStop(outcome.message)}`;
    case 'interrupted':
      return `by ${outcome.signal}`;
  }
};

const goneText = ({ side, replaced, leaving }: Extract<Outcome, { readonly kind: 'deployment-gone' }>): string => {
  if (leaving) return `the Deployment of ${side} is being deleted`;
  return `the Deployment of ${side} ${replaced ? 'was deleted and made anew' : 'is gone'}`;
};

const sinceText = (time: string | undefined): string => (time === undefined ? '' : ` since ${time}`);
const atText = (time: string | undefined): string => (time === undefined ? '' : ` at ${time}`);

const leftAs = (outcome: Unreached): string =>
  outcome.kind === 'locked' ? 'the upgrade is left to it' : 'the cluster is left as it stands';

const nextSteps = (outcome: Unreached, to: Told): readonly next.NextStep[] => {
  switch (outcome.kind) {
    case 'rolled-back':
      return [];
    case 'held':
      return outcome.reason === 'paused'
        ? [next.goOn(to), next.goBack(to)]
        : [next.goOnToSpec(to), next.setTargets(to)];
    case 'aborted':
      return [next.goBack(to)];
    case 'stuck':
      return next.waysOut(next.isShortOfRoom(outcome.reason, outcome.limit), to);
    case 'timed-out':
      return next.waysOut(
        outcome.causes.some(({ reason }) => next.isShortOfRoom(reason)),
        to,
      );
    case 'interrupted':
      return [next.goOn(to)];
    case 'unreachable':
      return [next.goOnOnce('it answers')(to)];
    case 'denied':
      return [next.goOnOnce('that is allowed')(to)];
    case 'foreign-write':
      return [next.goOnOnce('nobody else scales it')(to)];
    case 'locked':
      return [next.look(to)];
    case 'template-changed':
      return [next.goOnOnce('the pod template is as it was')(to), next.end(to)];
    case 'deployment-gone':
      return [next.end(to)];
    case 'namespace-gone':
      return [next.startAnewOnce('both Deployments are somewhere again')(to)];
    case 'record-gone':
      return [next.startAnew(to)];
    case 'record-unreadable':
      return [next.readRecord(to)];
  }
};

/** Who scaled. The API server keeps no name for a scale to 0, nor (as of 1.36) for a later one of the same Deployment. */
const writerText = ({ manager, found }: Extract<Outcome, { readonly kind: 'foreign-write' }>): string => {
  if (manager !== 'unknown') return manager;
  return `somebody (Kubernetes keeps no name for a scale ${found === 0 ? 'to 0' : 'of a Deployment that was at 0'})`;
};
