import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { text } from 'node:stream/consumers';
import { ask, type Body, type Question, sandboxOf, send, stoppedClock, watched } from './given.ts';

const nameOf = (object: unknown): string => (object as Body).metadata.name;

const DEPLOYMENT = '/apis/apps/v1/namespaces/serving/deployments/model-v1';
const MAPS = '/api/v1/namespaces/serving/configmaps';
const MERGE = { 'content-type': 'application/merge-patch+json' };
const STRATEGIC = { 'content-type': 'application/strategic-merge-patch+json' };
const PROTOBUF = { 'content-type': 'application/vnd.kubernetes.protobuf' };

/** Whether anybody listens there. */
const reached = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

describe('the door of the sandbox', () => {
  it('is on loopback, and on no other address of the machine', async () => {
    const { port } = await sandboxOf();
    const others = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
    const hosts = others.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address);
    expect(await reached('127.0.0.1', port)).toBe(true);
    for (const host of ['127.0.0.2', '::1', ...hosts]) expect([host, await reached(host, port)]).toEqual([host, false]);
  });

  it.each(['Bearer wrong', 'Bearer ', 'Basic YTpi', undefined])('is closed to "%s"', async (authorization) => {
    const { code, body } = await ask(await sandboxOf(), '/version', { headers: { authorization } });
    expect(code).toBe(401);
    expect(body).toMatchObject({ kind: 'Status', status: 'Failure', reason: 'Unauthorized', code: 401 });
  });

  it('is closed to a foreign Host, whatever the token', async () => {
    const sandbox = await sandboxOf();
    for (const host of ['evil.example', `evil.example:${sandbox.port}`, '127.0.0.1', '127.0.0.1:1']) {
      expect((await ask(sandbox, '/version', { headers: { host } })).code).toBe(403);
    }
    expect((await ask(sandbox, '/version', { headers: { host: `localhost:${sandbox.port}` } })).code).toBe(200);
  });
});

describe('the API of the sandbox', () => {
  it('says of an object and of a list which kind they are', async () => {
    const sandbox = await sandboxOf();
    const one = await ask(sandbox, DEPLOYMENT);
    expect(one.body).toMatchObject({ kind: 'Deployment', apiVersion: 'apps/v1', spec: { replicas: 6 } });
    const pods = await ask(sandbox, '/api/v1/namespaces/serving/pods?labelSelector=app%20in%20(model-v1),!x');
    expect(pods.body).toMatchObject({ kind: 'PodList', apiVersion: 'v1' });
    expect(pods.body.items).toHaveLength(6);
    const node = await ask(sandbox, '/api/v1/nodes/gpu-0');
    expect(node.body.metadata).not.toHaveProperty('namespace');
  });

  it('tells what there is to ask for', async () => {
    const sandbox = await sandboxOf();
    for (const path of ['/version', '/api', '/apis', '/api/v1', '/apis/apps', '/apis/coordination.k8s.io/v1']) {
      expect((await ask(sandbox, path)).code).toBe(200);
    }
    for (const path of ['/', '/apis/batch/v1', '/api/v1/secrets', '/apis/apps/v1/pods', '/api/v1/pods/x/y']) {
      expect((await ask(sandbox, path)).code).toBe(404);
    }
  });

  it('scales a version that is still there, and no other', async () => {
    const sandbox = await sandboxOf();
    const scale = `${DEPLOYMENT}/scale`;
    const before = await ask(sandbox, scale);
    const { resourceVersion } = before.body.metadata;
    const patch = { metadata: { resourceVersion }, spec: { replicas: 5 } };
    const question = { method: 'PATCH', headers: MERGE, body: patch };
    expect((await ask(sandbox, scale, question)).body).toMatchObject({ kind: 'Scale', spec: { replicas: 5 } });
    const again = await ask(sandbox, scale, question);
    expect(again.body).toMatchObject({ kind: 'Status', reason: 'Conflict', code: 409 });
    const blind = { method: 'PATCH', headers: MERGE, body: { spec: { replicas: 4 } } };
    expect((await ask(sandbox, scale, blind)).code).toBe(200);
    expect((await ask(sandbox, scale, { method: 'PUT', body: { spec: { replicas: -1 } } })).code).toBe(422);
  });

  it('serves the log of a pod as text, and refuses that of a run that never was', async () => {
    const sandbox = await sandboxOf();
    const pods = await ask(sandbox, '/api/v1/namespaces/serving/pods?labelSelector=app%3Dmodel-v1');
    const log = `/api/v1/namespaces/serving/pods/${nameOf(pods.body.items[0])}/log`;
    const answer = await send(sandbox, `${log}?container=server&tailLines=1`);
    expect([answer.statusCode, await text(answer)]).toEqual([200, 'INFO:     Application startup complete.\n']);
    expect((await ask(sandbox, `${log}?previous=true`)).body).toMatchObject({ reason: 'BadRequest', code: 400 });
    expect((await ask(sandbox, `${log}?tailLines=x`)).code).toBe(400);
    expect((await ask(sandbox, log, { method: 'DELETE' })).code).toBe(405);
    expect((await ask(sandbox, '/api/v1/namespaces/serving/pods/nobody/log')).code).toBe(404);
  });

  it('creates, replaces and deletes what dupgrade keeps', async () => {
    const sandbox = await sandboxOf();
    const path = MAPS;
    const object = { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'a' }, data: { b: 'c' } };
    const created = await ask(sandbox, path, { method: 'POST', body: object });
    expect(created).toMatchObject({ code: 201, body: { ...object, metadata: { name: 'a', namespace: 'serving' } } });
    expect((await ask(sandbox, path, { method: 'POST', body: object })).body).toMatchObject({
      reason: 'AlreadyExists',
    });
    const stale = { ...object, metadata: { name: 'a', resourceVersion: '1' } };
    expect((await ask(sandbox, `${path}/a`, { method: 'PUT', body: stale })).code).toBe(409);
    expect((await ask(sandbox, `${path}/a`, { method: 'PUT', body: object })).code).toBe(200);
    expect((await ask(sandbox, `${path}/a`, { method: 'DELETE' })).code).toBe(200);
    expect((await ask(sandbox, `${path}/a`)).body).toMatchObject({ reason: 'NotFound', code: 404 });
  });

  it('patches what dupgrade keeps, as a merge patch says', async () => {
    const sandbox = await sandboxOf();
    const body = { metadata: { name: 'a', labels: { b: 'c' } }, data: { d: 'e', f: 'g' } };
    const { body: made } = await ask(sandbox, MAPS, { method: 'POST', body });
    const { resourceVersion } = made.metadata;
    const patch = { metadata: { resourceVersion, labels: { h: 'i' } }, data: { d: null, f: 'j' } };
    const question = { method: 'PATCH', headers: MERGE, body: patch };
    const after = { metadata: { name: 'a', labels: { b: 'c', h: 'i' } }, data: { f: 'j' } };
    const answer = await ask(sandbox, `${MAPS}/a`, question);
    expect(answer).toMatchObject({ code: 200, body: { kind: 'ConfigMap', ...after } });
    expect(answer.body).toHaveProperty('data', { f: 'j' });
    expect((await ask(sandbox, `${MAPS}/a`, question)).body).toMatchObject({ reason: 'Conflict', code: 409 });
    const flat = { method: 'PATCH', headers: STRATEGIC, body: { data: { k: 'l' } } };
    expect((await ask(sandbox, `${MAPS}/a`, flat)).body).toHaveProperty('data', { f: 'j', k: 'l' });
  });

  it('says yes to every question of what one may do, in whatever form it is asked', async () => {
    const sandbox = await sandboxOf();
    const question = { method: 'POST', headers: PROTOBUF, body: 'not looked at' };
    const group = '/apis/authorization.k8s.io/v1';
    const access = await ask(sandbox, `${group}/selfsubjectaccessreviews`, question);
    expect(access).toMatchObject({ code: 201, body: { kind: 'SelfSubjectAccessReview', status: { allowed: true } } });
    const rules = await ask(sandbox, `${group}/selfsubjectrulesreviews`, question);
    expect(rules.body).toMatchObject({ status: { resourceRules: [{ verbs: ['*'], resources: ['*'] }] } });
    expect((await ask(sandbox, `${group}/selfsubjectaccessreviews`)).code).toBe(405);
  });

  const ELSEWHERE = { metadata: { name: 'a', namespace: 'elsewhere' } };
  const LISTS = { metadata: { ownerReferences: [] } };
  const POD = '/api/v1/namespaces/serving/pods/nobody';
  it.each<[string, number, string, Question]>([
    ['a patch of a Deployment', 405, DEPLOYMENT, { method: 'PATCH', headers: MERGE, body: { spec: { replicas: 1 } } }],
    [
      'a Deployment that is not JSON',
      415,
      '/apis/apps/v1/namespaces/serving/deployments',
      { method: 'POST', headers: PROTOBUF, body: 1 },
    ],
    ['a patch of a node', 405, '/api/v1/nodes/gpu-0', { method: 'PATCH', headers: MERGE, body: {} }],
    ['all Deployments gone', 405, '/apis/apps/v1/namespaces/serving/deployments', { method: 'DELETE' }],
    ['a ConfigMap in protobuf', 415, MAPS, { method: 'POST', headers: PROTOBUF, body: {} }],
    ['a ConfigMap of another namespace', 400, MAPS, { method: 'POST', body: ELSEWHERE }],
    ['a ConfigMap without a name', 400, MAPS, { method: 'POST', body: {} }],
    ['a list instead of an object', 400, MAPS, { method: 'POST', body: [] }],
    ['a strategic patch of lists', 415, `${MAPS}/kept`, { method: 'PATCH', headers: STRATEGIC, body: LISTS }],
    ['a patch that is a list', 415, `${MAPS}/kept`, { method: 'PATCH', body: [] }],
    ['another name', 400, `${MAPS}/kept`, { method: 'PATCH', headers: MERGE, body: { metadata: { name: 'b' } } }],
    ['what is not there', 404, `${MAPS}/nothing`, { method: 'PATCH', headers: MERGE, body: {} }],
    [
      'a stale replacement',
      409,
      `${MAPS}/kept`,
      { method: 'PUT', body: { metadata: { name: 'kept', resourceVersion: '1' } } },
    ],
    [
      'a dry run of a patch',
      400,
      `${MAPS}/kept?dryRun=All`,
      { method: 'PATCH', headers: MERGE, body: { data: { a: 'c' } } },
    ],
    ['a dry run of a scale', 400, `${DEPLOYMENT}/scale?dryRun=All`, { method: 'PUT', body: { spec: { replicas: 1 } } }],
    ['a dry run of a deletion', 400, DEPLOYMENT, { method: 'DELETE', body: { dryRun: ['All'] } }],
    ['a grace period that is none', 400, `${MAPS}/kept?gracePeriodSeconds=soon`, { method: 'DELETE' }],
    ['a pod that is not there', 404, POD, { method: 'DELETE' }],
    [
      'replicas in words',
      400,
      `${DEPLOYMENT}/scale`,
      { method: 'PATCH', headers: MERGE, body: { spec: { replicas: 'x' } } },
    ],
    ['replicas below 0', 422, `${DEPLOYMENT}/scale`, { method: 'PUT', body: { spec: { replicas: -1 } } }],
    ['a wrong token', 401, `${MAPS}/kept`, { method: 'DELETE', headers: { authorization: 'Bearer wrong' } }],
    ['a foreign Host', 403, `${MAPS}/kept`, { method: 'DELETE', headers: { host: 'evil.example' } }],
  ])('refuses %s with %i and a sentence, and nothing is changed', async (_, code, path, question) => {
    const sandbox = await sandboxOf({ clock: stoppedClock });
    await ask(sandbox, MAPS, { method: 'POST', body: { metadata: { name: 'kept' }, data: { a: 'b' } } });
    const version = async () => (await ask(sandbox, '/api/v1/nodes')).body.metadata.resourceVersion;
    const before = await version();
    const answer = await ask(sandbox, path, question);
    expect(answer).toMatchObject({
      code,
      body: { kind: 'Status', status: 'Failure', message: expect.stringMatching(/\w/) },
    });
    // Of the cluster as a whole: every write raises it.
    expect(await version()).toBe(before);
  });

  it('shows kubectl a table', async () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
    const { body } = await ask(await sandboxOf(), '/apis/apps/v1/deployments', { headers: { accept } });
    expect(body).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1' });
    expect(body.rows[0]?.cells.slice(0, 4)).toEqual(['model-v1', '6/6', 6, 6]);
  });
});

describe('a watch of the sandbox', () => {
  const configMaps = MAPS;
  const make = async (sandbox: Awaited<ReturnType<typeof sandboxOf>>, count: number): Promise<string> => {
    for (let i = 0; i < count; i += 1) {
      const body = { metadata: { name: `map-${i}`, labels: { odd: String(i % 2) } } };
      expect((await ask(sandbox, configMaps, { method: 'POST', body })).code).toBe(201);
    }
    const { body } = await ask(sandbox, configMaps);
    return body.metadata.resourceVersion;
  };

  it('goes on from a version, with what is selected only', async () => {
    const sandbox = await sandboxOf();
    const version = await make(sandbox, 0);
    await make(sandbox, 4);
    const events = await watched(
      sandbox,
      `${configMaps}?watch=true&resourceVersion=${version}&timeoutSeconds=1&labelSelector=odd=1`,
    );
    expect(events.map(({ type, object }) => [type, object.metadata.name])).toEqual([
      ['ADDED', 'map-1'],
      ['ADDED', 'map-3'],
    ]);
  });

  it('marks how far it has told, where that is asked for', async () => {
    const sandbox = await sandboxOf({ bookmarkMs: 200 });
    const version = await make(sandbox, 1);
    const query = `watch=1&resourceVersion=${version}&timeoutSeconds=1`;
    const marks = await watched(sandbox, `${configMaps}?${query}&allowWatchBookmarks=true`);
    expect(marks.length).toBeGreaterThan(2);
    expect(marks[0]).toMatchObject({ type: 'BOOKMARK', object: { kind: 'ConfigMap', apiVersion: 'v1' } });
  });

  it('begins with what there is where no version is given', async () => {
    const sandbox = await sandboxOf();
    const events = await watched(sandbox, '/api/v1/nodes?watch=true&timeoutSeconds=1');
    expect(events.map(({ type }) => type)).toEqual(['ADDED', 'ADDED', 'ADDED']);
  });

  it('is refused with 410 where its version is too old, and with 504 where that is yet to come', async () => {
    const sandbox = await sandboxOf({ history: 2 });
    const version = await make(sandbox, 0);
    await make(sandbox, 6);
    const [event] = await watched(sandbox, `${configMaps}?watch=true&resourceVersion=${version}`);
    expect(event).toMatchObject({ type: 'ERROR', object: { kind: 'Status', reason: 'Expired', code: 410 } });
    expect((await ask(sandbox, `${configMaps}?watch=true&resourceVersion=999999999`)).code).toBe(504);
  });
});
