import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { connect, type Connection, type ConnectOptions } from '../../src/cluster/kubernetes/connect.ts';
import type { Timing } from '../../src/cluster/kubernetes/timing.ts';
import { ClusterError } from '../../src/cluster/port.ts';
import { authority } from './certificates.ts';
import { Log } from './log.ts';
import { type ApiServer, type Reply, startServer } from './server.ts';

/** A token that must never be seen in a message. */
export const SECRET = 'c2VjcmV0LXRva2Vu';

/** Time that passes only when somebody waits, and chance that always gives the longest wait. */
export const fakeTime = (): Partial<Timing> & { readonly waits: Log<number> } => {
  const waits = new Log<number>();
  let nowMs = 0;
  return {
    waits,
    now: () => nowMs,
    random: () => 1,
    after: (ms, call) => {
      const timer = setImmediate(() => {
        nowMs += ms;
        call();
      });
      return () => clearImmediate(timer);
    },
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      nowMs += ms;
      waits.add(ms);
      await turn();
      signal.throwIfAborted();
    },
  };
};

export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'dupgrade-adapter-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

export type Kubeconfig = {
  readonly url: string;
  readonly user?: unknown;
  readonly cluster?: Readonly<Record<string, unknown>>;
  readonly context?: Readonly<Record<string, unknown>>;
};

/** A kubeconfig of one context, "test", for user "alice". JSON is YAML. */
export const kubeconfigText = ({ url, user = { token: SECRET }, cluster, context }: Kubeconfig): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'plane', cluster: { server: url, 'certificate-authority-data': base64(authority), ...cluster } },
    ],
    users: [{ name: 'alice', user }],
    contexts: [{ name: 'test', context: { cluster: 'plane', user: 'alice', ...context } }],
    'current-context': 'test',
  });

export const base64 = (text: string): string => Buffer.from(text).toString('base64');

export const writeKubeconfig = (kubeconfig: Kubeconfig, folder = temporaryFolder()): string => {
  const file = join(folder, 'config');
  writeFileSync(file, kubeconfigText(kubeconfig));
  return file;
};

export type Connected = Connection & { readonly notes: Log<string>; readonly waits: Log<number> };

/** Connects until the end of the test, in time that passes only when somebody waits. */
export const connectTo = (kubeconfig: Kubeconfig, options: Partial<ConnectOptions> = {}): Connected => {
  const notes = new Log<string>();
  const time = fakeTime();
  const connection = connect({
    kubeconfig: writeKubeconfig(kubeconfig),
    env: {},
    note: (message) => notes.add(message),
    ...options,
    timing: { ...time, ...options.timing },
  });
  onTestFinished(() => connection.close());
  return { ...connection, notes, waits: time.waits };
};

/** What a promise rejects with, which has to be a ClusterError. */
export const faultOf = async (promise: Promise<unknown>): Promise<ClusterError> => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ClusterError) return error;
  throw new Error('it did not reject with a ClusterError', { cause: error });
};

/** What a call throws, which has to be a ClusterError. */
export const thrownBy = (call: () => unknown): ClusterError => {
  try {
    call();
  } catch (error) {
    if (error instanceof ClusterError) return error;
    throw error;
  }
  throw new Error('it did not throw');
};

export const refusal = (code: number, reason: string, message = '', headers: Record<string, string> = {}): Reply => ({
  status: code,
  headers,
  json: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message },
});

export const object = (name: string, version: number, more: object = {}) => ({
  metadata: { namespace: 'shop', name, uid: `uid-${name}`, resourceVersion: String(version) },
  ...more,
});

export const list = (version: number, items: readonly unknown[], next?: string) => ({
  kind: 'List',
  apiVersion: 'v1',
  metadata: { resourceVersion: String(version), ...(next !== undefined && { continue: next }) },
  items,
});

export const bookmark = (version: number) => ({
  type: 'BOOKMARK',
  object: { kind: 'Pod', metadata: { resourceVersion: String(version) } },
});

/** A Deployment, and the answer to who asks for it. */
export const main = { namespace: 'shop', name: 'main' };

export const answered: Reply = { json: object('main', 7) };

/** A server that knows these tokens. */
export const knowing = (...tokens: readonly string[]): Promise<ApiServer> =>
  startServer(({ headers }) =>
    tokens.some((token) => headers.authorization === `Bearer ${token}`) ? answered : refusal(401, 'Unauthorized'),
  );
