import { describe, expect, it } from 'vitest';
import { causeText, isSlowOnly } from '../../src/output/reason-text.ts';
import type { Cause, Reason } from '../../src/upgrade/health.ts';
import { UNSCHEDULABLE } from './samples.ts';

const about = (reason: Reason, pods: number, more: Partial<Cause> = {}): string =>
  causeText({ reason, side: 'grey', pods, ...more });

describe('a cause', () => {
  it('is what pods do, which for example, and what Kubernetes says of it', () => {
    expect(causeText(UNSCHEDULABLE)).toBe(
      '2 grey pods cannot be scheduled, e.g. llama-v2-7d9c5b8f4-x2x7k: ' +
        '0/8 nodes are available: 8 Insufficient nvidia.com/gpu',
    );
  });

  it.each<[Reason, string, string]>([
    ['unschedulable', '1 grey pod cannot be scheduled', '2 grey pods cannot be scheduled'],
    ['quota', '1 grey pod cannot be made (quota)', '2 grey pods cannot be made (quota)'],
    ['image', '1 grey pod cannot pull its image', '2 grey pods cannot pull their image'],
    ['crash', '1 grey pod crashes', '2 grey pods crash'],
    [
      'config',
      '1 grey pod cannot be made from its configuration',
      '2 grey pods cannot be made from their configuration',
    ],
    ['not-ready', '1 grey pod runs and is not ready', '2 grey pods run and are not ready'],
    ['starting', '1 grey pod is starting', '2 grey pods are starting'],
    ['terminating', '1 grey pod is terminating', '2 grey pods are terminating'],
  ])('%s is said of one pod and of many', (reason, one, many) => {
    expect([about(reason, 1), about(reason, 2)]).toEqual([one, many]);
  });

  it('names the pod when there is only one', () => {
    expect(about('crash', 1, { example: 'web-x' })).toBe('1 grey pod crashes (web-x)');
  });

  it('says when pods could not even be made', () => {
    expect(about('quota', 0, { message: 'exceeded quota: gpu.' })).toBe(
      'no more grey pods can be made (quota): exceeded quota: gpu',
    );
  });

  it('is said in general words where it is not about pods', () => {
    expect(about('limit', 3)).toBe('grey: a limit of the spec holds the next step back');
  });

  it('may be only that things take their time', () => {
    const all: readonly Reason[] = ['quota', 'image', 'config', 'crash', 'not-ready', 'starting', 'terminating'];
    const slow = all.filter((reason) => isSlowOnly({ ...UNSCHEDULABLE, reason }));
    expect(slow).toEqual(['starting', 'terminating']);
  });
});
