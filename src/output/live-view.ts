import type { UpgradeEvent } from '../upgrade/events.ts';
import { eventText } from './event-text.ts';
import { glyphsOf } from './glyphs.ts';
import { converse } from './live-conversation.ts';
import { EMPTY_MODEL, reduce } from './live-model.ts';
import { renderLive } from './live-text.ts';
import { oraStream } from './ora-stream.ts';
import { endingBlock } from './ending-block.ts';
import { paintLine, paragraph } from './line.ts';
import { paletteOf, type Style } from './palette.ts';
import { printableValue } from './printable.ts';
import { isWanted, type View, type ViewContext } from './view.ts';

/** Often enough to show that it lives, seldom enough for a slow line. */
const FRAME_MS = 120;
const TICK_MS = 1000;

/** Shows both sides as they stand, redrawn in place; warnings stay above, and at the end what it came to. */
export const openLiveView = async (context: ViewContext): Promise<View> => {
  const { default: ora } = await import('ora');
  const { terminal, program } = context;
  const glyphs = glyphsOf(terminal.unicode);
  const palette = paletteOf(terminal.color);
  const told = printableValue({ program, upgrade: context.upgrade, glyphs });
  let model = EMPTY_MODEL;
  const conversation = converse(context.keyboard);

  const text = (): string =>
    renderLive(model, {
      ...told,
      columns: terminal.columns(),
      rows: terminal.rows(),
      color: terminal.color,
      unicode: terminal.unicode,
      now: context.now(),
      ...conversation.shown(),
    });
  const spinner = ora({
    stream: oraStream(terminal),
    text: text(),
    spinner: { interval: FRAME_MS, frames: glyphs.spinner.map((frame) => palette.accent(frame)) },
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
  const above = (line: string, style: Style): void => {
    if (!spinner.isSpinning) return;
    const lines = paragraph(line, terminal.columns(), style).map((part) => paintLine(part, palette));
    spinner.clear();
    terminal.out.write(`${lines.join('\n')}\n`);
  };
  const stops = [
    context.every?.(TICK_MS, redraw),
    terminal.onResize?.(redraw),
    conversation.listen({ redraw, say: (line) => above(line, 'plain') }),
  ];
  const close = (): void => {
    if (!spinner.isSpinning) return;
    for (const stop of stops) stop?.();
    spinner.stop();
  };

  return {
    show: (given) => {
      if (!spinner.isSpinning) return;
      const event = printableValue(given);
      model = reduce(model, event);
      if (event.type === 'ended') {
        close();
        const to = { ...told, mode: model.leg?.leg.mode ?? model.run?.way.mode };
        terminal.out.write(endingBlock(event, to, palette, terminal.columns()));
        return;
      }
      const style = styleAbove(event);
      if (style !== undefined && isWanted(event, context)) above(eventText(event, told), style);
      redraw();
    },
    close,
  };
};

/** In what style an event is told above the live part, where it is told there at all. */
const styleAbove = (event: UpgradeEvent): Style | undefined => {
  if (event.type === 'started') return 'plain';
  if (event.type === 'held') return 'warn';
  if (event.type === 'note') return event.level === 'warning' ? 'warn' : 'dim';
  return undefined;
};
