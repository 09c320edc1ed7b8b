import type { Result } from '../../upgrade/result.ts';
import { printableLine } from '../printable.ts';
import { openView, type View, type ViewContext, type ViewKind } from '../view.ts';
import type { UpgradeName } from '../wording.ts';

/** Shows several upgrades that one process drives. */
export type ManyView = {
  /** The view of one of them, from its begin. */
  readonly begin: (upgrade: UpgradeName) => View;
  /** One of them was refused, or ended by an error; `text` is what that says, in whole lines. */
  readonly failed: (upgrade: UpgradeName, exitCode: number, text: string) => void;
  /** All that were begun have ended. */
  readonly sumUp: (results: readonly Result[], exitCode: number) => void;
  /** Leaves the terminal as it was found. May be called twice. */
  readonly close: () => void;
};

export type ManyContext = Omit<ViewContext, 'upgrade' | 'keyboard' | 'prefix'> & {
  /** All of them, in the order in which they are to be begun. */
  readonly upgrades: readonly UpgradeName[];
};

/** Opens a view: a table that redraws itself, lines that begin with the upgrade's name, or an object for each event. */
export const openManyView = async (kind: ViewKind, context: ManyContext): Promise<ManyView> => {
  if (kind === 'live' && !context.quiet && context.terminal.interactive)
    return (await import('./live-view.ts')).openManyLiveView(context);
  const { sumUpOf } = await import('./sum-up.ts');
  const labels = labelsOf(context.upgrades);
  const width = Math.max(...[...labels.values()].map((label) => label.length));
  // Each of them opens its own, which has been loaded by then.
  const { summarize: _, ...each } = context;
  const views = new Map<UpgradeName, View>();
  for (const upgrade of context.upgrades) {
    const prefix = `${(labels.get(upgrade) ?? '').padEnd(width)} | `;
    views.set(upgrade, await openView(kind, { ...each, upgrade, prefix }));
  }
  return {
    begin: (upgrade) => views.get(upgrade) ?? SILENT,
    failed: (_upgrade, _exitCode, text) => context.terminal.err.write(text),
    sumUp: sumUpOf(kind, context, labels),
    close: () => {},
  };
};

const SILENT: View = { show: () => {}, close: () => {} };

/** What each is called: its name, with its namespace where another one has the same. */
export const labelsOf = (upgrades: readonly UpgradeName[]): ReadonlyMap<UpgradeName, string> => {
  const isOnly = ({ name }: UpgradeName): boolean => upgrades.filter((each) => each.name === name).length === 1;
  return new Map(
    upgrades.map((upgrade) => {
      const { name, namespace } = upgrade;
      return [upgrade, printableLine(isOnly(upgrade) ? name : `${namespace}/${name}`)];
    }),
  );
};
