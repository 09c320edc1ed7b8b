import type { UpgradeEvent } from '../upgrade/events.ts';
import { openDrawing } from './drawing.ts';
import { eventText } from './event-text.ts';
import { glyphsOf } from './glyphs.ts';
import { converse } from './live-conversation.ts';
import { EMPTY_MODEL, type LiveModel, reduce } from './live-model.ts';
import { renderLive } from './live-text.ts';
import { endingBlock } from './ending-block.ts';
import { paletteOf, type Style } from './palette.ts';
import { printableValue } from './printable.ts';
import { isWanted, type View, type ViewContext } from './view.ts';

/** Shows both sides as they stand, redrawn in place; warnings stay above, and at the end what it came to. */
export const openLiveView = async (context: ViewContext): Promise<View> => {
  const { terminal, program } = context;
  const glyphs = glyphsOf(terminal.unicode);
  const palette = paletteOf(terminal.color);
  const told = printableValue({ program, upgrade: context.upgrade, glyphs });
  let model: LiveModel = { ...EMPTY_MODEL, ...context.past };
  const conversation = converse(context.keyboard);

  const drawing = await openDrawing(context, () =>
    renderLive(model, {
      ...told,
      columns: terminal.columns(),
      rows: terminal.rows(),
      color: terminal.color,
      unicode: terminal.unicode,
      now: context.now(),
      ...conversation.shown(),
    }),
  );
  const { redraw, above } = drawing;
  const stopListening = conversation.listen({ redraw, say: (line) => above(line, 'plain') });
  const close = (): void => {
    if (!drawing.isOpen()) return;
    stopListening?.();
    drawing.close();
  };

  return {
    show: (given) => {
      if (!drawing.isOpen()) return;
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
