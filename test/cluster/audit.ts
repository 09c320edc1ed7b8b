import { createReadStream, statSync, watch } from 'node:fs';
import { fromJson } from './json.ts';

/** One attempt to set a Deployment's replicas by its `scale` subresource. */
export interface ScaleWrite {
  /** When the server received it, RFC 3339 with microseconds. */
  readonly time: string;
  readonly user: string;
  readonly deployment: string;
  /** The count that was asked for; null where the server refused before it read the body. */
  readonly replicas: number | null;
  /** The HTTP status of the answer: 200, 409 for a conflict, ... */
  readonly code: number;
}

export interface RequestCount {
  readonly verb: string;
  /** With its subresource, e.g. `deployments/scale`. */
  readonly resource: string;
  readonly user: string;
  readonly count: number;
}

export interface RequestFilter {
  readonly namespace?: string;
  readonly user?: string;
}

interface Entry {
  readonly auditID: string;
  readonly stage: 'RequestReceived' | 'ResponseStarted' | 'ResponseComplete' | 'Panic';
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username: string };
  readonly requestReceivedTimestamp: string;
  readonly objectRef?: {
    readonly resource?: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly requestObject?: { readonly spec?: { readonly replicas?: number } };
  readonly responseObject?: { readonly spec?: { readonly replicas?: number } };
  readonly responseStatus?: { readonly code?: number };
}

const settleTimeoutMs = 10_000;

/** The audit log of an API server. Reading it misses nothing that was answered before. */
export class AuditLog {
  readonly #path: string;
  /** Where reading begins, in bytes. */
  readonly #from: number;

  constructor(path: string, from = 0) {
    this.#path = path;
    this.#from = from;
  }

  /** Of what is asked from now on: hundreds of upgrades write more than should be read for each of them. */
  static fromNow(path: string): AuditLog {
    return new AuditLog(path, statSync(path).size);
  }

  /** The scale writes in a namespace, in order. Dry runs write nothing and are left out. */
  async scaleWrites(namespace: string): Promise<readonly ScaleWrite[]> {
    const entries = await this.#finished(
      ({ objectRef, verb }) =>
        objectRef?.resource === 'deployments' &&
        objectRef.subresource === 'scale' &&
        objectRef.namespace === namespace &&
        verb !== 'get',
      namespace,
    );
    return entries
      .filter(({ requestURI }) => !requestURI.includes('dryRun='))
      .map((entry) => ({
        time: entry.requestReceivedTimestamp,
        user: entry.user.username,
        deployment: entry.objectRef?.name ?? '',
        replicas: entry.responseObject?.spec?.replicas ?? entry.requestObject?.spec?.replicas ?? null,
        code: entry.responseStatus?.code ?? 0,
      }))
      .toSorted((a, b) => Number(a.time > b.time) - Number(a.time < b.time));
  }

  /** When anybody else than `user` first changed or deleted a Deployment or its scale since then; RFC 3339. */
  async changedByOthers(namespace: string, user: string, since: string): Promise<string | undefined> {
    const entries = await this.#finished(
      ({ objectRef, verb, user: { username }, requestReceivedTimestamp }) =>
        objectRef?.resource === 'deployments' &&
        objectRef.subresource !== 'status' &&
        objectRef.namespace === namespace &&
        ['patch', 'update', 'delete'].includes(verb) &&
        username !== user &&
        requestReceivedTimestamp >= since,
      namespace,
    );
    return entries.map((entry) => entry.requestReceivedTimestamp).toSorted()[0];
  }

  /** The paths and queries of all requests of a verb that a user has sent about a namespace. */
  async addresses(verb: string, { namespace, user }: Required<RequestFilter>): Promise<readonly string[]> {
    const entries = await this.#finished(
      (entry) => entry.verb === verb && entry.objectRef?.namespace === namespace && entry.user.username === user,
      namespace,
    );
    return entries.map(({ requestURI }) => requestURI);
  }

  /** How often who asked for what, the most frequent first. */
  async requestCounts({ namespace, user }: RequestFilter = {}): Promise<readonly RequestCount[]> {
    const entries = await this.#finished(
      (entry) =>
        (namespace === undefined || entry.objectRef?.namespace === namespace) &&
        (user === undefined || entry.user.username === user),
      namespace,
    );
    const counts = new Map<string, RequestCount>();
    for (const {
      verb,
      objectRef,
      user: { username },
      requestURI,
    } of entries) {
      const { resource, subresource } = objectRef ?? {};
      const what =
        resource === undefined ? requestURI.replace(/\?.*/, '') : [resource, subresource].filter(Boolean).join('/');
      const key = `${verb} ${what} ${username}`;
      counts.set(key, { verb, resource: what, user: username, count: (counts.get(key)?.count ?? 0) + 1 });
    }
    return [...counts.values()].toSorted((a, b) => b.count - a.count);
  }

  /**
   * The last entry of each matching request. The server writes it when it has answered already, but has noted before
   * that the request came in: so where a request is noted and not finished, the log is read again when it grows. Lines
   * without `text` are none of it: to take each of them apart costs seconds, where hundreds of upgrades have written some.
   */
  async #finished(matches: (entry: Entry) => boolean, text = ''): Promise<readonly Entry[]> {
    const growth = new Growth(this.#path);
    try {
      for (;;) {
        const requests = new Map<string, Entry>();
        for (const line of (await this.#read()).split('\n')) {
          const entry = line.includes(text) ? entryOf(line) : undefined;
          if (entry && matches(entry)) requests.set(entry.auditID, entry);
        }
        const entries = [...requests.values()];
        const open = entries.filter(({ stage }) => stage === 'RequestReceived');
        if (open.length === 0) return entries;
        if (!(await growth.next())) {
          throw new Error(
            `${this.#path}: still without an answer: ${open.map(({ requestURI }) => requestURI).join(', ')}`,
          );
        }
      }
    } finally {
      growth.close();
    }
  }

  async #read(): Promise<string> {
    const pieces: Buffer[] = [];
    for await (const piece of createReadStream(this.#path, { start: this.#from })) pieces.push(piece as Buffer);
    return Buffer.concat(pieces).toString();
  }
}

/** The first and the last line may be half of one. */
const entryOf = (line: string): Entry | undefined => {
  try {
    return fromJson<Entry>(line);
  } catch {
    return undefined;
  }
};

/** Tells of changes of a file since it was made, none missed between two calls of `next`. */
class Growth {
  readonly #watcher: ReturnType<typeof watch>;
  readonly #deadline = Date.now() + settleTimeoutMs;
  #hasGrown = false;
  #wake = (): void => {};

  constructor(path: string) {
    this.#watcher = watch(path, () => {
      this.#hasGrown = true;
      this.#wake();
    });
  }

  /** Resolves with true once the file has changed since the last call, with false when that takes too long. */
  async next(): Promise<boolean> {
    const timer = setTimeout(() => this.#wake(), this.#deadline - Date.now());
    await new Promise<void>((done) => {
      this.#wake = done;
      if (this.#hasGrown) done();
    });
    clearTimeout(timer);
    const hasGrown = this.#hasGrown;
    this.#hasGrown = false;
    return hasGrown && Date.now() < this.#deadline;
  }

  close(): void {
    this.#watcher.close();
  }
}
