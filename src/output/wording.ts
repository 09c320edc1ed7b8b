import type { Side } from '../upgrade/side.ts';

/** How the program was called: the commands that it tells people to use begin with it. */
export type Program = 'dupgrade' | 'kubectl dupgrade';

export type UpgradeName = { readonly name: string; readonly namespace: string };

/** A span of time for people: `45s`, `12m04s`, `1h02m`, `2d03h`. Rounded down. */
export const durationText = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (days > 0) return `${days}d${twoDigits(hours % 24)}h`;
  if (hours > 0) return `${hours}h${twoDigits(minutes % 60)}m`;
  if (minutes > 0) return `${minutes}m${twoDigits(seconds % 60)}s`;
  return `${seconds}s`;
};

const twoDigits = (count: number): string => String(count).padStart(2, '0');

/** How long ago an ISO 8601 time was. */
export const agoText = (time: string, now: number): string => {
  const at = Date.parse(time);
  return Number.isNaN(at) ? 'some time ago' : `${durationText(now - at)} ago`;
};

/** A moment in UTC to the second: `2026-11-23T10:00:05Z`. */
export const momentText = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** `1 write`, `20 writes`. */
export const countText = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** `1 grey pod`, `3 grey pods`. */
export const podsText = (count: number, side: Side): string => countText(count, `${side} pod`);

/** `a`, `a and b`, `a, b and c`. */
export const listText = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;

export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const GIB = 2 ** 30;

/** Bytes of memory, as Kubernetes writes them: `96Gi`. */
export const memoryText = (bytes: number): string => `${Math.round((10 * bytes) / GIB) / 10}Gi`;

/** A message of somebody else's, to stand inside a sentence of ours. */
export const withoutStop = (message: string): string => message.replace(/[.\s]+$/u, '');
