import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plane } from '../cluster/plane.ts';
import { giveBack, Way } from './way.ts';

/** Just before a request is passed on; or once its answer is there, and before the one who asked can see any of it. */
export type Moment = 'before' | 'after';

export interface Asked {
  /** As "GET /path". */
  readonly request: string;
  /** When it came, by this process' own clock. */
  readonly askedMs: number;
  /** When the API server's answer began, by the same clock; undefined as long as there is none. */
  answeredMs: number | undefined;
  /** The status of the answer. */
  code: number | undefined;
}

/** What is done at one of the requests. */
export interface Halt {
  /** Asked of one request after the other, each as "GET /path" with its number, the first is 1; the first that it is true of is the one. */
  readonly at: (number: number, request: string) => boolean;
  readonly moment: Moment;
  /** The request, or its answer, is kept back until this resolves. */
  readonly act: () => void | Promise<void>;
  /** Nothing passes any more from then on, in either direction. */
  readonly isLast?: boolean;
  /** Called once the API server has answered the request, where it was passed on. */
  readonly passed?: () => void;
}

/** A way to the API server that numbers the requests, notes what was answered, and does something at one of them. */
export class NumberedWay {
  readonly #way: Way;
  readonly #halt: Halt | undefined;
  readonly #asked: Asked[] = [];
  #haltedAt: number | undefined;
  #isShut = false;

  private constructor(way: Way, halt: Halt | undefined) {
    this.#way = way;
    this.#halt = halt;
  }

  static async open(halt?: Halt, on?: Plane): Promise<NumberedWay> {
    const opened = await Way.open((from, to) => way.#pass(from, to), on);
    const way = new NumberedWay(opened, halt);
    return way;
  }

  get kubeconfig(): string {
    return this.#way.kubeconfig;
  }

  /** The request at which it halted; undefined where the one who asks ended before. */
  get halted(): Asked | undefined {
    return this.#haltedAt === undefined ? undefined : this.#asked[this.#haltedAt];
  }

  /** What was asked, in the order in which it was. */
  get asked(): readonly Asked[] {
    return this.#asked;
  }

  close(): Promise<void> {
    return this.#way.close();
  }

  #pass(from: IncomingMessage, to: ServerResponse): void {
    if (this.#isShut) {
      from.destroy();
      return;
    }
    const asked: Asked = { request: nameOf(from), askedMs: performance.now(), answeredMs: undefined, code: undefined };
    const number = this.#asked.push(asked);
    const halt = this.#haltedAt === undefined && this.#halt?.at(number, asked.request) ? this.#halt : undefined;
    if (halt !== undefined) this.#haltedAt = number - 1;
    const onward = (): void => this.#onward(asked, halt, from, to);
    if (halt?.moment === 'before') this.#keepBack(halt, from, onward);
    else onward();
  }

  #onward(asked: Asked, halt: Halt | undefined, from: IncomingMessage, to: ServerResponse): void {
    this.#way.onward(from, to, (answer) => {
      asked.answeredMs = performance.now();
      asked.code = answer.statusCode;
      halt?.passed?.();
      // An answer that comes after the last request, to an earlier one, is one that nobody sees either.
      const give = (): void => {
        if (this.#isShut) answer.destroy();
        else giveBack(answer, to);
      };
      if (halt?.moment === 'after') this.#keepBack(halt, from, give);
      else give();
    });
  }

  #keepBack(halt: Halt, from: IncomingMessage, goOn: () => void): void {
    this.#isShut = halt.isLast === true;
    const acted = halt.act();
    if (this.#isShut) from.destroy();
    else void Promise.resolve(acted).then(goOn);
  }
}

const nameOf = ({ method, url = '' }: IncomingMessage): string => `${method} ${url.replace(/\?.*/, '')}`;

/** Whether a request changes something. A question about rights is asked with a POST. */
export const isWrite = (request: string): boolean => !request.startsWith('GET ') && !request.includes('/selfsubject');

export const isScale = (request: string): boolean => request.startsWith('PATCH') && request.endsWith('/scale');

/** The request of that number, or the first that looks so. */
export const requestAt = (at: number | RegExp): Halt['at'] =>
  typeof at === 'number' ? (number) => number === at : (_, request) => at.test(request);
