import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../../src/cluster/virtual/random.ts';
import { canBefall, type Fault, oneIn, type Sort } from './fault.ts';
import { giveBack, Way } from './way.ts';

/** More than so many faults in a row befall no request: what never works cannot be got over. */
const MOST_IN_A_ROW = 2;

const SLOWEST_MS = 3000;

export interface Injected {
  readonly fault: Fault;
  /** Until the same was asked again and answered well; undefined where the upgrade had no need of it any more. */
  recoveredMs: number | undefined;
}

/** A request that was asked: what it asks for, and how often that was asked before. */
interface Asked {
  readonly what: string;
  readonly sort: Sort;
  readonly random: Random;
}

/** A way to the API server on which things go wrong, by chance from a seed: each request has its own, whatever goes on beside it. */
export class FaultyWay {
  readonly injected: Injected[] = [];
  readonly #way: Way;
  readonly #seed: number;
  readonly #faults: readonly Fault[];
  readonly #counts = new Map<string, number>();
  readonly #inARow = new Map<string, number>();
  readonly #open = new Map<string, { readonly injected: Injected; readonly at: number }[]>();
  /** The bodies of lists as they were answered last. */
  readonly #lists = new Map<string, Buffer>();

  private constructor(way: Way, seed: number, faults: readonly Fault[]) {
    this.#way = way;
    this.#seed = seed;
    this.#faults = faults;
  }

  static async open(seed: number, faults: readonly Fault[]): Promise<FaultyWay> {
    const opened = await Way.open((from, to) => way.#pass(from, to));
    const way = new FaultyWay(opened, seed, faults);
    return way;
  }

  get kubeconfig(): string {
    return this.#way.kubeconfig;
  }

  close(): Promise<void> {
    return this.#way.close();
  }

  #pass(from: IncomingMessage, to: ServerResponse): void {
    const asked = this.#asked(from);
    const fault = this.#drawn(asked);
    if (fault === undefined) this.#pristine(asked, from, to);
    else this.#harm(fault, asked, from, to);
  }

  #asked(from: IncomingMessage): Asked {
    const url = new URL(from.url ?? '/', 'https://way');
    const { searchParams } = url;
    const sort = searchParams.has('watch') ? 'watch' : from.method === 'GET' && isCollection(url) ? 'list' : 'other';
    const selection = ['labelSelector', 'fieldSelector'].map((name) => searchParams.get(name) ?? '').join(' ');
    const what = `${from.method} ${url.pathname} ${selection}`;
    const count = (this.#counts.get(what) ?? 0) + 1;
    this.#counts.set(what, count);
    // The namespace has another name each time, and is to change nothing.
    const purpose = `${what.replace(/\/namespaces\/[^/ ]+/, '')} ${sort} ${count}`;
    return { what, sort, random: new Random(this.#seed, purpose) };
  }

  #drawn({ what, sort, random }: Asked): Fault | undefined {
    if ((this.#inARow.get(what) ?? 0) >= MOST_IN_A_ROW) return undefined;
    const possible = this.#faults.filter((fault) => canBefall(fault, sort));
    if (possible.length === 0) return undefined;
    const fault = possible[random.between(0, possible.length - 1)];
    return fault !== undefined && random.between(1, oneIn(fault)) === 1 ? fault : undefined;
  }

  #pristine(asked: Asked, from: IncomingMessage, to: ServerResponse): void {
    this.#way.onward(from, to, (answer) => {
      this.#well(asked);
      if (asked.sort === 'list') this.#keep(asked, answer);
      giveBack(answer, to);
    });
  }

  #harm(fault: Fault, asked: Asked, from: IncomingMessage, to: ServerResponse): void {
    const { random } = asked;
    switch (fault) {
      case 'connection dropped before the request':
        this.#note(fault, asked);
        from.destroy();
        return;
      case 'answer that never comes':
        this.#note(fault, asked);
        return;
      case '429':
      case '500':
      case '503':
        this.#note(fault, asked);
        refuse(to, Number(fault));
        return;
      case '429 with Retry-After':
        this.#note(fault, asked);
        refuse(to, 429, { 'retry-after': '1' });
        return;
      case 'slow answer (up to 3 s)':
        this.#note(fault, asked);
        void pause(random.between(200, SLOWEST_MS)).then(() => this.#pristine(asked, from, to));
        return;
      case 'answer lost after the write was done':
        this.#way.onward(from, to, (answer) => {
          this.#note(fault, asked);
          answer.destroy();
          // Of a request that was read to its end, nothing else breaks the connection.
          from.socket.destroy();
        });
        return;
      case '504 after the write was done':
        this.#way.onward(from, to, (answer) => {
          this.#note(fault, asked);
          answer.destroy();
          refuse(to, 504);
        });
        return;
      case 'stale list':
        this.#stale(fault, asked, from, to);
        return;
      case '410 Gone to a watch':
        if (random.between(0, 1) === 0) {
          this.#note(fault, asked);
          refuse(to, 410);
          return;
        }
        this.#spoilWatch(fault, asked, from, to);
        return;
      case 'watch cut off within an event':
      case 'garbled watch event':
      case 'watch that falls silent':
        this.#spoilWatch(fault, asked, from, to);
    }
  }

  /** What was answered to the same list before. */
  #stale(fault: Fault, asked: Asked, from: IncomingMessage, to: ServerResponse): void {
    const old = this.#lists.get(asked.what);
    if (old === undefined) {
      this.#pristine(asked, from, to);
      return;
    }
    this.#note(fault, asked);
    to.writeHead(200, { 'content-type': 'application/json' }).end(old);
  }

  /** Some events come as they are; then one does not. */
  #spoilWatch(fault: Fault, asked: Asked, from: IncomingMessage, to: ServerResponse): void {
    const { random } = asked;
    let left = random.between(0, 2);
    let isSpoilt = false;
    this.#way.onward(from, to, (answer) => {
      this.#well(asked);
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      to.flushHeaders();
      answer.on('error', () => to.destroy());
      answer.on('end', () => to.end());
      answer.on('data', (piece: Buffer) => {
        if (isSpoilt) return;
        if (left-- > 0) {
          to.write(piece);
          return;
        }
        isSpoilt = true;
        this.#note(fault, asked);
        spoil(fault, piece, random, to);
      });
    });
  }

  #keep({ what }: Asked, answer: IncomingMessage): void {
    const pieces: Buffer[] = [];
    if (answer.statusCode !== 200 || answer.headers['content-encoding'] !== undefined) return;
    answer.on('data', (piece: Buffer) => pieces.push(piece));
    answer.on('end', () => this.#lists.set(what, Buffer.concat(pieces)));
  }

  #note(fault: Fault, { what }: Asked): void {
    const injected: Injected = { fault, recoveredMs: undefined };
    this.injected.push(injected);
    this.#inARow.set(what, (this.#inARow.get(what) ?? 0) + 1);
    this.#open.set(what, [...(this.#open.get(what) ?? []), { injected, at: performance.now() }]);
  }

  #well({ what }: Asked): void {
    for (const { injected, at } of this.#open.get(what) ?? []) injected.recoveredMs = performance.now() - at;
    this.#open.delete(what);
    this.#inARow.delete(what);
  }
}

/** `/api/v1/namespaces/NAMESPACE/pods` and `/apis/apps/v1/…/deployments`, but not one object of them. */
const isCollection = ({ pathname }: URL): boolean =>
  /^\/(api|apis\/[^/]+)\/v[^/]+\/(namespaces\/[^/]+\/)?[a-z]+$/.test(pathname);

const refuse = (to: ServerResponse, code: number, headers: Readonly<Record<string, string>> = {}): void => {
  const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: `injected ${code}`, code };
  to.writeHead(code, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(status));
};

const spoil = (fault: Fault, piece: Buffer, random: Random, to: ServerResponse): void => {
  const middle = random.between(1, Math.max(1, piece.length - 2));
  switch (fault) {
    case 'watch cut off within an event':
      to.write(piece.subarray(0, middle));
      // As a connection breaks, or as a proxy ends it that thinks that this was all.
      if (random.between(0, 1) === 0) to.end();
      else setImmediate(() => to.destroy());
      return;
    case 'garbled watch event':
      // No JSON has a zero byte, neither within a string nor outside.
      to.write(Buffer.concat([piece.subarray(0, middle), Buffer.from([0]), piece.subarray(middle)]));
      return;
    case '410 Gone to a watch': {
      const object = { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: 'too old', code: 410 };
      to.end(`${JSON.stringify({ type: 'ERROR', object })}\n`);
      return;
    }
    default:
      // Silence: the piece is kept back, and so is all that comes after it.
      return;
  }
};
