import type { WaitFor } from '../upgrade/wait.ts';
import { parseCount } from './count.ts';
import { nearest } from './nearest.ts';
import { refusal } from './refusal.ts';
import { ValueError } from './value-error.ts';

const ALLOWED = 'done, held, step=N or ready=N';

/** "done", "held", "step=2" or "ready=30". Throws ValueError. */
export const parseWaitFor = (text: string): WaitFor => {
  const [word = '', count, ...more] = text.split('=');
  if (more.length === 0) {
    if ((word === 'done' || word === 'held') && count === undefined) return { kind: word };
    if (word === 'step' && count !== undefined) return { kind: 'step', steps: parseCount(count, 1) };
    if (word === 'ready' && count !== undefined) return { kind: 'ready', pods: parseCount(count, 0) };
  }
  const meant = nearest(word, ['done', 'held', 'step', 'ready']);
  throw new ValueError(refusal(text, 'is nothing to wait for', ALLOWED, meant === word ? undefined : meant));
};
