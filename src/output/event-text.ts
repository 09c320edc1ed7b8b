import type { Standing, UpgradeEvent, Waiting } from '../upgrade/events.ts';
import type { Leg, Way } from '../upgrade/leg.ts';
import type { Limits } from '../upgrade/limits.ts';
import { type PerSide, SIDES } from '../upgrade/side.ts';
import type { DeploymentRef } from '../upgrade/spec.ts';
import { causeText } from './cause-text.ts';
import { etaText } from './eta-text.ts';
import type { Glyphs } from './glyphs.ts';
import { goOn, goOnToSpec, type NextStep } from './next-step.ts';
import { endingLine, endingOf, type Told } from './outcome-text.ts';
import { durationText, listText, podsText } from './wording.ts';

export type EventOf<T extends UpgradeEvent['type']> = Extract<UpgradeEvent, { readonly type: T }>;

/** An event in one sentence. */
export const eventText = (event: UpgradeEvent, to: Told): string => {
  switch (event.type) {
    case 'started':
      return startedText(event, to);
    case 'leg':
      return legText(event, to.glyphs);
    case 'observed':
      return standingText(event.standing);
    case 'scaled':
      return scaledText(event, to.glyphs);
    case 'limited':
      return limitedText(event);
    case 'held':
      return heldText(event, to);
    case 'alive':
      return aliveText(event, to);
    case 'note':
      return event.level === 'warning' ? `warning: ${event.message}` : event.message;
    case 'ended':
      return endingLine(endingOf(event.outcome, event.summary, { ...to, exitCode: event.exitCode }));
  }
};

const startedText = (event: EventOf<'started'>, { upgrade, glyphs }: Told): string => {
  const sides = SIDES.map((side) => {
    const name = deploymentText(event.deployments[side], upgrade.namespace);
    return `${side} (${name}) ${event.counts[side]} ${glyphs.arrow} ${event.targets[side]}`;
  });
  const limits = limitsText(event.limits);
  return [
    `${event.resumed ? 'going on with' : 'starting'} ${upgrade.name} in ${upgrade.namespace}: ${sides.join(', ')}`,
    wayText(event.way),
    ...(limits === '' ? [] : [`limits ${limits}`]),
    `driven by ${event.driver}`,
  ].join('; ');
};

/** The name of a Deployment, with its namespace where that is not the upgrade's. */
export const deploymentText = ({ name, namespace }: DeploymentRef, home: string): string =>
  namespace === home ? name : `${namespace}/${name}`;

/** `scaleOutPriority, step 3, window`. */
export const wayText = ({ mode, step, pacing }: Way | Leg): string => `${mode}, ${stepText(step)}, ${pacing}`;

const stepText = ({ main, grey }: PerSide<number | string>): string =>
  main === grey ? `step ${main}` : `step main ${main} grey ${grey}`;

export const limitsText = (limits: Limits): string =>
  [
    ...(limits.minReady === undefined ? [] : [`minReady ${limits.minReady}`]),
    ...(limits.maxPods === undefined ? [] : [`maxPods ${limits.maxPods}`]),
  ].join(', ');

const legText = ({ leg, cause, by }: EventOf<'leg'>, glyphs: Glyphs): string =>
  `${LEG_TITLES[cause](by)}: ${legSides(leg, glyphs)}; ${wayText(leg)}`;

/** `main 30 → 0, grey 0 → 30`. */
export const legSides = (leg: Pick<Leg, 'from' | 'to'>, { arrow }: Glyphs): string =>
  SIDES.map((side) =>
    leg.from[side] === leg.to[side]
      ? `${side} stays at ${leg.to[side]}`
      : `${side} ${leg.from[side]} ${arrow} ${leg.to[side]}`,
  ).join(', ');

const LEG_TITLES: Readonly<Record<EventOf<'leg'>['cause'], (by: string) => string>> = {
  start: (by) => `started by ${by}`,
  pause: (by) => `paused by ${by}`,
  resume: (by) => `resumed by ${by}`,
  'set-target': (by) => `set-target by ${by}`,
  abort: (by) => `aborted by ${by}`,
  rollback: (by) => `rollback by ${by}`,
  // `by` is who spoke last, and that is not who scaled.
  'scaled-by-others': () => 'going on from where others have scaled it',
};

/** `main 27/27 ready, 3 terminating; grey 2/3 ready (ready 29, 33 pods)`. */
export const standingText = (standing: Standing): string => {
  const sides = SIDES.map((side) => {
    const { ready, asked, terminating } = standing.sides[side];
    return `${side} ${ready}/${asked} ready${terminating > 0 ? `, ${terminating} terminating` : ''}`;
  });
  return `${sides.join('; ')} ${totalsText(standing)}`;
};

/** `(ready 29, 33 pods)`: both sides together. */
export const totalsText = ({ ready, pods }: Standing): string =>
  `(ready ${ready}, ${pods} ${pods === 1 ? 'pod' : 'pods'})`;

const scaledText = ({ side, from, to }: EventOf<'scaled'>, { arrow }: Glyphs): string =>
  `${side} ${from} ${arrow} ${to}`;

export const limitedText = ({ side, limit, value }: EventOf<'limited'>): string =>
  limit === 'minReady'
    ? `${side} is held back: removing more would leave fewer than ${value} pods ready (limits.minReady)`
    : `${side} is held back: adding more would make more than ${value} pods (limits.maxPods)`;

export const heldText = (event: EventOf<'held'>, to: Told): string => {
  const { why, command } = heldNext(event, to);
  return event.reason === 'paused'
    ? `paused by ${event.by}. To ${why}: ${command}`
    : `reached the targets set by ${event.by}, which are not those of the spec. To ${why}: ${command}`;
};

export const heldNext = ({ reason }: EventOf<'held'>, to: Told): NextStep =>
  reason === 'paused' ? goOn(to) : goOnToSpec(to);

const aliveText = ({ standing, idleMs, held }: EventOf<'alive'>, to: Told): string => {
  if (held) return `still held, ${durationText(idleMs)} so far ${totalsText(standing)}`;
  const waiting = waitingText(standing.waiting);
  const causes = standing.causes.map((cause) => `; ${causeText(cause, to)}`).join('');
  const eta = standing.eta === undefined ? '' : `, ${etaText(standing.eta)}`;
  if (waiting === '') return `still at it, ${durationText(idleMs)} since the last progress${eta}${causes}`;
  return `still waiting: ${waiting}, ${durationText(idleMs)} so far${eta}${causes}`;
};

/** `2 grey pods to become ready and 3 main pods to be gone`. */
export const waitingText = (waiting: readonly Waiting[]): string =>
  listText(waiting.map(({ side, until, pods }) => `${podsText(pods, side)} ${UNTIL[until]}`));

const UNTIL: Readonly<Record<Waiting['until'], string>> = { ready: 'to become ready', gone: 'to be gone' };
