import { type Drawing, openDrawing } from '../drawing.ts';
import type { UpgradeName } from '../wording.ts';
import { type RowModel, waitingRow } from './model.ts';
import { renderTable } from './table.ts';
import type { ManyContext } from './view.ts';

/** A table that redraws itself at the bottom of a terminal. */
export type Screen = Pick<Drawing, 'above' | 'close'> & {
  readonly change: (upgrade: UpgradeName, to: (row: RowModel) => RowModel) => void;
};

export const openScreen = async (context: ManyContext, labels: ReadonlyMap<UpgradeName, string>): Promise<Screen> => {
  const { terminal, upgrades, now } = context;
  const since = now();
  const rows = new Map(upgrades.map((upgrade) => [upgrade, waitingRow(upgrade, labels.get(upgrade) ?? '')]));
  const { update, above, close } = await openDrawing(context, () => {
    const { color, unicode } = terminal;
    const frame = { columns: terminal.columns(), rows: terminal.rows(), color, unicode, now: now(), since };
    return renderTable([...rows.values()], frame);
  });
  let isStale = false;
  return {
    change: (upgrade, to) => {
      const row = rows.get(upgrade);
      if (row !== undefined) rows.set(upgrade, to(row));
      if (isStale) return;
      // What happens at once is drawn once.
      isStale = true;
      queueMicrotask(() => {
        isStale = false;
        update();
      });
    },
    above,
    close,
  };
};
