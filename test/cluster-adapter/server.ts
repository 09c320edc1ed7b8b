// An API server that does what a test says, on loopback.
import { once } from 'node:events';
import {
  createServer as createHttp,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { authority, serverCertificate, serverKey } from './certificates.ts';
import { Log } from './log.ts';

export type Seen = {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  /** The name in the client's certificate. */
  readonly certificate: string | undefined;
};

/** A body that goes on until the test ends it. */
export type Stream = {
  readonly send: (...events: readonly unknown[]) => void;
  readonly write: (text: string | Uint8Array) => void;
  readonly end: () => void;
  readonly drop: () => void;
  /** Resolves when the other side has gone. */
  readonly gone: Promise<unknown>;
};

export type Reply =
  | { readonly json: unknown; readonly status?: number; readonly headers?: Readonly<Record<string, string>> }
  | {
      readonly text: string | Uint8Array;
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly stream: (stream: Stream) => void }
  /** No answer, ever. */
  | 'hang'
  /** The connection breaks. */
  | 'drop';

export type Handler = (seen: Seen) => Reply | Promise<Reply>;

type Secure = { readonly cert: string; readonly key: string; readonly ca: string; readonly requestCert: boolean };

export const SECURE: Secure = { cert: serverCertificate, key: serverKey, ca: authority, requestCert: true };

export class ApiServer {
  readonly seen = new Log<Seen>();
  readonly url: string;
  handler: Handler;
  readonly #sockets: ReadonlySet<Socket>;

  constructor(url: string, handler: Handler, sockets: ReadonlySet<Socket>) {
    this.url = url;
    this.handler = handler;
    this.#sockets = sockets;
  }

  /** How many connections there have been. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Resolves when none of them is left. */
  async left(): Promise<void> {
    await Promise.all([...this.#sockets].filter(({ closed }) => !closed).map((socket) => once(socket, 'close')));
  }

  /** The requests for which `holds`, as "GET /path". */
  asked(holds: (seen: Seen) => boolean = () => true): readonly string[] {
    return this.seen.entries.filter(holds).map(({ method, path }) => `${method} ${path}`);
  }
}

/** Listens until the end of the test. */
export const startServer = async (handler: Handler, secure?: Partial<Secure>): Promise<ApiServer> => {
  const sockets = new Set<Socket>();
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    void reply(server, request, response);
  };
  const listener =
    secure === undefined
      ? createHttp(answer)
      : createHttps({ ...SECURE, ...secure, rejectUnauthorized: false }, answer);
  listener.on(secure === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    sockets.add(socket);
  });
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  const url = `${secure === undefined ? 'http' : 'https'}://127.0.0.1:${portOf(listener.address())}`;
  const server = new ApiServer(url, handler, sockets);
  onTestFinished(() => {
    listener.close();
    listener.closeAllConnections();
  });
  return server;
};

/** A server that gives these replies one after the other, the last one for ever. */
export const replying = (...replies: readonly [Reply, ...Reply[]]): Promise<ApiServer> => {
  let count = 0;
  return startServer(() => replies[Math.min(count++, replies.length - 1)] ?? replies[0]);
};

const portOf = (address: AddressInfo | string | null): number => {
  if (address === null || typeof address === 'string') throw new Error('the server listens at no port');
  return address.port;
};

const reply = async (server: ApiServer, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const url = new URL(request.url ?? '/', server.url);
  const seen = {
    method: request.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    body: await bodyOf(request),
    certificate: request.socket instanceof TLSSocket ? nameOf(request.socket) : undefined,
  };
  server.seen.add(seen);
  const answer = await server.handler(seen);
  if (answer === 'hang') return;
  if (answer === 'drop') {
    request.socket.destroy();
  } else if ('stream' in answer) {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    answer.stream(streamOf(response));
  } else {
    const text = 'json' in answer ? JSON.stringify(answer.json) : answer.text;
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers }).end(text);
  }
};

const nameOf = (socket: TLSSocket): string | undefined => {
  const name = socket.getPeerCertificate().subject?.CN;
  return typeof name === 'string' ? name : undefined;
};

const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  const pieces: Buffer[] = [];
  for await (const piece of request) if (piece instanceof Buffer) pieces.push(piece);
  const text = Buffer.concat(pieces).toString('utf8');
  if (text === '') return undefined;
  return request.headers['content-type']?.includes('json') ? JSON.parse(text) : text;
};

const streamOf = (response: ServerResponse): Stream => ({
  send: (...events) => response.write(events.map((event) => `${JSON.stringify(event)}\n`).join('')),
  write: (text) => response.write(text),
  end: () => response.end(),
  drop: () => response.socket?.destroy(),
  gone: once(response, 'close'),
});
