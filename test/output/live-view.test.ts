import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Keyboard, Wish } from '../../src/output/live-keys.ts';
import { pastOf } from '../../src/output/live-past.ts';
import { openLiveView } from '../../src/output/live-view.ts';
import type { View, ViewContext } from '../../src/output/view.ts';
import { RUN } from './run.ts';
import { after, contextOf, EVENTS, fakeTerminal, OUTCOMES } from './samples.ts';
import { Screen } from './screen.ts';

type Opened = { readonly view: View; readonly screen: Screen; readonly tick: () => void; readonly resize: () => void };

let nowMs = after(0);

const open = async (columns = 80, wishes: Partial<ViewContext> = {}, color = false): Promise<Opened> => {
  const screen = new Screen(columns);
  const calls = { tick: (): void => {}, resize: (): void => {} };
  const terminal = fakeTerminal({
    interactive: true,
    color,
    columns: () => screen.columns,
    rows: () => 24,
    onResize: (changed) => {
      calls.resize = changed;
      return () => {
        calls.resize = () => {};
      };
    },
  });
  const every: ViewContext['every'] = (_, tick) => {
    calls.tick = tick;
    return () => {
      calls.tick = () => {};
    };
  };
  const view = await openLiveView(contextOf({ ...terminal, out: screen }, { now: () => nowMs, every, ...wishes }));
  return { view, screen, tick: () => calls.tick(), resize: () => calls.resize() };
};

/** The spinner turns by the clock of the machine; which of its frames stands there is not told. */
const withoutSpinner = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => line.replace(/^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] /u, '@ '));

const STARTED = [
  'starting llama-v2 in serving: main (llama-v1) 30 → 0, grey (llama-v2) 0 → 30;',
  '  scaleOutPriority, step 3, window; limits minReady 28, maxPods 33; driven by',
  '  anna@laptop 4711',
];

describe('the live view on a terminal', () => {
  beforeEach(() => {
    nowMs = after(0);
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('redraws itself in place, and leaves what was begun above', async () => {
    const { view, screen } = await open();
    view.show(EVENTS.started);
    nowMs = after(10);
    view.show(EVENTS.observed);
    expect(screen.cursorHidden).toBe(true);
    const drawn = [
      ...STARTED,
      '@ llama-v2 (serving)  running 10s  scaleOutPriority, step 3, window',
      '  main  ███████████████████████░░  asked 27  ready 27  target  0  terminating  3',
      '  grey  ██▒░░░░░░░░░░░░░░░░░░░░░░  asked  3  ready  2  target 30',
      '  ready 29 (floor 30)  pods 33 (ceiling 33)  limits minReady 28, maxPods 33',
      '  waiting 5s for 3 main pods to be gone and 1 grey pod to become ready',
      '  2 grey pods cannot be scheduled, e.g. llama-v2-7d9c5b8f4-x2x7k, since',
      '    09:59:00Z: each needs 8 nvidia.com/gpu, 0 of 8 nodes have 8 free; accept',
      '    what is ready now: dupgrade set-target llama-v2 -n serving --ready',
    ];
    expect(withoutSpinner(screen.lines)).toEqual(drawn);
    view.show(EVENTS.observed);
    expect(withoutSpinner(screen.lines)).toEqual(drawn.toSpliced(6, 0, `  ready ${'█'.repeat(40)}  always 29`));
    view.close();
  });

  it('counts time on its own', async () => {
    const { view, screen, tick } = await open();
    view.show(EVENTS.started);
    nowMs = after(75);
    tick();
    expect(withoutSpinner(screen.lines).at(-1)).toBe(
      '@ llama-v2 (serving)  starting 1m15s  scaleOutPriority, step 3, window',
    );
    view.close();
  });

  it('shows what was before it was opened, of an upgrade that somebody else drives', async () => {
    const curve = [30, 33, 30].map((ready, at) => ({ atMs: at * 60_000, main: 30, grey: 0, ready, pods: 33, gpus: 0 }));
    const { type: _, at: __, ...write } = EVENTS.scaled;
    const journal = [{ ...write, did: 'scaled', at: new Date(after(60)).toISOString(), by: 'anna' } as const];
    const past = pastOf({ startedAt: new Date(after(0)).toISOString(), curve, journal });
    nowMs = after(180);
    const { view, screen } = await open(80, { past });
    view.show({ ...EVENTS.started, at: nowMs });
    view.show({ ...EVENTS.observed, at: nowMs });
    const shown = screen.lines.join('\n');
    expect(shown).toContain('llama-v2 (serving)  running 3m00s');
    expect(shown).toMatch(/ready [▁-█]{40} {2}29 to 33 so far/u);
    expect(shown).toContain('waiting 2m00s for 3 main pods to be gone');
    expect(shown).toContain('2m00s ago  main 30 → 27');
    view.close();
  });

  it('turns its spinner between events', async () => {
    const { view, screen } = await open();
    const before = screen.lines;
    vi.advanceTimersByTime(121);
    expect(screen.lines).not.toEqual(before);
    expect(withoutSpinner(screen.lines)).toEqual(withoutSpinner(before));
    view.close();
  });

  it('prints warnings above, and details with -v', async () => {
    const { view, screen } = await open();
    view.show({ ...EVENTS.note, level: 'detail' });
    view.show({ ...EVENTS.note, message: 'one' });
    view.show({ ...EVENTS.note, message: 'two' });
    expect(withoutSpinner(screen.lines)).toEqual(['warning: one', 'warning: two', '@ llama-v2 (serving)  starting']);
    view.close();
    const chatty = await open(80, { verbosity: 1 });
    chatty.view.show({ ...EVENTS.note, level: 'detail', message: 'the lease was renewed' });
    expect(chatty.screen.lines[0]).toBe('the lease was renewed');
    chatty.view.close();
  });

  it('leaves the whole end behind, and a cursor that is seen', async () => {
    const { view, screen } = await open();
    for (const event of RUN.slice(0, -1)) view.show(event);
    view.show(EVENTS.ended);
    view.close();
    expect(screen.cursorHidden).toBe(false);
    expect(screen.lines).toEqual([
      ...STARTED,
      'warning: a watch fell silent and was begun anew',
      'paused by ben@desk. To go on: dupgrade resume llama-v2 -n serving',
      'reached the targets set by ben@desk, which are not those of the spec. To go on',
      '  to the targets of the spec: dupgrade resume llama-v2 -n serving',
      '✖ stuck (unschedulable, exit code 5): no progress for 10m00s',
      '  2 grey pods cannot be scheduled, e.g. llama-v2-7d9c5b8f4-x2x7k, since',
      '    09:59:00Z: each needs 8 nvidia.com/gpu, 0 of 8 nodes have 8 free',
      '  So far: main 30 → 18, grey 0 → 15 in 12m04s, 20 writes, lowest ready 30,',
      '    most pods 33',
      '  The cluster is left as it stands.',
      'Next:',
      '  dupgrade resume llama-v2 -n serving  # go on',
      '  dupgrade set-target llama-v2 -n serving --ready  # accept what is ready now',
      // The terminal itself breaks what must not be broken.
      '  dupgrade set-target llama-v2 -n serving --mode scaleInPriority  # remove befor',
      'e adding',
      '  dupgrade rollback llama-v2 -n serving  # go back to the counts before',
    ]);
  });

  it.each(Object.values(OUTCOMES))('ends with a sign and a title: $kind', async (outcome) => {
    const { view, screen } = await open(300);
    view.show({ ...EVENTS.ended, outcome });
    const signs = { reached: '✔', held: '■', aborted: '■', 'rolled-back': '■', interrupted: '■' };
    const sign = outcome.kind in signs ? Reflect.get(signs, outcome.kind) : '✖';
    expect(screen.lines[0]).toMatch(new RegExp(`^${sign} [a-z ]+ \\(.*exit code \\d+\\): \\S`));
    expect(screen.lines.some((line) => line.startsWith('  So far: '))).toBe(outcome.kind !== 'reached');
    expect(screen.cursorHidden).toBe(false);
  });

  it('gives the cursor back and wipes itself when it is closed before the end', async () => {
    const { view, screen } = await open();
    view.show(EVENTS.observed);
    view.close();
    view.close();
    expect(screen.cursorHidden).toBe(false);
    expect(screen.lines).toEqual(['']);
  });

  it('draws nothing more after its end', async () => {
    const { view, screen, tick, resize } = await open();
    view.show(EVENTS.ended);
    const left = screen.lines;
    view.show(EVENTS.observed);
    tick();
    resize();
    vi.advanceTimersByTime(10_000);
    expect(screen.lines).toEqual(left);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('offers at its end to remove first, since it has seen in which mode it went', async () => {
    for (const seen of [EVENTS.started, EVENTS.leg]) {
      const { view, screen } = await open();
      view.show(seen);
      view.show(EVENTS.ended);
      expect(screen.lines.join('\n')).toContain('--mode scaleInPriority');
    }
  });

  it.each([false, true])(
    'leaves nothing behind when the terminal becomes narrower or wider (colour: %s)',
    async (color) => {
      const { view, screen, resize } = await open(100, {}, color);
      view.show({ ...EVENTS.note, message: 'above' });
      view.show(EVENTS.observed);
      for (const columns of [60, 30, 120]) {
        screen.resize(columns);
        resize();
        const [first, second, third, fourth, fifth] = screen.lines;
        expect(first).toBe('warning: above');
        expect(second).toContain(' llama-v2 ');
        expect(third).toMatch(/^ {2}main /);
        expect(fourth).toMatch(/^ {2}grey /);
        expect(fifth).toMatch(/^ {2}ready /);
        expect(screen.lines.filter((line) => line.includes('main  '))).toHaveLength(1);
      }
      view.close();
      expect(screen.lines).toEqual(['warning: above']);
    },
  );

  it('leaves nothing behind of a single line that was broken', async () => {
    const { view, screen, resize } = await open(40);
    view.show({ ...EVENTS.note, message: 'above' });
    screen.resize(14);
    resize();
    expect(withoutSpinner(screen.lines)).toEqual(['warning: above', '@ llama-v2  s…']);
    view.close();
    expect(screen.lines).toEqual(['warning: above']);
  });
});

describe('the live view with a keyboard', () => {
  const seated = async (columns = 80, drives = true) => {
    const done = Promise.withResolvers<string>();
    const wishes: Wish[] = [];
    const state: { pressed: (key: string) => void; isListening: boolean } = { pressed: () => {}, isListening: false };
    const keyboard: Keyboard = {
      drives,
      listen: (pressed) => {
        Object.assign(state, { pressed, isListening: true });
        return () => {
          state.isListening = false;
        };
      },
      carryOut: (wish) => {
        wishes.push(wish);
        return done.promise;
      },
    };
    return { ...(await open(columns, { keyboard })), state, wishes, done };
  };

  beforeEach(() => {
    nowMs = after(0);
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('asks, carries out what is confirmed, and tells above what came of it', async () => {
    const { view, screen, state, wishes, done } = await seated();
    view.show(EVENTS.observed);
    expect(screen.lines.at(-1)).toBe('  ? shows the keys');
    state.pressed('p');
    expect(screen.lines.at(-1)).toBe('  pause? y/n');
    state.pressed('n');
    expect(screen.lines.at(-1)).toBe('  ? shows the keys');
    expect(wishes).toEqual([]);
    state.pressed('p');
    state.pressed('y');
    expect(wishes).toEqual(['pause']);
    expect(screen.lines.at(-1)).toBe('  pausing');
    done.resolve('pause llama-v2:\n  paused\u001B[2J\nanna@laptop 4711 carries it out\n');
    await vi.advanceTimersByTimeAsync(0);
    expect(screen.lines.slice(0, 3)).toEqual([
      'pause llama-v2:',
      String.raw`  paused\u001b[2J`,
      'anna@laptop 4711 carries it out',
    ]);
    expect(screen.lines.at(-1)).toBe('  ? shows the keys');
    view.close();
  });

  it('gives the keyboard back when it ends, and says nothing after that', async () => {
    const { view, screen, state, done } = await seated();
    state.pressed('b');
    state.pressed('y');
    expect(state.isListening).toBe(true);
    view.show(EVENTS.ended);
    expect(state.isListening).toBe(false);
    const left = screen.lines;
    done.resolve('rollback llama-v2:\n');
    await vi.advanceTimersByTimeAsync(0);
    expect(screen.lines).toEqual(left);
  });

  it('keeps a question that is asked while something is carried out', async () => {
    const { view, screen, state, wishes, done } = await seated();
    state.pressed('p');
    state.pressed('y');
    state.pressed('d');
    done.resolve('paused\n');
    await vi.advanceTimersByTimeAsync(0);
    expect(screen.lines.at(-1)).toBe('  stop driving? y/n');
    state.pressed('y');
    expect(wishes).toEqual(['pause', 'leave']);
    view.close();
  });
});
