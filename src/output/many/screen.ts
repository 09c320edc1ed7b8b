import { glyphsOf } from '../glyphs.ts';
import { paintLine, paragraph } from '../line.ts';
import { oraStream } from '../ora-stream.ts';
import { paletteOf, type Style } from '../palette.ts';
import type { UpgradeName } from '../wording.ts';
import { type RowModel, waitingRow } from './model.ts';
import { renderTable } from './table.ts';
import type { ManyContext } from './view.ts';

const FRAME_MS = 120;
const TICK_MS = 1000;

/** A table that redraws itself at the bottom of a terminal. */
export type Screen = {
  readonly change: (upgrade: UpgradeName, to: (row: RowModel) => RowModel) => void;
  /** Puts a line above the table, where it stays. */
  readonly above: (line: string, style: Style) => void;
  /** May be called twice. */
  readonly close: () => void;
};

export const openScreen = async (
  { terminal, upgrades, now, every }: ManyContext,
  labels: ReadonlyMap<UpgradeName, string>,
): Promise<Screen> => {
  const { default: ora } = await import('ora');
  const palette = paletteOf(terminal.color);
  const since = now();
  const rows = new Map(upgrades.map((upgrade) => [upgrade, waitingRow(upgrade, labels.get(upgrade) ?? '')]));
  const text = (): string => {
    const { color, unicode } = terminal;
    const frame = { columns: terminal.columns(), rows: terminal.rows(), color, unicode, now: now(), since };
    return renderTable([...rows.values()], frame);
  };
  const spinner = ora({
    stream: oraStream(terminal),
    text: text(),
    spinner: {
      interval: FRAME_MS,
      frames: glyphsOf(terminal.unicode).spinner.map((frame) => palette.accent(frame)),
    },
    color: false,
    isEnabled: true,
    // Taking the keyboard's input away would take Ctrl-C away from the program that asked for this view.
    discardStdin: false,
  }).start();
  const redraw = (): void => {
    if (!spinner.isSpinning) return;
    spinner.text = text();
    spinner.render();
  };
  const stops = [every?.(TICK_MS, redraw), terminal.onResize?.(redraw)];
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
        if (spinner.isSpinning) spinner.text = text();
      });
    },
    above: (line, style) => {
      if (!spinner.isSpinning) return;
      const lines = paragraph(line, terminal.columns(), style).map((part) => paintLine(part, palette));
      spinner.clear();
      terminal.out.write(`${lines.join('\n')}\n`);
    },
    close: () => {
      if (!spinner.isSpinning) return;
      for (const stop of stops) stop?.();
      spinner.stop();
    },
  };
};
