// The tests' own way to the API server: plain HTTPS, nothing of the product's. Tests judge the product with it, so a
// fault of the product's client must not be able to hide here as well.
import { readFileSync } from 'node:fs';
import { Agent, request, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parse } from 'yaml';
import { fromJson } from './json.ts';

/** The API server said no. `code` is the HTTP status, `reason` the one of the Status object, e.g. `Conflict`. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  readonly code: number;
  readonly reason: string;

  constructor(code: number, reason: string, message: string) {
    super(message);
    this.code = code;
    this.reason = reason;
  }
}

export type Query = Readonly<Record<string, string>>;

export const mergePatch = 'application/merge-patch+json';
export const strategicPatch = 'application/strategic-merge-patch+json';

type Listener<T> = (event: T) => void;

interface Call {
  readonly method: string;
  readonly path: string;
  readonly query?: Query;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

/** One user's connection to one API server. */
export class RestClient {
  readonly server: string;
  readonly #agent: Agent;
  readonly #token: string | undefined;

  constructor(access: Access) {
    this.server = access.server;
    this.#token = access.token;
    const { ca, cert, key, insecure } = access;
    this.#agent = new Agent({
      keepAlive: true,
      ...(ca && { ca }),
      ...(cert && key && { cert, key }),
      rejectUnauthorized: !insecure,
    });
  }

  /** Connects as the user of the current context of a kubeconfig file. */
  static of(kubeconfig: string): RestClient {
    return new RestClient(accessOf(kubeconfig));
  }

  get<T>(path: string, query?: Query): Promise<T> {
    return this.#json<T>({ method: 'GET', path, ...(query && { query }) });
  }

  create<T>(path: string, body: unknown, query?: Query): Promise<T> {
    return this.#json<T>({ method: 'POST', path, body, ...(query && { query }) });
  }

  replace<T>(path: string, body: unknown): Promise<T> {
    return this.#json<T>({ method: 'PUT', path, body });
  }

  patch<T>(path: string, body: unknown, contentType = mergePatch): Promise<T> {
    return this.#json<T>({ method: 'PATCH', path, body, contentType });
  }

  delete(path: string, options: unknown = {}): Promise<unknown> {
    return this.#json({ method: 'DELETE', path, body: options });
  }

  /** For the few paths that answer in plain text, e.g. /readyz. */
  async text(path: string): Promise<string> {
    return await textOf(await this.#send({ method: 'GET', path }));
  }

  /**
   * Opens one watch and calls `onEvent` with each event as it comes. Resolves when the server ends the watch, rejects when
   * it refuses it or the connection breaks. Who wants a watch that lasts takes `follow`.
   */
  async watch<T>(path: string, query: Query, onEvent: Listener<T>, signal: AbortSignal): Promise<void> {
    const response = await this.#send({ method: 'GET', path, query: { ...query, watch: 'true' }, signal });
    // Not readline's iterator: it swallows errors of the stream, and a watch that breaks has to be heard of.
    await new Promise<void>((done, fail) => {
      const lines = createInterface({ input: response, crlfDelay: Number.POSITIVE_INFINITY });
      lines.on('line', (line) => {
        try {
          if (line !== '') onEvent(fromJson<T>(line));
        } catch (error) {
          fail(error);
          response.destroy();
        }
      });
      // readline hands on the errors of its input; without a listener there they would end the process.
      lines.on('error', fail);
      response.on('close', () => (response.complete ? done() : fail(new Error(`the watch of ${path} broke off`))));
    });
  }

  /** The name that the server knows this client's user by, e.g. in its audit log. */
  async userName(): Promise<string> {
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    const { status } = await this.create<{ status: { userInfo: { username: string } } }>(path, review);
    return status.userInfo.username;
  }

  /** Closes all connections, watches included; they would keep a process alive for a while. */
  close(): void {
    this.#agent.destroy();
  }

  async #json<T = unknown>(call: Call): Promise<T> {
    const response = await this.#send(call);
    return fromJson<T>(await textOf(response));
  }

  async #send(call: Call): Promise<IncomingMessage> {
    const url = new URL(call.path, this.server);
    for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
    const payload = call.body === undefined ? undefined : JSON.stringify(call.body);
    const options: RequestOptions = {
      method: call.method,
      agent: this.#agent,
      headers: {
        accept: 'application/json',
        'user-agent': 'dupgrade-test',
        ...(this.#token && { authorization: `Bearer ${this.#token}` }),
        ...(payload !== undefined && {
          'content-type': call.contentType ?? 'application/json',
          'content-length': Buffer.byteLength(payload),
        }),
      },
      ...(call.signal && { signal: call.signal }),
    };
    const response = await answerTo(url, options, payload);
    const code = response.statusCode ?? 0;
    if (code < 300) return response;
    throw refusalOf(code, `${call.method} ${call.path}`, await textOf(response));
  }
}

/** A kept connection may be closed at the moment in which it is used again: then nobody has read the request. */
const answerTo = (url: URL, options: RequestOptions, payload: string | undefined): Promise<IncomingMessage> =>
  new Promise((done, fail) => {
    const asked = request(url, options, done);
    asked.on('error', (error: NodeJS.ErrnoException) => {
      if (asked.reusedSocket && error.code === 'ECONNRESET') answerTo(url, options, payload).then(done, fail);
      else fail(error);
    });
    asked.end(payload);
  });

const textOf = async (response: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
};

const refusalOf = (code: number, call: string, text: string): ApiRefusal => {
  try {
    const status = fromJson<{ reason?: string; message?: string }>(text);
    return new ApiRefusal(code, status.reason ?? '', `${call}: ${status.message ?? text}`);
  } catch {
    return new ApiRefusal(code, '', `${call}: HTTP ${code} ${text}`);
  }
};

interface Access {
  readonly server: string;
  readonly token?: string | undefined;
  readonly ca?: Buffer | undefined;
  readonly cert?: Buffer | undefined;
  readonly key?: Buffer | undefined;
  readonly insecure?: boolean | undefined;
}

type Entry<Key extends string, Value> = { readonly name: string } & Readonly<Partial<Record<Key, Value>>>;

interface Kubeconfig {
  readonly 'current-context'?: string;
  readonly contexts?: readonly Entry<'context', { cluster: string; user: string }>[];
  readonly clusters?: readonly Entry<'cluster', Readonly<Record<string, unknown>> & { server: string }>[];
  readonly users?: readonly Entry<'user', Readonly<Record<string, unknown>>>[];
}

/** Reads server and credentials of a kubeconfig's current context: tokens and client certificates, inline or in files. */
export const accessOf = (kubeconfig: string): Access => {
  // By way of JSON, as the types of parsed YAML are believed in one place.
  const config = fromJson<Kubeconfig>(JSON.stringify(parse(readFileSync(kubeconfig, 'utf8'))));
  const context = config.contexts?.find(({ name }) => name === config['current-context'])?.context;
  const cluster = config.clusters?.find(({ name }) => name === context?.cluster)?.cluster;
  const user = config.users?.find(({ name }) => name === context?.user)?.user;
  if (!cluster || !user) throw new Error(`${kubeconfig} has no current context with a cluster and a user`);
  const bytes = (from: Readonly<Record<string, unknown>>, key: string): Buffer | undefined => {
    const inline = from[`${key}-data`];
    if (typeof inline === 'string') return Buffer.from(inline, 'base64');
    const file = from[key];
    return typeof file === 'string' ? readFileSync(resolve(dirname(kubeconfig), file)) : undefined;
  };
  const tokenFile = user['tokenFile'];
  const token = typeof tokenFile === 'string' ? readFileSync(tokenFile, 'utf8').trim() : user['token'];
  const cert = bytes(user, 'client-certificate');
  if (typeof token !== 'string' && !cert) {
    throw new Error(
      `${kubeconfig}: the tests need a token or a client certificate; other ways to log in are not known`,
    );
  }
  return {
    server: cluster.server,
    token: typeof token === 'string' ? token : undefined,
    ca: bytes(cluster, 'certificate-authority'),
    cert,
    key: bytes(user, 'client-key'),
    insecure: cluster['insecure-skip-tls-verify'] === true,
  };
};
