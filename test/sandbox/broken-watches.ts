import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { Log } from '../cluster-adapter/log.ts';

/** The watches that are asked for at servers of this process, until the end of the test, and a way to break them. */
export class BrokenWatches {
  readonly asked = new Log<IncomingMessage>();
  resets = 0;
  /** As they were accepted, without TLS, by the port of the client: only these can be reset. */
  readonly #sockets = new Map<number, Socket>();

  constructor() {
    listenTo('net.server.socket', ({ socket }) => {
      if (socket.remotePort !== undefined) this.#sockets.set(socket.remotePort, socket);
    });
    listenTo('http.server.request.start', ({ request }) => {
      if (request.url?.includes('watch=true')) this.asked.add(request);
    });
  }

  /** Has the client see a reset of every connection on which a watch was asked for; so many of the watches are waited for. */
  async reset(awaited: number): Promise<void> {
    const before = this.asked.count;
    for (const { socket } of this.asked.entries) {
      const raw = this.#sockets.get(socket.remotePort ?? 0);
      if (raw === undefined || socket.destroyed) continue;
      this.#sockets.delete(raw.remotePort ?? 0);
      raw.resetAndDestroy();
      this.resets += 1;
    }
    await this.asked.when(({ length }) => length >= before + awaited);
  }
}

/** What Node tells on the two channels. */
type Told = { readonly socket: Socket; readonly request: IncomingMessage };

const listenTo = (channel: string, take: (told: Told) => void): void => {
  const listener = (message: unknown): void => take(message as Told);
  subscribe(channel, listener);
  onTestFinished(() => void unsubscribe(channel, listener));
};
