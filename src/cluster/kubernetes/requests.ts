import { ClusterError, type Fault } from '../port.ts';
import { type Call, type Parties, words } from './call.ts';
import { type Answer, exchange, textOf } from './exchange.ts';
import { Passing } from './faults.ts';
import { parseJson } from './json.ts';
import { clause } from './plain.ts';
import { type Access, type Login, LoginFailed } from './login.ts';
import { backoffMs, limited, secondsOf, type Timing } from './timing.ts';
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
};

/** Sends requests, and tries again what passes by itself. */
export class Requests {
  readonly timing: Timing;
  readonly note: (message: string) => void;
  readonly end: AbortSignal;
  readonly #login: Login;
  readonly #patience: Patience;
  #wasAnswered = false;
  #troubledAtMs = Number.NEGATIVE_INFINITY;

  constructor({ login, timing, patience, note, end }: RequestsOptions) {
    this.timing = timing;
    this.note = note;
    this.end = end;
    this.#login = login;
    this.#patience = patience;
  }

  get parties(): Parties {
    return this.#login.target.parties;
  }

  /** The answer to a call; rejects with a ClusterError, or with Expired. */
  async send<T>(call: Call, isAnswer: (value: unknown) => value is T): Promise<T> {
    const begin = this.timing.now();
    for (let failures = 1; ; failures++) {
      if (call.mayWrite?.() === false)
        throw new ClusterError('conflict', `${words(call.intent)}: no longer allowed to write`);
      try {
        return await this.#withAccess((access) => this.#attempt(call, access, begin, isAnswer));
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
      const answer = await this.#withAccess((access) => this.#exchange(call, access, signal));
      this.#wasAnswered = true;
      return answer;
    } catch (error) {
      throw this.understood(error);
    }
  }

  /** The text that is the answer to a call, tried once and no more. Rejects with a ClusterError. */
  async text(call: Call): Promise<string> {
    try {
      return await this.#withAccess((access) =>
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
    return this.#wasAnswered ? new Passing(clause(error.message)) : new ClusterError('unauthorized', error.message);
  }

  /** Does `work` with the credentials at hand, and once more with new ones where the server does not accept those. */
  async #withAccess<T>(work: (access: Access) => Promise<T>): Promise<T> {
    const access = await this.#login.access();
    try {
      return await work(access);
    } catch (error) {
      if (!(error instanceof ClusterError) || error.fault !== 'unauthorized') throw error;
    }
    this.#login.reject(access);
    return work(await this.#login.access());
  }

  #attempt<T>(call: Call, access: Access, begin: number, isAnswer: (value: unknown) => value is T): Promise<T> {
    const left = Math.max(LEAST_ATTEMPT_MS, this.#giveUpMs - (this.timing.now() - begin));
    return limited(this.end, Math.min(this.timing.attemptMs, left), async ({ signal }) => {
      const answer = parseJson(await textOf(await this.#exchange(call, access, signal)));
      if (isAnswer(answer)) {
        // Not before: a page of a login portal comes with 200 as well.
        this.#wasAnswered = true;
        return answer;
      }
      throw new Passing('the answer is not what an API server would give');
    });
  }

  async #exchange(call: Call, access: Access, signal: AbortSignal): Promise<Answer> {
    try {
      return await exchange(call, access, this.parties, signal);
    } catch (error) {
      if (!(error instanceof ClusterError)) this.#troubledAtMs = this.timing.now();
      else if (!UNANSWERED.has(error.fault)) this.#wasAnswered = true;
      throw error;
    }
  }

  /**
   * An API server that starts forbids for a moment what it will allow, until it has read its roles: seen in each of five
   * restarts of Kubernetes 1.36, for some 20 to 50 ms. So a 403 is believed at once only where the connection was well before.
   */
  #doubted(trouble: ReturnType<typeof troubleOf>): ReturnType<typeof troubleOf> {
    if (!(trouble instanceof ClusterError) || trouble.fault !== 'forbidden') return trouble;
    if (this.timing.now() - this.#troubledAtMs > SETTLING_MS) return trouble;
    return new Passing(clause(trouble.message), undefined, { cause: trouble });
  }

  get #giveUpMs(): number {
    const { firstContactMs, unreachableAfterMs } = this.#patience;
    return this.#wasAnswered ? unreachableAfterMs : Math.min(firstContactMs, unreachableAfterMs);
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
