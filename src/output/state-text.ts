import { sameCounts } from '../upgrade/side.ts';
import type { State, UpgradeStatus } from '../upgrade/status.ts';
import * as next from './next-step.ts';
import type { Style } from './palette.ts';
import type { Program } from './wording.ts';

export const STATE_STYLES: Readonly<Record<State, Style>> = {
  running: 'good',
  paused: 'warn',
  held: 'warn',
  stuck: 'bad',
  stopped: 'warn',
  completed: 'good',
  'rolled-back': 'warn',
  aborted: 'warn',
};

export const STATE_TEXTS: Readonly<Record<State, string>> = {
  running: 'running',
  paused: 'paused',
  held: 'held: it stands at targets that are not those of the spec',
  stuck: 'stuck: its last driver gave up',
  stopped: 'stopped: no driver runs',
  completed: 'completed',
  'rolled-back': 'rolled back',
  aborted: 'aborted',
};

/** What may be done in a state, the likeliest first. */
export const stepsOf = (status: UpgradeStatus, program: Program): readonly next.NextStep[] => {
  const to = { program, upgrade: status };
  switch (status.state) {
    case 'running': {
      const slow = (status.standing?.causes.length ?? 0) > 0;
      return [...(slow ? [next.acceptReady(to)] : []), next.pause(to), next.goBack(to)];
    }
    case 'paused':
    case 'held': {
      const onSpec = sameCounts(status.targets, status.specTargets);
      const keep = onSpec || status.state === 'held' ? [] : [next.keepTargets(to)];
      return [onSpec ? next.goOn(to) : next.goOnToSpec(to), ...keep, next.setTargets(to), next.goBack(to)];
    }
    case 'stuck':
      return next.waysOut(next.isShortOfRoom(status.lastRun?.reason), { ...to, mode: status.way.mode });
    case 'stopped':
      return [next.goOn(to), next.goBack(to), next.end(to)];
    case 'completed':
    case 'aborted':
      return [next.goBack(to)];
    case 'rolled-back':
      return [];
  }
};
