import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the range from which systems draw the local ports of outgoing connections: a port from there may be taken by
 * any connection between our looking and the program's binding.
 */
const lowest = 20_000;
const highest = 30_000;

/**
 * Picks `count` different ports on loopback that are free now. Another process may still take one before the program
 * binds it; who starts a program has to try again with other ports then.
 */
export const freePorts = async (count: number): Promise<readonly number[]> => {
  const ports = new Set<number>();
  for (let tries = 0; ports.size < count; tries++) {
    if (tries > 1000) throw new Error(`no ${count} free ports between ${lowest} and ${highest} on 127.0.0.1`);
    const port = randomInt(lowest, highest);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
};

const isFree = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });
