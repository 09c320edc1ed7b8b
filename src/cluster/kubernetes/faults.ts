import { ClusterError } from '../port.ts';
import { type Intent, type Parties, words } from './call.ts';
import type { Status } from './json.ts';
import { clause } from './plain.ts';
import { isExtension } from './resources.ts';

/** What passes by itself, so that it is worth trying again. `message` is the end of a sentence. */
export class Passing extends Error {
  override readonly name = 'Passing';
  /** The server's own word on when to come again. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, retryAfterMs?: number, options?: ErrorOptions) {
    super(message, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The server no longer has the history that was asked for (410): only a new list helps. */
export class Expired extends Error {
  override readonly name = 'Expired';
}

export type Refusal = {
  readonly code: number;
  readonly retryAfter?: string | readonly string[] | undefined;
  /** None where the answer was not of an API server's form. */
  readonly status?: Status | undefined;
};

/** What an answer that is not a success means. */
export const faultOf = (refusal: Refusal, intent: Intent, parties: Parties): Passing | Expired | ClusterError => {
  const { code, status, retryAfter } = refusal;
  const said = clause(status?.message ?? '');
  const answered = said === '' ? `it answered ${code}` : `it answered ${code}: ${said}`;
  if (code === 429 || code === 408 || code >= 500) return new Passing(answered, retryAfterMsOf(retryAfter));
  if (code === 410 && (intent.verb === 'list' || intent.verb === 'watch')) return new Expired(answered);
  if (code === 401) return new ClusterError('unauthorized', unknownUser(intent, parties));
  // For a group that it does not have, an API server answers in plain text.
  if (status === undefined && code === 404 && isExtension(intent.resource)) {
    return new ClusterError('not-found', `${intent.resource} are not installed in this cluster.`);
  }
  if (status === undefined) {
    const strange = `${parties.server} does not answer like a Kubernetes API server: to ${words(intent)}`;
    return new ClusterError('unreachable', `${strange}, ${answered}. Is the address right?`);
  }
  if (code === 403)
    return new ClusterError(isOfLeaving(status) ? 'namespace-leaving' : 'forbidden', forbidden(intent, parties, said));
  const fault = refusedAs(code, status);
  return new ClusterError(fault, `Could not ${words(intent)}: ${said === '' ? OWN_WORDS[fault] : said}.`);
};

const OWN_WORDS = {
  exists: 'there is one of that name',
  conflict: 'it has changed since it was read',
  'not-found': 'there is none',
  invalid: 'the API server finds fault with the request',
} as const;

const refusedAs = (code: number, { reason }: Status): keyof typeof OWN_WORDS => {
  if (code === 409) return reason === 'AlreadyExists' ? 'exists' : 'conflict';
  return code === 404 ? 'not-found' : 'invalid';
};

/** The one refusal of a namespace that is being deleted; the message is for people. */
const isOfLeaving = ({ details }: Status): boolean =>
  details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') === true;

const unknownUser = (intent: Intent, { server, context, user }: Parties): string => {
  const why =
    user === undefined
      ? `context ${context} names no user`
      : `the credentials of user ${user} in context ${context} are not accepted; they may have expired`;
  return `${server} does not know who asks to ${words(intent)} (401): ${why}.`;
};

/** RBAC's own message repeats who, what and where; any other (a quota, a webhook, a namespace on its way out) is the point. */
const forbidden = (intent: Intent, { user }: Parties, said: string): string => {
  const who = /User "([^"]+)" cannot/.exec(said)?.[1];
  if (who !== undefined || said === '') return `User ${who ?? user ?? 'anonymous'} may not ${words(intent)}.`;
  return `The API server forbids to ${words(intent)}: ${said}.`;
};

/** Seconds, or a date. */
const retryAfterMsOf = (value: Refusal['retryAfter']): number | undefined => {
  if (typeof value !== 'string') return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
};
