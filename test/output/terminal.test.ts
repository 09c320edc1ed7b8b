import { describe, expect, it } from 'vitest';
import { type Surroundings, terminalOf } from '../../src/output/terminal.ts';

const surroundings = (
  env: Surroundings['env'],
  stream: object = { isTTY: true },
  platform = 'linux',
): Surroundings => ({
  stdout: { write: () => true, columns: 120, rows: 40, ...stream },
  stderr: { write: () => true },
  env,
  platform,
});

describe('a terminal', () => {
  it.each([
    ['a terminal', { TERM: 'xterm-256color' }, { isTTY: true }, true],
    ['a pipe', { TERM: 'xterm-256color' }, { isTTY: false }, false],
    ['a dumb terminal', { TERM: 'dumb' }, { isTTY: true }, false],
    ['the terminal of a pipeline', { TERM: 'xterm', CI: 'true' }, { isTTY: true }, false],
    ['a terminal where CI says that it is none', { TERM: 'xterm', CI: 'false' }, { isTTY: true }, true],
  ])('%s can show a live view or not', (_, env, stream, interactive) => {
    expect(terminalOf(surroundings(env, stream)).interactive).toBe(interactive);
  });

  it.each<[string, Surroundings['env'], object, boolean | undefined, boolean]>([
    ['on a terminal', {}, { isTTY: true }, undefined, true],
    ['not through a pipe', {}, { isTTY: false }, undefined, false],
    ['not with NO_COLOR', { NO_COLOR: '1' }, { isTTY: true }, undefined, false],
    ['with an empty NO_COLOR, which says nothing', { NO_COLOR: '' }, { isTTY: true }, undefined, true],
    ['through a pipe with FORCE_COLOR', { FORCE_COLOR: '1' }, { isTTY: false }, undefined, true],
    ['not with FORCE_COLOR=0', { FORCE_COLOR: '0' }, { isTTY: true }, undefined, false],
    ['not with both', { NO_COLOR: '1', FORCE_COLOR: '1' }, { isTTY: true }, undefined, false],
    ['not on a dumb terminal', { TERM: 'dumb' }, { isTTY: true }, undefined, false],
    ['not where the command line says so', {}, { isTTY: true }, false, false],
    ['where the command line says so', { NO_COLOR: '1' }, { isTTY: false }, true, true],
  ])('shows colours %s', (_, env, stream, wish, color) => {
    expect(terminalOf(surroundings(env, stream), wish).color).toBe(color);
  });

  it.each([
    [{ LANG: 'en_US.UTF-8' }, 'linux', true],
    [{ LANG: 'C.utf8' }, 'linux', true],
    [{ LANG: 'C' }, 'linux', false],
    [{}, 'linux', false],
    [{ LANG: 'en_US.UTF-8', LC_ALL: 'C' }, 'linux', false],
    [{ LANG: 'en_US.UTF-8', TERM: 'linux' }, 'linux', false],
    [{ WT_SESSION: 'x' }, 'win32', true],
    [{ LANG: 'en_US.UTF-8' }, 'win32', false],
  ])('with %j on %s it shows more than ASCII: %s', (env, platform, unicode) => {
    expect(terminalOf(surroundings(env, {}, platform)).unicode).toBe(unicode);
  });

  it('knows its size as it is now, and that a pipe has no width', () => {
    const stdout = { write: () => true, isTTY: true, columns: 120, rows: 40 };
    const terminal = terminalOf({ ...surroundings({}), stdout });
    stdout.columns = 60;
    stdout.rows = 0;
    expect([terminal.columns(), terminal.rows()]).toEqual([60, 24]);
    expect(terminalOf(surroundings({}, { isTTY: false })).columns()).toBe(Number.POSITIVE_INFINITY);
    expect(terminalOf(surroundings({}, { isTTY: true, columns: 0 })).columns()).toBe(80);
  });

  it('tells of a change of its size until it is told to stop', () => {
    const listeners = new Set<() => void>();
    const on = (_: 'resize', listener: () => void) => listeners.add(listener);
    const off = (_: 'resize', listener: () => void) => listeners.delete(listener);
    let changes = 0;
    const stop = terminalOf(surroundings({}, { on, off })).onResize?.(() => {
      changes += 1;
    });
    for (const listener of listeners) listener();
    stop?.();
    for (const listener of listeners) listener();
    expect(changes).toBe(1);
  });
});
