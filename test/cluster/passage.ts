import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { plane } from './fixtures.ts';
import type { PlaneUser } from './users.ts';

/** A way to the API server that a test can block: connections stay open, and nothing comes through any more. */
export class Passage {
  readonly kubeconfig: string;
  readonly #sockets: Set<Socket>;
  isBlocked = false;

  private constructor(kubeconfig: string, sockets: Set<Socket>) {
    this.kubeconfig = kubeconfig;
    this.#sockets = sockets;
  }

  static async open(user: PlaneUser): Promise<Passage> {
    const { hostname, port } = new URL(plane.server);
    const sockets = new Set<Socket>();
    let passage: Passage | undefined;
    const server = createServer((client) => {
      const upstream = connect(Number(port), hostname);
      for (const socket of [client, upstream]) {
        sockets.add(socket);
        socket.on('error', () => client.destroy());
        socket.on('close', () => sockets.delete(socket));
      }
      client.pipe(upstream).pipe(client);
      if (!passage?.isBlocked) return;
      client.unpipe();
      upstream.unpipe();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const dir = await mkdtemp(join(tmpdir(), 'dupgrade-test-'));
    onTestFinished(async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await rm(dir, { recursive: true });
    });
    const address = server.address();
    const own = typeof address === 'object' ? `127.0.0.1:${address?.port}` : '';
    const kubeconfig = join(dir, 'kubeconfig');
    await writeFile(kubeconfig, readFileSync(plane.kubeconfig(user), 'utf8').replaceAll(`${hostname}:${port}`, own));
    passage = new Passage(kubeconfig, sockets);
    return passage;
  }

  block(): void {
    this.isBlocked = true;
    for (const socket of this.#sockets) {
      socket.unpipe();
      socket.pause();
    }
  }
}
