import type { UpgradeEvent } from '../upgrade/events.ts';
import type { Keyboard } from './live-keys.ts';
import type { LivePast } from './live-past.ts';
import type { CiSystem } from './pipeline/system.ts';
import type { Terminal } from './terminal.ts';
import type { Program, UpgradeName } from './wording.ts';

/** Shows the events of one run of a driver to somebody. */
export type View = {
  readonly show: (event: UpgradeEvent) => void;
  /** Leaves the terminal as it was found. May be called twice, and without an end having been shown. */
  readonly close: () => void;
};

/**
 * `live` redraws itself in a terminal; `lines` is a line for each change; `json` is an object for each event; the others
 * are lines in the markup of a pipeline's log.
 */
export type ViewKind = 'live' | 'lines' | 'json' | Exclude<CiSystem, 'none'>;

export type ViewContext = {
  readonly terminal: Terminal;
  readonly upgrade: UpgradeName;
  readonly program: Program;
  /** Warnings and the end only. */
  readonly quiet: boolean;
  /** From 1 on, details are shown too. */
  readonly verbosity: number;
  /** Ms since the epoch. */
  readonly now: () => number;
  /** Takes a page of Markdown that stays behind when the run is over, where there is a place for one. */
  readonly summarize?: (markdown: string) => void;
  /** Calls back every so many ms; answers with the way to stop that. */
  readonly every?: (ms: number, tick: () => void) => () => void;
  /** Stands before each line, where several upgrades write to one place; then nothing that spans lines is written. */
  readonly prefix?: string;
  /** For a live view alone. */
  readonly keyboard?: Keyboard;
  /** What was before the view was opened, of an upgrade that somebody else drives. */
  readonly past?: LivePast;
};

/** Opens a view. Where `live` is not possible or there is nothing to see in it, it is `lines`. */
export const openView = async (kind: ViewKind, context: ViewContext): Promise<View> => {
  if (kind === 'json') return (await import('./json-view.ts')).openJsonView(context);
  if (kind === 'github' || kind === 'gitlab') {
    const { markupOf } = await import('./pipeline/markup.ts');
    return (await import('./pipeline/pipeline-view.ts')).openPipelineView(context, markupOf(kind));
  }
  if (kind === 'lines' || context.quiet || !context.terminal.interactive)
    return (await import('./lines-view.ts')).openLinesView(context);
  return (await import('./live-view.ts')).openLiveView(context);
};

/** Whether an event is to be shown at all. */
export const isWanted = (event: UpgradeEvent, { quiet, verbosity }: ViewContext): boolean => {
  if (event.type === 'ended') return true;
  if (event.type === 'note') return event.level === 'warning' || (verbosity > 0 && !quiet);
  return !quiet;
};
