import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Answers } from './answers.ts';
import type { Asked } from './asked.ts';
import type { Credentials } from './certificate.ts';
import { entrance } from './entrance.ts';
import { badRequest, Refusal, statusOf } from './refusal.ts';

/** As much as an API server takes. */
const MOST_BYTES = 3 * 1024 * 1024;

export type ServerOptions = {
  readonly token: string;
  readonly credentials: Credentials;
  readonly port: number;
  readonly answers: Answers;
  /** Called before the cluster is looked at, and after. */
  readonly catchUp: () => void;
};

export type Listening = { readonly port: number; readonly close: () => Promise<void> };

/** Listens on loopback. Rejects where the port is taken. */
export const listen = async (options: ServerOptions): Promise<Listening> => {
  const enter = entrance(options.token);
  const { key, certificate } = options.credentials;
  const server = createServer({ key, cert: certificate }, (request, response) => {
    const port = portOf(server);
    void (async () => {
      try {
        enter(request.headers, port);
        const { pathname, searchParams } = new URL(request.url ?? '/', `http://127.0.0.1:${port}`);
        const asked = await askedBy(request, searchParams);
        options.catchUp();
        const answer = options.answers.answer(pathname, asked, response);
        options.catchUp();
        if (answer !== undefined && 'text' in answer) sendText(response, answer.code, answer.text);
        else if (answer !== undefined) send(response, answer.code, answer.body);
      } catch (error) {
        const status = statusOf(error);
        send(response, status.code, status);
      }
    })();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return { port: portOf(server), close: () => closed(server) };
};

const portOf = (server: Server): number => {
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

const askedBy = async (request: IncomingMessage, query: URLSearchParams): Promise<Asked> => {
  const { method = 'GET', headers } = request;
  const contentType = (headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  const text = await textOf(request);
  return {
    method,
    query,
    accept: headers.accept ?? '',
    contentType,
    userAgent: headers['user-agent'] ?? '',
    body: () => (text === '' ? undefined : parsed(text, contentType)),
  };
};

const textOf = async (request: IncomingMessage): Promise<string> => {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request) {
    if (!Buffer.isBuffer(piece)) continue;
    bytes += piece.length;
    if (bytes > MOST_BYTES)
      throw new Refusal(413, 'RequestEntityTooLarge', `the body is longer than ${MOST_BYTES} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
};

const parsed = (text: string, contentType: string): unknown => {
  // Some commands of kubectl write protobuf; apply, replace and patch do not.
  if (!/^(|application\/(.*\+)?json)$/.test(contentType))
    throw new Refusal(
      415,
      'UnsupportedMediaType',
      `the sandbox takes JSON and not ${contentType}; kubectl apply --validate=false -f FILE sends JSON`,
    );
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('the body is not JSON');
  }
};

const sendText = (response: ServerResponse, code: number, text: string): void => {
  response.writeHead(code, { 'content-type': 'text/plain' });
  response.end(text);
};

const send = (response: ServerResponse, code: number, body: object): void => {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
};
