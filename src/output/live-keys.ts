import { flow, type Line, paragraph, span } from './line.ts';

/** What somebody at the keyboard may wish: a command to the upgrade, or to leave the view. */
export type Wish = 'pause' | 'resume' | 'accept' | 'rollback' | 'leave';

/** The keyboard of a live view, and whoever does what is wished for. */
export type Keyboard = {
  /** Calls back with each key; answers with the way to stop that, which gives the keyboard back as it was. */
  readonly listen: (pressed: (key: string) => void) => () => void;
  /** Carries out a wish and answers with what is to be said of it, in lines. Never rejects. */
  readonly carryOut: (wish: Wish) => Promise<string>;
  /** Whether the process that shows the upgrade drives it too: who leaves it then leaves it without a driver. */
  readonly drives: boolean;
};

/** What the keyboard is about: nothing, its own help, a question, or a wish that is being carried out. */
export type Talk = { readonly kind: 'silent' | 'help' } | { readonly kind: 'asking' | 'doing'; readonly wish: Wish };

export const SILENT: Talk = { kind: 'silent' };

const WISHES: ReadonlyMap<string, Wish> = new Map([
  ['p', 'pause'],
  ['r', 'resume'],
  ['t', 'accept'],
  ['b', 'rollback'],
  ['d', 'leave'],
]);

/**
 * What a key leads to. Every wish is asked about once, and only `y` confirms it; any other key takes it back. To leave a
 * view that only watches changes nothing, so nothing is asked. While one wish is carried out no other is taken, but that to leave.
 */
export const afterKey = (
  talk: Talk,
  key: string,
  drives: boolean,
): { readonly talk: Talk; readonly confirmed?: Wish } => {
  if (talk.kind === 'asking') {
    const isConfirmed = key === 'y' || key === 'Y';
    return isConfirmed ? { talk: { kind: 'doing', wish: talk.wish }, confirmed: talk.wish } : { talk: SILENT };
  }
  const wish = WISHES.get(key);
  if (wish === 'leave' && !drives) return { talk: { kind: 'doing', wish }, confirmed: wish };
  if (talk.kind === 'doing' && wish !== 'leave') return { talk };
  if (wish !== undefined) return { talk: { kind: 'asking', wish } };
  return { talk: key === '?' && talk.kind !== 'help' ? { kind: 'help' } : SILENT };
};

/** What is said of it below the view. */
export const talkLines = (talk: Talk, drives: boolean, width: number): readonly Line[] => {
  switch (talk.kind) {
    case 'silent':
      return [];
    case 'help':
      return flow(
        [...helpTexts(drives)].map(([key, text]): Line => [span(key, 'accent'), span(` ${text}`)]),
        width,
      );
    case 'asking':
      return paragraph(`${QUESTIONS[talk.wish]} y/n`, width, 'warn');
    case 'doing':
      return [[span(DOING[talk.wish], 'dim')]];
  }
};

const helpTexts = (drives: boolean): ReadonlyMap<string, string> =>
  new Map([
    ['p', 'pause'],
    ['r', 'resume'],
    ['t', 'accept what is ready'],
    ['b', 'roll back'],
    ['d', drives ? 'stop driving, to resume later (as Ctrl-C)' : 'leave; the upgrade goes on'],
    ['?', 'hide this'],
  ]);

const QUESTIONS: Readonly<Record<Wish, string>> = {
  pause: 'pause?',
  resume: 'resume?',
  accept: 'accept what is ready?',
  rollback: 'roll back?',
  leave: 'stop driving?',
};

const DOING: Readonly<Record<Wish, string>> = {
  pause: 'pausing',
  resume: 'resuming',
  accept: 'setting the targets to what is ready',
  rollback: 'turning back',
  leave: 'leaving',
};
