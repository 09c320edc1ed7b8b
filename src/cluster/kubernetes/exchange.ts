import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { FIELD_MANAGER } from '../port.ts';
import type { Call, Parties } from './call.ts';
import { faultOf } from './faults.ts';
import { isStatus, parseJson } from './json.ts';
import type { Access } from './login.ts';

export type Answer = Pick<Dispatcher.ResponseData, 'headers' | 'body'>;

/**
 * Sends one request and resolves with the head of the answer. Throws Passing, Expired or ClusterError where that is not a
 * success, and what undici throws where there is none. Redirects are not followed: credentials are for this server alone.
 */
export const exchange = async (call: Call, access: Access, parties: Parties, signal: AbortSignal): Promise<Answer> => {
  const { origin, pathname } = new URL(`${parties.server}${call.path}`);
  const query = new URLSearchParams(call.query).toString();
  const { statusCode, headers, body } = await wayOf(call, access).request({
    origin,
    path: `${pathname}${query === '' ? '' : `?${query}`}`,
    method: call.method,
    headers: {
      ...access.headers,
      accept: 'application/json',
      'user-agent': FIELD_MANAGER,
      // An API server compresses long answers, for who can read it. Events of a watch should not wait for one another.
      ...(call.intent.verb !== 'watch' && { 'accept-encoding': 'gzip' }),
      ...(call.body !== undefined && { 'content-type': call.contentType ?? 'application/json' }),
    },
    body: call.body === undefined ? null : JSON.stringify(call.body),
    signal,
  });
  if (statusCode >= 200 && statusCode < 300) return { headers, body };
  const answer = parseJson(await textOf({ headers, body }));
  const retryAfter = headers['retry-after'];
  const status = isStatus(answer) ? { ...answer, message: unsaid(answer.message ?? '', access.headers) } : undefined;
  throw faultOf({ code: statusCode, retryAfter, status }, call.intent, parties);
};

/** A watch lasts, and so may a log of a node that does not answer. */
const wayOf = ({ intent }: Call, { ways }: Access): Dispatcher => {
  if (intent.resource === 'leases') return ways.locks;
  return intent.verb === 'watch' || intent.resource === 'pods/log' ? ways.lasting : ways.brief;
};

/** A server, or what stands before it, may repeat what it was sent, also out of its header: then it is known by its value. */
const unsaid = (message: string, headers: Access['headers']): string =>
  Object.entries(headers)
    .filter(([name]) => name.toLowerCase() === 'authorization')
    .flatMap(([, value]) => secretsOf(value))
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .reduce((text, secret) => text.replaceAll(secret, '…'), message);

/** The token; of a name and a password also the password alone. */
const secretsOf = (authorization: string): readonly string[] => {
  const [scheme = '', ...rest] = authorization.split(' ');
  const credential = rest.join(' ');
  if (scheme.toLowerCase() !== 'basic') return [credential];
  const pair = Buffer.from(credential, 'base64').toString('utf8');
  return [credential, pair.slice(pair.indexOf(':') + 1)];
};

/** What is shorter stands in any sentence. */
const SHORTEST_SECRET = 4;

const inflate = promisify(gunzip);

export const textOf = async ({ headers, body }: Answer): Promise<string> =>
  headers['content-encoding'] === 'gzip' ? (await inflate(await body.bytes())).toString('utf8') : body.text();
