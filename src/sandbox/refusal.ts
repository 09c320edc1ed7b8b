import { ClusterError } from '../cluster/port.ts';

/** A request that is refused before the cluster sees it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: number;
  /** In the words of the API: `BadRequest`, `Unauthorized`, … */
  readonly reason: string;

  constructor(code: number, reason: string, message: string) {
    super(message);
    this.code = code;
    this.reason = reason;
  }
}

export const badRequest = (message: string): Refusal => new Refusal(400, 'BadRequest', message);

/** A write that is to be none must not be done. */
export const noDryRun = (): Refusal => badRequest('the sandbox has no dry run; nothing was changed');

export const noSuchPath = (): Refusal =>
  new Refusal(404, 'NotFound', 'the server could not find the requested resource');

const FAULTS = {
  'not-found': { code: 404, reason: 'NotFound' },
  conflict: { code: 409, reason: 'Conflict' },
  exists: { code: 409, reason: 'AlreadyExists' },
  'namespace-leaving': { code: 403, reason: 'Forbidden' },
  forbidden: { code: 403, reason: 'Forbidden' },
  unauthorized: { code: 401, reason: 'Unauthorized' },
  unreachable: { code: 503, reason: 'ServiceUnavailable' },
  invalid: { code: 422, reason: 'Invalid' },
} as const;

export type Status = {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: object;
  readonly status: 'Failure';
  readonly message: string;
  readonly reason: string;
  readonly details?: { readonly causes: readonly { readonly reason: string; readonly message: string }[] };
  readonly code: number;
};

/** What the API answers instead of an object. An error that is none of these two is a fault of the sandbox. */
export const statusOf = (error: unknown): Status => {
  const { code, reason } =
    error instanceof Refusal
      ? error
      : error instanceof ClusterError
        ? FAULTS[error.fault]
        : { code: 500, reason: 'InternalError' };
  const message = error instanceof Error ? error.message : String(error);
  const isLeaving = error instanceof ClusterError && error.fault === 'namespace-leaving';
  const details = isLeaving ? { details: { causes: [{ reason: 'NamespaceTerminating', message }] } } : {};
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, ...details, code };
};
