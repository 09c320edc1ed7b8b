import { describe, expect, it } from 'vitest';
import type { Access } from '../../src/cluster/port.ts';
import { connectTo, faultOf, refusal } from './fixtures.ts';
import { replying } from './server.ts';

const namespace = 'shop';
const SCALE: Access = { verb: 'patch', group: 'apps', resource: 'deployments', subresource: 'scale', namespace };
const SETS: Access = { verb: 'list', group: 'apps', resource: 'replicasets', namespace };
const LOG: Access = { verb: 'get', group: '', resource: 'pods', subresource: 'log', namespace };

const ALL = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };

const rules = (...resourceRules: readonly unknown[]) => ({ json: { status: { resourceRules, incomplete: false } } });
const says = (allowed: boolean) => ({ json: { status: { allowed } } });

const RULES = 'POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
const ACCESS = 'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

describe('what a user may do', () => {
  it('is asked for once, where it is to look only and the rules show all of it', async () => {
    const server = await replying(
      rules(
        { verbs: ['list', 'watch'], apiGroups: ['apps'], resources: ['replicasets'] },
        { verbs: ['get'], apiGroups: [''], resources: ['pods/log'] },
      ),
    );
    expect(await connectTo(server).cluster.denied([SETS, LOG])).toEqual([]);
    expect(server.asked()).toEqual([RULES]);
    expect(server.seen.entries[0]?.body).toMatchObject({ kind: 'SelfSubjectRulesReview', spec: { namespace } });
  });

  it('is asked for once for each namespace', async () => {
    const server = await replying(rules(ALL), rules(ALL));
    expect(await connectTo(server).cluster.denied([LOG, { ...LOG, namespace: 'lab' }, SETS])).toEqual([]);
    expect(server.asked()).toEqual([RULES, RULES]);
  });

  it('is asked for by itself where it is to write, whatever the rules show: not all who deny have rules', async () => {
    const server = await replying(rules(ALL), says(false));
    expect(await connectTo(server).cluster.denied([LOG, SCALE])).toEqual([SCALE]);
    expect(server.asked()).toEqual([RULES, ACCESS]);
    expect(server.seen.entries[1]?.body).toMatchObject({ spec: { resourceAttributes: SCALE } });
  });

  it('is asked for without the rules where it is to write only', async () => {
    const server = await replying(says(true));
    expect(await connectTo(server).cluster.denied([SCALE])).toEqual([]);
    expect(server.asked()).toEqual([ACCESS]);
  });

  it.each([
    ['all', ALL, true],
    ['the subresource of everything', { verbs: ['get'], apiGroups: [''], resources: ['*/log'] }, true],
    ['the resource alone', { verbs: ['get'], apiGroups: [''], resources: ['pods'] }, false],
    ['another verb', { verbs: ['list'], apiGroups: [''], resources: ['pods/log'] }, false],
    ['another group', { verbs: ['get'], apiGroups: ['apps'], resources: ['pods/log'] }, false],
    ['some objects alone', { ...ALL, resourceNames: ['main'] }, false],
    ['no resource', { verbs: ['*'] }, false],
  ])('a rule for %s', async (_, rule, isShown) => {
    const server = await replying(rules(rule), says(false));
    expect(await connectTo(server).cluster.denied([LOG])).toEqual(isShown ? [] : [LOG]);
    expect(server.asked()).toEqual(isShown ? [RULES] : [RULES, ACCESS]);
  });

  it.each([
    ['an authorizer decides without rules', { json: { status: { resourceRules: [ALL], incomplete: true } } }],
    ['nobody may ask for the rules', refusal(403, 'Forbidden')],
    ['nobody knows that question', refusal(404, 'NotFound')],
    ['that question is refused', refusal(405, 'MethodNotAllowed')],
  ])('is asked for one by one where %s', async (_, answer) => {
    const server = await replying(answer, says(false));
    expect(await connectTo(server).cluster.denied([LOG])).toEqual([LOG]);
    expect(server.asked()).toEqual([RULES, ACCESS]);
  });

  it('is asked for once within five seconds, for whichever upgrade of this process', async () => {
    const server = await replying(rules(ALL), says(true), rules(ALL), says(false));
    const time = { nowMs: 0 };
    const { cluster, lane } = connectTo(server, { timing: { now: () => time.nowMs } });
    expect(await cluster.denied([LOG, SCALE])).toEqual([]);
    time.nowMs = 4999;
    expect(await lane().denied([LOG, SETS, SCALE])).toEqual([]);
    expect(server.asked()).toEqual([RULES, ACCESS]);
    time.nowMs = 5000;
    expect(await lane().denied([LOG, SCALE])).toEqual([SCALE]);
    expect(server.asked()).toEqual([RULES, ACCESS, RULES, ACCESS]);
  });

  it('is asked for again where it was denied: an authorizer may not have answered in time', async () => {
    const server = await replying(says(false), says(true));
    const { cluster, lane } = connectTo(server);
    expect(await cluster.denied([SCALE])).toEqual([SCALE]);
    expect(await lane().denied([SCALE])).toEqual([]);
    expect(server.asked()).toEqual([ACCESS, ACCESS]);
  });

  it('is not known where the user is not', async () => {
    const server = await replying(refusal(401, 'Unauthorized'));
    expect((await faultOf(connectTo(server).cluster.denied([LOG]))).fault).toBe('unauthorized');
  });
});
