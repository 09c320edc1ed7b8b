import type { Answer, Asked } from './asked.ts';
import { Refusal } from './refusal.ts';

const GROUP = 'authorization.k8s.io/v1';

/** What whoever asks may do: whoever knows the token may do everything. */
const REVIEWS: Readonly<Record<string, { readonly kind: string; readonly status: object }>> = {
  [`/apis/${GROUP}/selfsubjectaccessreviews`]: { kind: 'SelfSubjectAccessReview', status: { allowed: true } },
  [`/apis/${GROUP}/selfsubjectrulesreviews`]: {
    kind: 'SelfSubjectRulesReview',
    status: {
      resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
      nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
      incomplete: false,
    },
  },
};

/**
 * The answer to an access review; undefined where the path is another one. The answer is the same whatever the question, so
 * that is not read: kubectl asks in protobuf. Throws a Refusal.
 */
export const answerReview = (path: string, { method }: Asked): Answer | undefined => {
  if (!Object.hasOwn(REVIEWS, path)) return undefined;
  if (method !== 'POST') throw new Refusal(405, 'MethodNotAllowed', `an access review takes no ${method}`);
  return { code: 201, body: { apiVersion: GROUP, metadata: {}, spec: {}, ...REVIEWS[path] } };
};
