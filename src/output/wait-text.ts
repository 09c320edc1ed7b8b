import type { WaitFor } from '../upgrade/wait.ts';
import { type Addressee, look } from './next-step.ts';
import { isReason, REASON_TEXTS } from './reason-text.ts';
import { countText, durationText } from './wording.ts';

/** What has not come, after a name. */
const unmet = (wish: WaitFor): string =>
  wish.kind === 'step' || wish.kind === 'ready' ? `does not have ${wishText(wish)}` : `is not ${wishText(wish)}`;

/** What was waited for, after a name and a colon. */
export const wishText = (wish: WaitFor): string => {
  switch (wish.kind) {
    case 'done':
      return 'done';
    case 'held':
      return 'held';
    case 'step':
      return `${countText(wish.steps, 'step')} done`;
    case 'ready':
      return `${countText(wish.pods, 'pod')} ready`;
  }
};

/** As it is written on a command line. */
export const wishWord = (wish: WaitFor): string => {
  if (wish.kind === 'step') return `step=${wish.steps}`;
  return wish.kind === 'ready' ? `ready=${wish.pods}` : wish.kind;
};

/** Why waiting ended without what was waited for, and how to see more. `reason` is what a record or an outcome says. */
export const unmetText = (wish: WaitFor, reason: string, to: Addressee): string => {
  const why = isReason(reason) ? REASON_TEXTS[reason] : (ENDINGS[reason] ?? reason);
  return `${to.upgrade.name} ${unmet(wish)}, and that will not change as things stand: ${why}. See it with: ${look(to).command}`;
};

/** Endings that are no reasons. */
const ENDINGS: Readonly<Record<string, string>> = {
  completed: 'it has reached the targets of its spec',
  held: 'it is held',
  stuck: 'its last run got stuck',
};

export const waitedTooLongText = (wish: WaitFor, timeoutMs: number, to: Addressee): string =>
  `${to.upgrade.name} ${unmet(wish)} after ${durationText(timeoutMs)}. See it with: ${look(to).command}`;
