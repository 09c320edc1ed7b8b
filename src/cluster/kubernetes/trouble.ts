import { ClusterError } from '../port.ts';
import { Expired, Passing } from './faults.ts';
import { clause } from './plain.ts';

/** The certificate of the server, or ours, is not what it should be; time does not mend that. Codes are Node's and OpenSSL's. */
const UNTRUSTED =
  /^(CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH_|ERR_TLS_CERT_|ERR_OSSL_|ERR_SSL_WRONG_VERSION|ERR_SSL_\w*ALERT_(BAD_CERT|CERTIFICATE|UNKNOWN_CA))/;

/** What an error of the connection means. An error that was understood before is passed on as it is. */
export const troubleOf = (error: unknown, server: string): Passing | Expired | ClusterError => {
  if (error instanceof Passing || error instanceof Expired || error instanceof ClusterError) return error;
  const cause = rootOf(error);
  const code = codeOf(cause);
  if (UNTRUSTED.test(code)) {
    const message = `There can be no secure connection to ${server}: ${textOf(cause)} (${code}).`;
    return new ClusterError('unreachable', message, { cause });
  }
  return new Passing(textOf(cause), undefined, { cause });
};

/** What an error is wrapped in, such as the failure of each address of a name, says less than what it wraps. */
const rootOf = (error: unknown, depth = 0): unknown => {
  if (error instanceof AggregateError && error.errors.length > 0) return rootOf(error.errors[0], depth + 1);
  if (error instanceof Error && error.cause instanceof Error && depth < 5) return rootOf(error.cause, depth + 1);
  return error;
};

export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** OpenSSL's messages are a dump of its stack of errors; its `reason` is what a person can read. */
const textOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'the connection failed';
  const text = 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message;
  return clause(text) || codeOf(error) || 'the connection failed';
};
