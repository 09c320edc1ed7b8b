import { describe, expect, it } from 'vitest';
import type { Access } from '../../src/cluster/port.ts';
import { connectTo, faultOf, refusal } from './fixtures.ts';
import { replying } from './server.ts';

const SCALE: Access = {
  verb: 'patch',
  group: 'apps',
  resource: 'deployments',
  subresource: 'scale',
  namespace: 'shop',
};
const PODS: Access = { verb: 'list', group: '', resource: 'pods', namespace: 'shop' };

const rules = (...resourceRules: readonly object[]) => ({ json: { status: { resourceRules, incomplete: false } } });
const says = (allowed: boolean) => ({ json: { status: { allowed } } });

const RULES = 'POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
const ACCESS = 'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

describe('what a user may do', () => {
  it('is asked for once, where the rules show all of it', async () => {
    const server = await replying(
      rules(
        { verbs: ['get', 'patch'], apiGroups: ['apps'], resources: ['deployments/scale'] },
        { verbs: ['list'], apiGroups: [''], resources: ['pods'] },
      ),
    );
    expect(await connectTo(server).cluster.denied([SCALE, PODS])).toEqual([]);
    expect(server.asked()).toEqual([RULES]);
    expect(server.seen.entries[0]?.body).toMatchObject({ kind: 'SelfSubjectRulesReview', spec: { namespace: 'shop' } });
  });

  it('is asked for once for each namespace', async () => {
    const all = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };
    const server = await replying(rules(all), rules(all));
    expect(await connectTo(server).cluster.denied([SCALE, { ...SCALE, namespace: 'lab' }, PODS])).toEqual([]);
    expect(server.asked()).toEqual([RULES, RULES]);
  });

  it('is asked for one by one, where the rules do not show it: that answer is the one that counts', async () => {
    const server = await replying(rules(), says(false), says(true));
    const { cluster } = connectTo(server);
    const denied = await cluster.denied([SCALE, PODS]);
    expect(server.asked()).toEqual([RULES, ACCESS, ACCESS]);
    const { namespace: _, ...asked } = SCALE;
    const refused = server.seen.entries[1]?.body as { spec: { resourceAttributes: Access } };
    expect(denied).toEqual([refused.spec.resourceAttributes.resource === 'pods' ? PODS : SCALE]);
    const bodies = server.seen.entries.slice(1).map(({ body }) => body);
    expect(bodies).toContainEqual(
      expect.objectContaining({ spec: { resourceAttributes: expect.objectContaining(asked) } }),
    );
  });

  it.each([
    ['all', { verbs: ['*'], apiGroups: ['*'], resources: ['*'] }, true],
    ['the subresource of everything', { verbs: ['patch'], apiGroups: ['apps'], resources: ['*/scale'] }, true],
    ['the resource alone', { verbs: ['patch'], apiGroups: ['apps'], resources: ['deployments'] }, false],
    ['another verb', { verbs: ['get'], apiGroups: ['apps'], resources: ['deployments/scale'] }, false],
    ['another group', { verbs: ['patch'], apiGroups: ['extensions'], resources: ['deployments/scale'] }, false],
    ['some objects alone', { verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: ['main'] }, false],
    ['addresses that are no resources', { verbs: ['*'] }, false],
  ])('a rule for %s', async (_, rule, isShown) => {
    const server = await replying(rules(rule), says(false));
    expect(await connectTo(server).cluster.denied([SCALE])).toEqual(isShown ? [] : [SCALE]);
    expect(server.asked()).toEqual(isShown ? [RULES] : [RULES, ACCESS]);
  });

  it.each([
    [
      'an authorizer decides without rules',
      { json: { status: { resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }], incomplete: true } } },
    ],
    ['nobody may ask for the rules', refusal(403, 'Forbidden')],
    ['nobody knows that question', refusal(404, 'NotFound')],
  ])('is asked for one by one where %s', async (_, answer) => {
    const server = await replying(answer, says(false));
    expect(await connectTo(server).cluster.denied([SCALE])).toEqual([SCALE]);
    expect(server.asked()).toEqual([RULES, ACCESS]);
  });

  it('is not known where the user is not', async () => {
    const server = await replying(refusal(401, 'Unauthorized'));
    expect((await faultOf(connectTo(server).cluster.denied([SCALE]))).fault).toBe('unauthorized');
  });
});
