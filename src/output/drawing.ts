import { glyphsOf } from './glyphs.ts';
import { paintLine, paragraph } from './line.ts';
import { oraStream } from './ora-stream.ts';
import { paletteOf, type Style } from './palette.ts';
import type { ViewContext } from './view.ts';

/** Often enough to show that it lives, seldom enough for a slow line. */
const FRAME_MS = 120;
const TICK_MS = 1000;

/** Text at the bottom of a terminal that redraws itself, below lines that stay. */
export type Drawing = {
  readonly isOpen: () => boolean;
  /** Draws the text as it is now. */
  readonly redraw: () => void;
  /** Has the next frame show the text as it is now. */
  readonly update: () => void;
  /** Puts a line above the text, where it stays. */
  readonly above: (line: string, style: Style) => void;
  /** Takes the text away. May be called twice. */
  readonly close: () => void;
};

/** Draws what `text` answers: at once, every second, when the terminal gets another size, and when it is told to. */
export const openDrawing = async (
  { terminal, every }: Pick<ViewContext, 'terminal' | 'every'>,
  text: () => string,
): Promise<Drawing> => {
  const { default: ora } = await import('ora');
  const palette = paletteOf(terminal.color);
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
  const update = (): void => {
    if (spinner.isSpinning) spinner.text = text();
  };
  const redraw = (): void => {
    if (!spinner.isSpinning) return;
    update();
    spinner.render();
  };
  const stops = [every?.(TICK_MS, redraw), terminal.onResize?.(redraw)];
  return {
    isOpen: () => spinner.isSpinning,
    redraw,
    update,
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
