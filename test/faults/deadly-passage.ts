import type { IncomingMessage, ServerResponse } from 'node:http';
import { giveBack, Way } from './way.ts';

/** Just before the request is passed on; or once its answer is there, and before the one who asked can see any of it. */
export type Moment = 'before' | 'after';

export interface Blow {
  /** The number of the request, the first is 1. */
  readonly at: number;
  readonly moment: Moment;
  /** Kills the one who asks. Nothing passes any more from then on, in either direction. */
  readonly strike: () => void;
}

/** A way to the API server that numbers the requests and strikes at one of them, or at none. */
export class DeadlyPassage {
  readonly #way: Way;
  readonly #blow: Blow | undefined;
  readonly #requests: string[] = [];
  #struck: string | undefined;

  private constructor(way: Way, blow: Blow | undefined) {
    this.#way = way;
    this.#blow = blow;
  }

  static async open(blow?: Blow): Promise<DeadlyPassage> {
    const way = await Way.open((from, to) => passage.#pass(from, to));
    const passage = new DeadlyPassage(way, blow);
    return passage;
  }

  get kubeconfig(): string {
    return this.#way.kubeconfig;
  }

  /** The request at which it struck; undefined where the one who asks ended before. */
  get struck(): string | undefined {
    return this.#struck;
  }

  /** What was asked, as "GET /path", in the order in which it was. */
  get requests(): readonly string[] {
    return this.#requests;
  }

  close(): Promise<void> {
    return this.#way.close();
  }

  #pass(from: IncomingMessage, to: ServerResponse): void {
    if (this.#struck !== undefined) {
      from.destroy();
      return;
    }
    const isItsTurn = this.#requests.push(nameOf(from)) === this.#blow?.at;
    if (isItsTurn && this.#blow?.moment === 'before') {
      this.#strikeAt(from);
      return;
    }
    this.#way.onward(from, to, (answer) => {
      // An answer that comes after the blow, to an earlier request, is one that nobody sees either.
      if (isItsTurn) this.#strikeAt(from);
      if (this.#struck === undefined) giveBack(answer, to);
      else answer.destroy();
    });
  }

  #strikeAt(from: IncomingMessage): void {
    this.#struck ??= nameOf(from);
    this.#blow?.strike();
    from.destroy();
  }
}

const nameOf = ({ method, url = '' }: IncomingMessage): string => `${method} ${url.replace(/\?.*/, '')}`;
