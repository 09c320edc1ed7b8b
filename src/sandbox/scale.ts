import type { VirtualDeployment } from '../cluster/virtual/objects.ts';
import type { ApiServer } from '../cluster/virtual/api-server.ts';
import { notFound } from '../cluster/virtual/refusals.ts';
import { type Answer, type Asked, managerOf, refOf } from './asked.ts';
import { isJson, textAt, valueAt } from './json.ts';
import { patchOf } from './patch.ts';
import { badRequest, noSuchPath, Refusal } from './refusal.ts';
import type { Route } from './route.ts';

/** The scale subresource of a Deployment. */
export const answerScale = (api: ApiServer, route: Route, asked: Asked): Answer => {
  const ref = refOf(route);
  if (route.subresource !== 'scale') throw noSuchPath();
  const found = api.get('deployments', ref);
  if (found === undefined) throw notFound('deployments', ref.name);
  if (asked.method === 'GET') return { code: 200, body: scaleOf(found) };
  const replicas = replicasOf(asked, found);
  const resourceVersion = textAt(asked.body(), 'metadata', 'resourceVersion');
  const manager = managerOf(asked);
  const scaled = api.scale(ref, replicas, { manager, ...(resourceVersion && { resourceVersion }) });
  return { code: 200, body: scaleOf(scaled) };
};

/** What the replicas are to be: a patch that does not name them leaves them, a Scale without them has none. */
const replicasOf = (asked: Asked, { spec }: VirtualDeployment): number => {
  const { method } = asked;
  if (method !== 'PUT' && method !== 'PATCH') throw new Refusal(405, 'MethodNotAllowed', `a Scale takes no ${method}`);
  const body = method === 'PATCH' ? patchOf(asked) : asked.body();
  if (!isJson(body)) throw badRequest('the body is not an object');
  const replicas = valueAt(body, ['spec', 'replicas']) ?? (method === 'PATCH' ? spec.replicas : 0);
  if (typeof replicas !== 'number') throw badRequest('spec.replicas is not a number');
  return replicas;
};

const scaleOf = ({ metadata, spec, status }: VirtualDeployment): object => {
  const { namespace, name, uid, resourceVersion, creationTimestamp } = metadata;
  const labels = Object.entries(spec.selector.matchLabels ?? {});
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { namespace, name, uid, resourceVersion, creationTimestamp },
    spec: { replicas: spec.replicas },
    status: { replicas: status.replicas ?? 0, selector: labels.map(([key, value]) => `${key}=${value}`).join(',') },
  };
};
