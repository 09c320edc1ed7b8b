import type { Parties } from './call.ts';
import { isJson } from './json.ts';
import type { Environment, Target } from './kubeconfig.ts';
import { type Credentials, LoginConfig } from './login-config.ts';
import { clause } from './plain.ts';
import type { Pools, Ways } from './pools.ts';
import { throughProxy } from './proxy.ts';
import { codeOf } from './trouble.ts';
import { limited, secondsOf, TimedOut } from './timing.ts';

/** With what a request is sent. */
export type Access = {
  readonly headers: Credentials['headers'];
  readonly ways: Ways;
  /** How often credentials had been made anew before these. */
  readonly renewals: number;
};

/** No credentials could be had. `message` is a sentence, and says nothing of what they are. */
export class LoginFailed extends Error {
  override readonly name = 'LoginFailed';
}

export type LoginOptions = {
  /** Finds cluster and user: at the beginning, and again, in the same context, when the credentials are not accepted. */
  readonly load: (context?: string) => Target;
  readonly pools: Pools;
  readonly env: Environment;
  readonly limitMs: number;
  readonly end: AbortSignal;
};

/** Keeps the credentials of one user at hand, and gets them anew when they have lapsed. */
export class Login {
  readonly #options: LoginOptions;
  #target: Target;
  #config: LoginConfig;
  #underWay: Promise<Access> | undefined;
  #renewals = 0;
  #isStale = false;

  constructor(options: LoginOptions) {
    this.#options = options;
    this.#target = options.load();
    this.#config = new LoginConfig(this.#target);
  }

  get target(): Target {
    return this.#target;
  }

  /** Rejects with LoginFailed. However many ask at once, a plugin is run once. */
  access(): Promise<Access> {
    this.#underWay ??= this.#get().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  /**
   * The server did not accept `access`: the next is made from the kubeconfig as it is then, with nothing remembered. Of the
   * many requests that may have been sent with the same, only the first that hears of it has it renewed.
   */
  reject({ renewals }: Access): void {
    if (renewals === this.#renewals) this.#isStale = true;
  }

  async #get(): Promise<Access> {
    if (this.#isStale) this.#reload();
    const { pools, env } = this.#options;
    const { headers, connect } = await this.#credentials();
    const ways = pools.get(throughProxy(connect, this.#target.parties.server, env));
    return { headers: headersOf(headers, this.#target.parties), ways, renewals: this.#renewals };
  }

  async #credentials(): Promise<Credentials> {
    const { end, limitMs } = this.#options;
    try {
      return await limited(end, limitMs, ({ signal }) => this.#config.credentials(signal));
    } catch (error) {
      end.throwIfAborted();
      throw new LoginFailed(failure(error, this.#target, limitMs));
    }
  }

  /**
   * Takes new credentials of the same user for the same server from the kubeconfig. Where it holds none any more, since
   * somebody is writing it or has turned it to another cluster, those of before stay: a run never changes its cluster.
   */
  #reload(): void {
    this.#isStale = false;
    this.#renewals += 1;
    try {
      const found = this.#options.load(this.#target.parties.context);
      if (isSame(found.parties, this.#target.parties)) this.#target = found;
    } catch {
      // Kept.
    }
    this.#config = new LoginConfig(this.#target);
  }
}

const isSame = (a: Parties, b: Parties): boolean =>
  a.server === b.server && a.context === b.context && a.user === b.user;

/** A token out of a file may have a line's end behind it; anything else that no header may hold is not sent. */
const headersOf = (given: Credentials['headers'], { user, context }: Parties): Credentials['headers'] => {
  const headers = Object.entries(given).map(([name, value]) => [name, value.trim()] as const);
  if (headers.every(([, value]) => /^[\t\x20-\x7E\x80-\xFF]*$/.test(value))) return Object.fromEntries(headers);
  const what = `The credentials of user ${user} in context ${context} hold characters`;
  throw new LoginFailed(`${what} that cannot be sent in a header.`);
};

const failure = (error: unknown, { user, parties }: Target, limitMs: number): string => {
  const who = `user ${parties.user ?? 'anonymous'} of context ${parties.context}`;
  const exec: unknown = user.exec;
  if (isJson(exec) && !isOfFile(error)) return pluginFailure(error, exec, who, limitMs);
  if (error instanceof TimedOut) return `Logging in ${who} took more than ${secondsOf(limitMs)}.`;
  const why = error instanceof Error ? clause(error.message) : 'the reason is not known';
  return isOfFile(error) ? `A file for ${who} cannot be read: ${why}.` : `Logging in ${who} failed: ${why}.`;
};

const isOfFile = (error: unknown): boolean => error instanceof Error && 'syscall' in error && error.syscall === 'open';

/** A plugin's own last words are the best there is, such as which command would log in. What it printed stays unsaid. */
const pluginFailure = (
  error: unknown,
  exec: Readonly<Record<string, unknown>>,
  who: string,
  limitMs: number,
): string => {
  const plugin = `The credential plugin ${clause(String(exec['command']))} for ${who}`;
  if (error instanceof TimedOut) return `${plugin} gave no answer within ${secondsOf(limitMs)}.`;
  if (error instanceof SyntaxError || error instanceof TypeError) return `${plugin} printed no credential.`;
  const code = codeOf(error);
  if (code === 'ENOENT') {
    const hint = typeof exec['installHint'] === 'string' ? ` ${clause(exec['installHint'])}.` : '';
    return `${plugin} is not installed, or not on the PATH.${hint}`;
  }
  if (code !== '') return `${plugin} cannot be run (${code}).`;
  const words = error instanceof Error ? error.message.trim().split('\n').at(-1) : undefined;
  return words ? `${plugin} failed: ${clause(words)}.` : `${plugin} failed without a word.`;
};
