import { badRequest } from './refusal.ts';
import type { Route } from './route.ts';

/** A request, as far as it matters what it says. */
export type Asked = {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly accept: string;
  readonly contentType: string;
  readonly userAgent: string;
  /** The body, parsed; undefined where there is none. Throws a Refusal where it is not JSON. */
  readonly body: () => unknown;
};

export type Answer = { readonly code: number; readonly body: object };

export type TextAnswer = { readonly code: number; readonly text: string };

/** Who writes, as the API server names them in managedFields: as they say, else as their program is called. */
export const managerOf = ({ query, userAgent }: Asked): string =>
  query.get('fieldManager') || userAgent.split('/')[0] || 'unknown';

export const refOf = ({ namespace = '', name }: Route): { readonly namespace: string; readonly name: string } => {
  if (name === undefined) throw badRequest('name is required');
  return { namespace, name };
};
