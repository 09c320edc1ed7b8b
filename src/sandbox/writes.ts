import type { CreatableKind, Kinds } from '../cluster/port.ts';
import type { ApiServer } from '../cluster/virtual/api-server.ts';
import { notFound } from '../cluster/virtual/refusals.ts';
import { type Answer, type Asked, managerOf, refOf } from './asked.ts';
import { isJson, numberAt, textAt, valueAt } from './json.ts';
import { patched, patchOf } from './patch.ts';
import type { Presentation } from './presentation.ts';
import { badRequest, noDryRun, Refusal } from './refusal.ts';
import { isCreatable, isWritable, RESOURCES, type ServedKind } from './resources.ts';
import type { Route } from './route.ts';

/** Creates, replaces, patches or deletes an object. */
export const answerWrite = (api: ApiServer, route: Route, asked: Asked, present: Presentation): Answer => {
  const { kind } = route;
  if (asked.method === 'DELETE') return remove(api, route, asked);
  if (asked.method === 'POST' && isCreatable(kind))
    return { code: 201, body: present.object(api.create(kind, objectOf(kind, route, asked.body()), managerOf(asked))) };
  if (!isWritable(kind)) throw notAllowed(kind, asked.method);
  const replace = (body: unknown): Answer => ({
    code: 200,
    body: present.object(api.replace(kind, objectOf(kind, route, body))),
  });
  if (asked.method === 'PUT') return replace(asked.body());
  if (asked.method !== 'PATCH') throw notAllowed(kind, asked.method);
  const patch = patchOf(asked);
  const ref = refOf(route);
  const found = api.get(kind, ref);
  if (found === undefined) throw notFound(kind, ref.name);
  return replace(patched(found, patch));
};

const notAllowed = (kind: ServedKind, method: string): Refusal =>
  new Refusal(
    405,
    'MethodNotAllowed',
    `the sandbox does not ${method} ${kind}: Deployments are made and scaled in it, pods deleted, ConfigMaps, Leases and Events written`,
  );

/** The object in a body, without what it says of its type, in the namespace of the path. */
const objectOf = <K extends CreatableKind>(kind: K, route: Route, body: unknown): Kinds[K] => {
  const { namespace = '' } = route;
  if (!isJson(body)) throw badRequest('the body is not an object');
  const { kind: given, apiVersion: _, ...object } = body;
  if (given !== undefined && given !== RESOURCES[kind].kind)
    throw badRequest(`the object is not a ${RESOURCES[kind].kind}`);
  const metadata = isJson(object['metadata']) ? object['metadata'] : {};
  const name = textAt(metadata, 'name');
  if (name === undefined || (route.name !== undefined && name !== route.name))
    throw badRequest(`the name of the object (${name ?? 'none'}) does not match the name of the path`);
  if ((textAt(metadata, 'namespace') ?? namespace) !== namespace)
    throw badRequest('the namespace of the object does not match the namespace of the path');
  const placed: unknown = { ...object, metadata: { ...metadata, name, namespace } };
  if (isOf(kind, placed)) return placed;
  throw badRequest('the object has no metadata');
};

/** For the rest the client is taken at its word: nothing in here stands on the other fields of what it writes. */
const isOf = <K extends CreatableKind>(_kind: K, value: unknown): value is Kinds[K] =>
  isJson(value) && isJson(value['metadata']);

const remove = (api: ApiServer, route: Route, asked: Asked): Answer => {
  const { kind } = route;
  if (route.name === undefined || !RESOURCES[kind].verbs.includes('delete')) throw notAllowed(kind, 'DELETE');
  if (valueAt(asked.body(), ['dryRun']) !== undefined) throw noDryRun();
  const ref = refOf(route);
  const found = api.get(kind, ref);
  if (found === undefined) throw notFound(kind, ref.name);
  const given = asked.query.get('gracePeriodSeconds');
  const graceSeconds = given === null ? numberAt(asked.body(), 'gracePeriodSeconds') : Number(given);
  if (graceSeconds !== undefined && !(Number.isInteger(graceSeconds) && graceSeconds >= 0))
    throw badRequest('gracePeriodSeconds is not a count of seconds');
  api.remove(kind, ref, graceSeconds);
  const details = { name: ref.name, kind, uid: found.metadata.uid };
  return { code: 200, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details } };
};
