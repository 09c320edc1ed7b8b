import { afterKey, type Keyboard, SILENT, type Talk, type Wish } from './live-keys.ts';
import { printable } from './printable.ts';

/** What a view does for its keyboard. */
export type Listener = {
  readonly redraw: () => void;
  /** Puts a line above the view; does nothing once that is closed, as the end of the run has been told then. */
  readonly say: (line: string) => void;
};

export type Conversation = {
  /** What the keyboard is about, and whether who shows the upgrade drives it; nothing of it without a keyboard. */
  readonly shown: () => { readonly talk?: Talk; readonly drives?: boolean };
  /** Takes keys, until the function is called that it answers with. */
  readonly listen: (listener: Listener) => (() => void) | undefined;
};

/** Asks about what is wished for with a key, has it carried out, and says what came of it. */
export const converse = (keyboard: Keyboard | undefined): Conversation => {
  let talk: Talk = SILENT;
  if (keyboard === undefined) return { shown: () => ({}), listen: () => undefined };
  const carryOut = async (wish: Wish, { redraw, say }: Listener): Promise<void> => {
    const said = printable(await keyboard.carryOut(wish));
    for (const line of said.split('\n').filter((each) => each !== '')) say(line);
    // A question that was asked meanwhile stays. Who leaves sees that until the end.
    if (talk.kind === 'doing' && talk.wish === wish && wish !== 'leave') talk = SILENT;
    redraw();
  };
  return {
    shown: () => ({ talk, drives: keyboard.drives }),
    listen: (listener) =>
      keyboard.listen((key) => {
        const { talk: next, confirmed } = afterKey(talk, key, keyboard.drives);
        talk = next;
        listener.redraw();
        if (confirmed !== undefined) void carryOut(confirmed, listener);
      }),
  };
};
