/** Standard input, as far as keys are read from it. */
export type KeyInput = {
  readonly isTTY?: boolean;
  readonly readableEnded: boolean;
  readonly destroyed: boolean;
  readonly setRawMode: (raw: boolean) => unknown;
  readonly on: (event: 'data', listener: (chunk: Uint8Array | string) => void) => unknown;
  readonly off: (event: 'data', listener: (chunk: Uint8Array | string) => void) => unknown;
  readonly resume: () => unknown;
  readonly pause: () => unknown;
};

/** The keyboard of a terminal, and what a terminal does with it on its own as long as nobody reads single keys. */
export type Seat = {
  readonly input: KeyInput;
  /** Sends a signal to everything that runs in the foreground, as the terminal would. */
  readonly raise: (signal: 'SIGINT' | 'SIGQUIT' | 'SIGTSTP') => void;
  /** Calls back when the process goes on after it was stopped; answers with the way to stop that. */
  readonly onContinue: (call: () => void) => () => void;
  /** Whether keys go to this process, and not to a shell that has put it in the background. */
  readonly isForeground: () => boolean;
};

const SIGNALS = [
  ['\u0003', 'SIGINT'],
  ['\u001C', 'SIGQUIT'],
] as const;
const SUSPEND = '\u001A';

/**
 * Reads single keys until the function is called that it answers with. The terminal then does not turn Ctrl-C, Ctrl-\ and
 * Ctrl-Z into signals, so that is done here. In the background nothing is read and the terminal is let be: who touches it
 * there is stopped. Keys that come at once are text that was pasted, or a key of many characters, and none of them counts.
 */
export const listenToKeys = (seat: Seat, pressed: (key: string) => void): (() => void) => {
  const { input } = seat;
  let isReading = false;
  const hear = (chunk: Uint8Array | string): void => {
    const text = typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk);
    for (const [key, signal] of SIGNALS) if (text.includes(key)) return seat.raise(signal);
    if (text.includes(SUSPEND)) {
      release();
      seat.raise('SIGTSTP');
      // It goes on here when it is continued, or at once where there is no shell that could continue it.
      return take();
    }
    return /^.$/su.test(text) ? pressed(text) : undefined;
  };
  const take = (): void => {
    const isOurs = seat.isForeground();
    // Put into the background while it was stopped: the shell has the terminal back already.
    if (isReading && !isOurs) forget();
    if (!isOurs) return;
    input.setRawMode(true);
    if (!isReading) input.on('data', hear);
    input.resume();
    isReading = true;
  };
  const forget = (): void => {
    input.off('data', hear);
    input.pause();
    isReading = false;
  };
  const release = (): void => {
    if (!isReading) return;
    forget();
    if (seat.isForeground()) input.setRawMode(false);
  };
  const stop = seat.onContinue(take);
  take();
  return () => {
    stop();
    release();
  };
};

/** Whether there are keys to be read at all. */
export const hasKeys = ({ isTTY, readableEnded, destroyed }: KeyInput): boolean =>
  isTTY === true && !readableEnded && !destroyed;
