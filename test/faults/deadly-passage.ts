import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { authority, serverCertificate, serverKey } from '../cluster-adapter/certificates.ts';
import { plane } from '../cluster/fixtures.ts';
import { accessOf } from '../cluster/rest.ts';
import { kubeconfigText } from '../cluster/users.ts';

/** Just before the request is passed on; or once its answer is there, and before the one who asked can see any of it. */
export type Moment = 'before' | 'after';

export interface Blow {
  /** The number of the request, the first is 1. */
  readonly at: number;
  readonly moment: Moment;
  /** Kills the one who asks. Nothing passes any more from then on, in either direction. */
  readonly strike: () => void;
}

/** A way to the API server, as user `cli`, that numbers the requests and strikes at one of them. */
export class DeadlyPassage {
  readonly kubeconfig: string;
  readonly #close: () => Promise<void>;
  readonly #blow: Blow;
  readonly #agent: Agent;
  #requests = 0;
  #struck: string | undefined;

  private constructor(kubeconfig: string, blow: Blow, agent: Agent, close: () => Promise<void>) {
    this.kubeconfig = kubeconfig;
    this.#blow = blow;
    this.#agent = agent;
    this.#close = close;
  }

  static async open(blow: Blow): Promise<DeadlyPassage> {
    const { ca, token = '' } = accessOf(plane.kubeconfig('cli'));
    const agent = new Agent({ keepAlive: true, ...(ca && { ca }) });
    const server = createServer({ key: serverKey, cert: serverCertificate }, (from, to) => passage.#pass(from, to));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the passage has no port');
    const dir = await mkdtemp(join(tmpdir(), 'dupgrade-test-'));
    const kubeconfig = join(dir, 'kubeconfig');
    const own = { server: `https://127.0.0.1:${address.port}`, ca: Buffer.from(authority) };
    await writeFile(kubeconfig, kubeconfigText(own, 'cli', token), { mode: 0o600 });
    const passage = new DeadlyPassage(kubeconfig, blow, agent, async () => {
      agent.destroy();
      server.closeAllConnections();
      server.close();
      await rm(dir, { recursive: true });
    });
    return passage;
  }

  /** The request at which it struck; undefined where the one who asks ended before. */
  get struck(): string | undefined {
    return this.#struck;
  }

  close(): Promise<void> {
    return this.#close();
  }

  #pass(from: IncomingMessage, to: ServerResponse): void {
    if (this.#struck !== undefined) {
      from.destroy();
      return;
    }
    const isItsTurn = ++this.#requests === this.#blow.at;
    if (isItsTurn && this.#blow.moment === 'before') {
      this.#strikeAt(from);
      return;
    }
    const { method, url = '', headers } = from;
    const onward = request(new URL(url, plane.server), { method, headers, agent: this.#agent }, (answer) => {
      // An answer that comes after the blow, to an earlier request, is one that nobody sees either.
      if (isItsTurn) this.#strikeAt(from);
      if (this.#struck !== undefined) {
        answer.destroy();
        return;
      }
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      to.flushHeaders();
      answer.on('error', () => to.destroy()).pipe(to);
    });
    onward.on('error', () => to.destroy());
    to.on('close', () => onward.destroy());
    from.pipe(onward);
  }

  #strikeAt(from: IncomingMessage): void {
    this.#struck ??= `${from.method} ${from.url?.replace(/\?.*/, '')}`;
    this.#blow.strike();
    from.destroy();
  }
}
