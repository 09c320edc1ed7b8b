import { describe, expect, it } from 'vitest';
import { openView, type ViewKind } from '../../src/output/view.ts';
import { contextOf, EVENTS, fakeTerminal } from './samples.ts';

describe('a view', () => {
  it.each<[ViewKind, boolean, boolean, 'live' | 'lines' | 'json']>([
    ['live', true, false, 'live'],
    ['live', false, false, 'lines'],
    ['live', true, true, 'lines'],
    ['lines', true, false, 'lines'],
    ['json', true, false, 'json'],
    ['json', true, true, 'json'],
  ])('asked for as %s (interactive: %s, quiet: %s) is %s', async (kind, interactive, quiet, expected) => {
    const terminal = fakeTerminal({ interactive });
    const view = await openView(kind, contextOf(terminal, { quiet }));
    view.show(EVENTS.note);
    view.close();
    view.close();
    const shown = terminal.written();
    expect(shown.includes('\u001B[?25l') ? 'live' : shown.startsWith('{') ? 'json' : 'lines').toBe(expected);
  });
});
