/** One request to the API server, with what a person needs to know of it. */
export type Call = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
  /** Asked before every attempt of a write; where it says no, none is made. */
  readonly mayWrite?: () => boolean;
  readonly intent: Intent;
};

/** In RBAC's words. Without `namespace` it is about all of them. */
export type Intent = {
  readonly verb: 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch';
  readonly resource: string;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
};

/** "patch deployments/scale in namespace shop (main)". */
export const words = ({ verb, resource, namespace, name }: Intent): string => {
  const where = namespace === undefined ? 'in all namespaces' : `in namespace ${namespace}`;
  return `${verb} ${resource} ${where}${name === undefined ? '' : ` (${name})`}`;
};

/** Who talks to whom, as messages name them. */
export type Parties = {
  /** The API server's address, without credentials. */
  readonly server: string;
  readonly context: string;
  readonly user?: string | undefined;
};
