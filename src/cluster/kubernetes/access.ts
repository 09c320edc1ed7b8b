import { Fresh } from '../fresh.ts';
import { type Access, ClusterError, type Fault } from '../port.ts';
import type { Call } from './call.ts';
import { isJson } from './json.ts';
import type { Requests } from './requests.ts';

/** What only looks; a right to it that is missing after all shows when it is used, before any count is changed. */
const LOOKING: ReadonlySet<string> = new Set(['get', 'list', 'watch']);

/** What the user of a connection may do, as the API server says when it is asked. That something may not be done is believed once. */
export class AccessReviews {
  readonly #rules: Fresh<readonly ResourceRule[]>;
  readonly #allowed: Fresh<boolean>;

  /** `now` gives ms since some moment, and never goes back. */
  constructor(now: () => number) {
    this.#rules = new Fresh(now);
    this.#allowed = new Fresh(now, (isAllowed) => isAllowed);
  }

  /**
   * Those of `wanted` that this user may not do, in their order. One question for each namespace shows most of what a user may
   * look at. It is not binding: some that stand before an API server, or in it, deny what its rules allow (Teleport; OpenShift,
   * where a token has scopes). So each right to write is asked for by itself, and so is what the rules do not show.
   */
  async denied(requests: Requests, wanted: readonly Access[]): Promise<readonly Access[]> {
    const allowed = await Promise.all(
      wanted.map(async (access) => (await this.#isShown(requests, access)) || this.#isAllowed(requests, access)),
    );
    return wanted.filter((_, index) => !allowed[index]);
  }

  async #isShown(requests: Requests, access: Access): Promise<boolean> {
    if (!LOOKING.has(access.verb)) return false;
    const rules = await this.#rules.answer(access.namespace, () => rulesIn(requests, access.namespace));
    return rules.some((rule) => ruleGrants(rule, access));
  }

  #isAllowed(requests: Requests, access: Access): Promise<boolean> {
    return this.#allowed.answer(JSON.stringify(access), () => isAllowed(requests, access));
  }
}

/** What a user may do, as authorization.k8s.io/v1 writes it. */
type ResourceRule = {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
};

const UNKNOWN: ReadonlySet<Fault> = new Set(['forbidden', 'not-found', 'invalid']);

/**
 * What the rules that the API server knows allow in a namespace; none where an authorizer of it says that it decides without
 * rules (`incomplete`, as a webhook does), since that one might deny what the others allow.
 */
const rulesIn = async (requests: Requests, namespace: string): Promise<readonly ResourceRule[]> => {
  try {
    const { status } = await requests.send(questionOf('SelfSubjectRulesReview', { namespace }), isRulesReview);
    return status.incomplete === true ? [] : status.resourceRules;
  } catch (error) {
    // A proxy in front of an API server may know but the other question.
    if (error instanceof ClusterError && UNKNOWN.has(error.fault)) return [];
    throw error;
  }
};

/** As RBAC matches: see `ResourceMatches` and its neighbours in kubernetes/pkg/apis/rbac/v1/evaluation_helpers.go. */
const ruleGrants = (
  { verbs, apiGroups = [], resources = [], resourceNames = [] }: ResourceRule,
  { verb, group, resource, subresource }: Access,
): boolean => {
  const named = subresource === undefined ? [resource] : [`${resource}/${subresource}`, `*/${subresource}`];
  return (
    resourceNames.length === 0 &&
    hasOne(verbs, ['*', verb]) &&
    hasOne(apiGroups, ['*', group]) &&
    hasOne(resources, ['*', ...named])
  );
};

const hasOne = (granted: readonly string[], names: readonly string[]): boolean =>
  names.some((name) => granted.includes(name));

const isAllowed = async (requests: Requests, access: Access): Promise<boolean> => {
  const { verb, group, resource, subresource, namespace } = access;
  const resourceAttributes = { verb, group, resource, subresource, namespace };
  const review = await requests.send(questionOf('SelfSubjectAccessReview', { resourceAttributes }), isAccessReview);
  return review.status.allowed;
};

const questionOf = (kind: 'SelfSubjectAccessReview' | 'SelfSubjectRulesReview', spec: object): Call => {
  const resource = `${kind.toLowerCase()}s`;
  return {
    method: 'POST',
    path: `/apis/authorization.k8s.io/v1/${resource}`,
    body: { apiVersion: 'authorization.k8s.io/v1', kind, spec },
    intent: { verb: 'create', resource },
  };
};

const isAccessReview = (value: unknown): value is { readonly status: { readonly allowed: boolean } } =>
  isJson(value) && isJson(value['status']) && typeof value['status']['allowed'] === 'boolean';

const isRulesReview = (
  value: unknown,
): value is { readonly status: { readonly resourceRules: readonly ResourceRule[]; readonly incomplete?: boolean } } =>
  isJson(value) &&
  isJson(value['status']) &&
  Array.isArray(value['status']['resourceRules']) &&
  value['status']['resourceRules'].every(isRule);

const isRule = (value: unknown): boolean =>
  isJson(value) &&
  isNames(value['verbs']) &&
  ['apiGroups', 'resources', 'resourceNames'].every((field) => value[field] === undefined || isNames(value[field]));

const isNames = (value: unknown): boolean => Array.isArray(value) && value.every((name) => typeof name === 'string');
