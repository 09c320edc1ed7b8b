import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { authority, serverCertificate, serverKey } from '../cluster-adapter/certificates.ts';
import { plane } from '../cluster/fixtures.ts';
import type { Plane } from '../cluster/plane.ts';
import { accessOf } from '../cluster/rest.ts';
import { kubeconfigText } from '../cluster/users.ts';

/** What becomes of one request, and of its answer. */
export type Pass = (from: IncomingMessage, to: ServerResponse) => void;

const agents = new Map<string, Agent>();

/** All ways share the connections to a server: a run opens two dozen at once, and hands shaken are most of what a way costs. */
const agentOf = (server: string, ca: Buffer | undefined): Agent => {
  const agent = agents.get(server) ?? new Agent({ keepAlive: true, ...(ca && { ca }) });
  agents.set(server, agent);
  return agent;
};

/** A way to the API server, as user `cli`, on which every request can be seen and harmed. */
export class Way {
  readonly kubeconfig: string;
  readonly close: () => Promise<void>;
  readonly #server: string;
  readonly #agent: Agent;

  private constructor(kubeconfig: string, server: string, agent: Agent, close: () => Promise<void>) {
    this.kubeconfig = kubeconfig;
    this.#server = server;
    this.close = close;
    this.#agent = agent;
  }

  static async open(pass: Pass, on: Plane = plane): Promise<Way> {
    const { ca, token = '' } = accessOf(on.kubeconfig('cli'));
    const agent = agentOf(on.server, ca);
    const server = createServer({ key: serverKey, cert: serverCertificate }, pass);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the way has no port');
    const dir = await mkdtemp(join(tmpdir(), 'dupgrade-test-'));
    const kubeconfig = join(dir, 'kubeconfig');
    const own = { server: `https://127.0.0.1:${address.port}`, ca: Buffer.from(authority) };
    await writeFile(kubeconfig, kubeconfigText(own, 'cli', token), { mode: 0o600 });
    return new Way(kubeconfig, on.server, agent, async () => {
      server.closeAllConnections();
      server.close();
      await rm(dir, { recursive: true });
    });
  }

  /** Passes a request on, and hands the head of its answer to `answered`, who does with it what it likes. */
  onward(from: IncomingMessage, to: ServerResponse, answered: (answer: IncomingMessage) => void): void {
    const { method, url = '', headers } = from;
    const onward = request(new URL(url, this.#server), { method, headers, agent: this.#agent }, answered);
    onward.on('error', () => to.destroy());
    to.on('close', () => onward.destroy());
    from.pipe(onward);
  }
}

/** Gives an answer back as it is. */
export const giveBack = (answer: IncomingMessage, to: ServerResponse): void => {
  to.writeHead(answer.statusCode ?? 502, answer.headers);
  to.flushHeaders();
  answer.on('error', () => to.destroy()).pipe(to);
};
