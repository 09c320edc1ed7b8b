/** Loaded into a process before the program (node --expose-gc --import): says to its parent, when asked, what it holds. */
import { setImmediate as turn } from 'node:timers/promises';

export type Gauge = { readonly heapBytes: number; readonly sockets: number; readonly timers: number };

const read = async (): Promise<Gauge> => {
  // What is let go of in a turn of the loop, or by a finalizer, is free only after it.
  for (let i = 0; i < 3; i += 1) {
    globalThis.gc?.();
    await turn();
  }
  const resources = process.getActiveResourcesInfo();
  return {
    heapBytes: process.memoryUsage().heapUsed,
    sockets: resources.filter((name) => /^(TCP|TLS)/.test(name)).length,
    timers: resources.filter((name) => name === 'Timeout').length,
  };
};

process.on('message', () => {
  void read().then((gauge) => process.send?.(gauge));
});
// It ends with its parent, and does not live for its sake.
process.on('disconnect', () => process.exit());
process.channel?.unref();
