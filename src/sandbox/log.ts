import { ClusterError } from '../cluster/port.ts';
import { notFound } from '../cluster/virtual/refusals.ts';
import type { VirtualCluster } from '../cluster/virtual/virtual-cluster.ts';
import { type Asked, refOf, type TextAnswer } from './asked.ts';
import { badRequest, noSuchPath, Refusal } from './refusal.ts';
import type { Route } from './route.ts';

/** The log subresource of a pod, as text: what is written so far, also for who would follow it. */
export const answerLog = (cluster: VirtualCluster, route: Route, { method, query }: Asked): TextAnswer => {
  if (route.subresource !== 'log') throw noSuchPath();
  if (method !== 'GET') throw new Refusal(405, 'MethodNotAllowed', `a log takes no ${method}`);
  const ref = refOf(route);
  const pod = cluster.api.get('pods', ref);
  if (pod === undefined) throw notFound('pods', ref.name);
  const container = query.get('container') || pod.spec.containers[0]?.name || '';
  const previous = query.get('previous') === 'true';
  const limitBytes = countOf(query, 'limitBytes');
  try {
    const lines = cluster.log(ref, { container, previous, tailLines: countOf(query, 'tailLines'), limitBytes });
    const text = lines.map((line) => `${line}\n`).join('');
    return { code: 200, text: text.slice(0, limitBytes) };
  } catch (error) {
    // A kubelet that has no such log makes it a bad request.
    if (error instanceof ClusterError && error.fault === 'invalid') throw badRequest(error.message);
    throw error;
  }
};

const countOf = (query: URLSearchParams, name: string): number => {
  const text = query.get(name);
  if (text === null || text === '') return Number.MAX_SAFE_INTEGER;
  if (!/^\d+$/.test(text)) throw badRequest(`${name} is not a number`);
  return Number(text);
};
