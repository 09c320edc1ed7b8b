import { parseDuration } from './duration.ts';
import { shown } from './shown.ts';
import { ValueError } from './value-error.ts';

/** A time, or two between which it lies; in ms. */
export type Range = { readonly fromMs: number; readonly toMs: number };

/** "8m", or "4m..12m". Throws ValueError. */
export const parseRange = (text: string): Range => {
  const [from = '', to, ...more] = text.split('..');
  if (more.length > 0) throw new ValueError(`${shown(text)} has more than two ends; give 4m..12m`);
  const fromMs = parseDuration(from);
  const toMs = to === undefined ? fromMs : parseDuration(to);
  if (fromMs <= toMs) return { fromMs, toMs };
  throw new ValueError(`${shown(text)} ends before it begins; give ${to}..${from}`);
};
