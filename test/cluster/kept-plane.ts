// The one plane that stays for a person between `npm run cluster:up` and `npm run cluster:down`.
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fromJson } from './json.ts';
import type { PlaneDescription } from './plane.ts';
import { endRequest } from './supervision.ts';

export interface KeptPlane {
  readonly description: PlaneDescription;
  /** Where its supervisor listens. */
  readonly socket: string;
}

/** Outside the checkout, so that a second checkout finds it too, and in the folder that a restart clears if there is one. */
const stateFile = (): string => {
  const folder = process.env['XDG_RUNTIME_DIR'] || process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(folder, 'dupgrade-test', 'plane.json');
};

/** The plane that is running; what is left of one that was killed is cleared away. */
export const keptPlane = async (): Promise<KeptPlane | undefined> => {
  const kept = readState();
  if (!kept) return undefined;
  const connection = await reach(kept.socket);
  connection?.destroy();
  if (connection) return kept;
  forget(kept);
  return undefined;
};

/** Notes a running plane as the one to find. Returns false when there is another one by now. */
export const remember = (kept: KeptPlane): boolean => {
  mkdirSync(dirname(stateFile()), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(stateFile(), JSON.stringify(kept), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
};

/** Ends the plane that is running, if there is one; resolves when it is gone. */
export const endKeptPlane = async (): Promise<boolean> => {
  const kept = await keptPlane();
  if (!kept) return false;
  await endAt(kept.socket);
  forget(kept);
  return true;
};

/** Asks the supervisor that listens at a socket to end, and waits until it has. */
export const endAt = async (socket: string): Promise<void> => {
  const connection = await reach(socket);
  if (!connection) return;
  const closed = once(connection, 'close');
  connection.resume().write(`${endRequest}\n`);
  // The supervisor ends last, and its end closes the connection.
  await closed;
};

const readState = (): KeptPlane | undefined => {
  try {
    return fromJson<KeptPlane>(readFileSync(stateFile(), 'utf8'));
  } catch {
    return undefined;
  }
};

const forget = ({ description }: KeptPlane): void => {
  // What a damaged state file names must not be removed.
  if (basename(description.dir).startsWith('dupgrade-plane-'))
    rmSync(description.dir, { recursive: true, force: true });
  rmSync(dirname(stateFile()), { recursive: true, force: true });
};

const reach = (socket: string): Promise<Socket | undefined> =>
  new Promise((done) => {
    const connection = connect(socket);
    connection.once('connect', () => done(connection));
    connection.on('error', () => done(undefined));
  });
