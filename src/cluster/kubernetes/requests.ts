import { ClusterError, type Fault } from '../port.ts';
import { type Call, type Parties, words } from './call.ts';
import { Copies } from './copies.ts';
import { type Answer, exchange, textOf } from './exchange.ts';
import { Passing } from './faults.ts';
import { parseJson } from './json.ts';
import { clause } from './plain.ts';
import type { Lane, RateLimit, Urgency } from './rate-limit.ts';
import { type Access, type Login, LoginFailed } from './login.ts';
import { backoffMs, endingWith, limited, secondsOf, type Timing } from './timing.ts';
import { troubleOf } from './trouble.ts';

/** The shortest that an attempt may be cut to by the end of the time there is for all of them. */
const LEAST_ATTEMPT_MS = 1000;

/** Refusals that do not show that this is the right server, and that it knows us. */
const UNANSWERED: ReadonlySet<Fault> = new Set<Fault>(['unreachable', 'unauthorized']);

/** How long after a trouble of the connection a 403 may be the word of a server that has only just come back. */
const SETTLING_MS = 30_000;

export type Patience = {
  /** How long a request is tried as long as none was answered on this connection: the address may be wrong. */
  readonly firstContactMs: number;
  /** How long a request is tried once there was an answer to one. */
  readonly unreachableAfterMs: number;
};

export type RequestsOptions = {
  readonly login: Login;
  readonly timing: Timing;
  readonly patience: Patience;
  readonly note: (message: string) => void;
  /** Ends everything that is under way. */
  readonly end: AbortSignal;
  readonly limit: RateLimit;
};

/** What is known of the server, by all who talk to it. */
type Acquaintance = { wasAnswered: boolean; troubledAtMs: number };

/** Sends requests, and tries again what passes by itself. */
export class Requests {
  readonly timing: Timing;
  readonly note: (message: string) => void;
  readonly end: AbortSignal;
  readonly copies = new Copies();
  readonly #options: RequestsOptions;
  readonly #login: Login;
  readonly #patience: Patience;
  readonly #lane: Lane = Symbol('lane');
  readonly #known: Acquaintance;

  constructor(
    options: RequestsOptions,
    known: Acquaintance = { wasAnswered: false, troubledAtMs: Number.NEGATIVE_INFINITY },
  ) {
    this.timing = options.timing;
    this.note = options.note;
    this.end = options.end;
    this.#options = options;
    this.#login = options.login;
    this.#patience = options.patience;
    this.#known = known;
  }

  /** Requests over the same connections that take turns with these, and with those of other lanes. */
  lane(): Requests {
    return new Requests({ ...this.#options, end: endingWith(this.end) }, this.#known);
  }

  get parties(): Parties {
    return this.#login.target.parties;
  }

  /** The answer to a call; rejects with a ClusterError, or with Expired. */
  async send<T>(call: Call, isAnswer: (value: unknown) => value is T): Promise<T> {
    let begin = this.timing.now();
    const turn = async (): Promise<void> => {
      const askedAt = this.timing.now();
      await this.#turn(call, this.end);
      // That we wait for ourselves says nothing of the server.
      begin += this.timing.now() - askedAt;
    };
    for (let failures = 1; ; failures++) {
      try {
        return await this.#withAccess(turn, (access) => this.#attempt(call, access, begin, isAnswer));
      } catch (error) {
        const trouble = this.#doubted(this.understood(error));
        if (!(trouble instanceof Passing)) throw trouble;
        await this.#pause(call, trouble, failures, begin);
      }
    }
  }

  /** One try to get the head of an answer whose body will go on for long. Rejects with Passing, Expired or ClusterError. */
  async open(call: Call, signal: AbortSignal): Promise<Answer> {
    try {
      const turn = (): Promise<void> => this.#turn(call, signal);
      const answer = await this.#withAccess(turn, (access) => this.#exchange(call, access, signal));
      this.#known.wasAnswered = true;
      return answer;
    } catch (error) {
      throw this.understood(error);
    }
  }

  /** The text that is the answer to a call, tried once and no more. Rejects with a ClusterError. */
  async text(call: Call): Promise<string> {
    try {
      const turn = (): Promise<void> => this.#turn(call, this.end);
      return await this.#withAccess(turn, (access) =>
        limited(this.end, this.timing.attemptMs, async ({ signal }) =>
          textOf(await exchange(call, access, this.parties, signal)),
        ),
      );
    } catch (error) {
      const trouble = this.understood(error);
      if (trouble instanceof ClusterError) throw trouble;
      throw new ClusterError('unreachable', `Could not ${words(call.intent)}: ${clause(trouble.message)}.`);
    }
  }

  /** What an error on the way to the server means. */
  understood(error: unknown): ReturnType<typeof troubleOf> {
    const { server } = this.parties;
    if (this.end.aborted) return new ClusterError('unreachable', `The connection to ${server} was closed.`);
    if (!(error instanceof LoginFailed)) return troubleOf(error, server);
    // In the middle of a run a plugin fails for want of a network; at its begin it does for want of a login.
    return this.#known.wasAnswered
      ? new Passing(clause(error.message))
      : new ClusterError('unauthorized', error.message);
  }

  #turn(call: Call, signal: AbortSignal): Promise<void> {
    return this.#options.limit.turn(this.#lane, urgencyOf(call.intent), signal);
  }

  /** Does `work` with the credentials at hand, and once more with new ones where the server does not accept those; each in its turn. */
  async #withAccess<T>(turn: () => Promise<void>, work: (access: Access) => Promise<T>): Promise<T> {
    const access = await this.#login.access();
    await turn();
    try {
      return await work(access);
    } catch (error) {
      if (!(error instanceof ClusterError) || error.fault !== 'unauthorized') throw error;
    }
    this.#login.reject(access);
    const other = await this.#login.access();
    await turn();
    return work(other);
  }

  async #attempt<T>(call: Call, access: Access, begin: number, isAnswer: (value: unknown) => value is T): Promise<T> {
    // Asked right before it is sent, whatever it has waited for.
    if (call.mayWrite?.() === false)
      throw new ClusterError('conflict', `${words(call.intent)}: no longer allowed to write`);
    const left = Math.max(LEAST_ATTEMPT_MS, this.#giveUpMs - (this.timing.now() - begin));
    return limited(this.end, Math.min(this.timing.attemptMs, left), async ({ signal }) => {
      const answer = parseJson(await textOf(await this.#exchange(call, access, signal)));
      if (isAnswer(answer)) {
        // Not before: a page of a login portal comes with 200 as well.
        this.#known.wasAnswered = true;
        return answer;
      }
      throw new Passing('the answer is not what an API server would give');
    });
  }

  async #exchange(call: Call, access: Access, signal: AbortSignal): Promise<Answer> {
    try {
      return await exchange(call, access, this.parties, signal);
    } catch (error) {
      if (!(error instanceof ClusterError)) this.#known.troubledAtMs = this.timing.now();
      else if (!UNANSWERED.has(error.fault)) this.#known.wasAnswered = true;
      throw error;
    }
  }

  /**
   * An API server that starts forbids for a moment what it will allow, until it has read its roles: seen in each of five
   * restarts of Kubernetes 1.36, for some 20 to 50 ms. So a 403 is believed at once only where the connection was well before.
   */
  #doubted(trouble: ReturnType<typeof troubleOf>): ReturnType<typeof troubleOf> {
    if (!(trouble instanceof ClusterError) || trouble.fault !== 'forbidden') return trouble;
    if (this.timing.now() - this.#known.troubledAtMs > SETTLING_MS) return trouble;
    return new Passing(clause(trouble.message), undefined, { cause: trouble });
  }

  get #giveUpMs(): number {
    const { firstContactMs, unreachableAfterMs } = this.#patience;
    return this.#known.wasAnswered ? unreachableAfterMs : Math.min(firstContactMs, unreachableAfterMs);
  }

  /** Waits until the next attempt; rejects where there is to be none. The last attempt is made when the time is up. */
  async #pause(call: Call, why: Passing, failures: number, begin: number): Promise<void> {
    const left = this.#giveUpMs - (this.timing.now() - begin);
    if (left <= 0) {
      if (why.cause instanceof ClusterError) throw why.cause;
      const what = `${this.parties.server} gave no good answer for ${secondsOf(this.#giveUpMs)}`;
      throw new ClusterError('unreachable', `${what} (${words(call.intent)}). At the end: ${why.message}.`, {
        cause: why,
      });
    }
    const waitMs = Math.min(left, Math.max(backoffMs(this.timing, failures), why.retryAfterMs ?? 0));
    this.tellRetry(call, why, failures, waitMs);
    await this.rest(waitMs);
  }

  /** The first few tries come so fast that one line is enough for all of them. */
  tellRetry(call: Call, why: Error, failures: number, waitMs: number): void {
    if (failures > 1 && waitMs < 1000) return;
    this.note(`${words(call.intent)}: ${clause(why.message)}; trying again in ${secondsOf(waitMs)}`);
  }

  /** Waits; rejects with a ClusterError when the connection is closed meanwhile. */
  async rest(ms: number, signal: AbortSignal = this.end): Promise<void> {
    try {
      await this.timing.sleep(ms, signal);
    } catch (error) {
      throw this.understood(error);
    }
  }
}

/** The record counts too: nothing more is changed before it is written. */
const urgencyOf = ({ verb, resource }: Call['intent']): Urgency => {
  if (resource === 'leases') return 'lock';
  return resource === 'deployments/scale' || (resource === 'configmaps' && verb === 'update') ? 'change' : 'other';
};
