import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { hasKeys, listenToKeys, type Seat } from '../src/keyboard.ts';

/** A terminal, and a log of what is done with it. */
const seated = (isForeground = true) => {
  const stdin = new EventEmitter();
  const log: string[] = [];
  const state = { isForeground, continued: (): void => undefined };
  const seat: Seat = {
    input: {
      isTTY: true,
      readableEnded: false,
      destroyed: false,
      setRawMode: (raw) => log.push(raw ? 'raw' : 'cooked'),
      on: (event, listener) => stdin.on(event, listener),
      off: (event, listener) => stdin.off(event, listener),
      resume: () => log.push('reads'),
      pause: () => log.push('rests'),
    },
    raise: (signal) => log.push(signal),
    onContinue: (call) => {
      state.continued = call;
      return () => {
        state.continued = () => undefined;
      };
    },
    isForeground: () => state.isForeground,
  };
  const stop = listenToKeys(seat, (key) => log.push(`key ${key}`));
  return { log, state, stop, type: (text: string) => stdin.emit('data', Buffer.from(text)), stdin };
};

describe('a keyboard', () => {
  it('is read key by key, and given back as it was', () => {
    const { log, type, stop, stdin } = seated();
    type('p');
    type('ä');
    stop();
    stop();
    expect(log).toEqual(['raw', 'reads', 'key p', 'key ä', 'rests', 'cooked']);
    expect(stdin.listenerCount('data')).toBe(0);
  });

  it('takes what comes at once for no key: it was pasted, or is an arrow', () => {
    const { log, type } = seated();
    type('by');
    type('\u001B[A');
    expect(log).toEqual(['raw', 'reads']);
  });

  it('interrupts and quits as ever, also in the middle of what was pasted', () => {
    const { log, type } = seated();
    type('\u0003');
    type('yy\u0003');
    type('\u001C');
    expect(log.slice(2)).toEqual(['SIGINT', 'SIGINT', 'SIGQUIT']);
  });

  it('is given back while the process is stopped, and taken again in the foreground', () => {
    const { log, type, state } = seated();
    type('\u001A');
    state.continued();
    expect(log).toEqual(['raw', 'reads', 'rests', 'cooked', 'SIGTSTP', 'raw', 'reads', 'raw', 'reads']);
  });

  it('is not touched in the background, until the process is fetched from there', () => {
    const { log, state, stop } = seated(false);
    expect(log).toEqual([]);
    state.isForeground = true;
    state.continued();
    expect(log).toEqual(['raw', 'reads']);
    // Stopped by somebody else, and continued in the background: its shell has the terminal.
    state.isForeground = false;
    state.continued();
    stop();
    expect(log).toEqual(['raw', 'reads', 'rests']);
  });

  it('is there where input is a terminal that has not ended', () => {
    const { input } = { input: { isTTY: true, readableEnded: false, destroyed: false } };
    const of = (wishes: Partial<Seat['input']>): boolean =>
      hasKeys({ ...input, setRawMode: () => 0, on: () => 0, off: () => 0, resume: () => 0, pause: () => 0, ...wishes });
    expect([of({}), of({ isTTY: false }), of({ readableEnded: true }), of({ destroyed: true })]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
