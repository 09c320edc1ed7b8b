import { describe, expect, it } from 'vitest';
import { glyphsOf } from '../../src/output/glyphs.ts';
import { endingLine, endingMessage, endingOf, outcomeTitle, type Told } from '../../src/output/outcome-text.ts';
import type { Outcome } from '../../src/upgrade/outcome.ts';
import { OUTCOMES, SUMMARY, TOLD } from './samples.ts';

const lineOf = (outcome: Outcome, to: Partial<Told> = {}): string =>
  endingLine(endingOf(outcome, SUMMARY, { ...TOLD, mode: 'scaleOutPriority', ...to }));

const WAYS_OUT =
  'Go on: dupgrade resume llama-v2 -n serving; ' +
  'or accept what is ready now: dupgrade set-target llama-v2 -n serving --ready; ' +
  'or remove before adding: dupgrade set-target llama-v2 -n serving --mode scaleInPriority; ' +
  'or go back to the counts before: dupgrade rollback llama-v2 -n serving';
const CAUSE =
  '2 grey pods cannot be scheduled, e.g. llama-v2-7d9c5b8f4-x2x7k, since 09:59:00Z: ' +
  'each needs 8 nvidia.com/gpu, 0 of 8 nodes have 8 free';

/** What the last line says of every kind of outcome. */
const LINES: { readonly [K in Outcome['kind']]: string } = {
  reached: 'done (exit code 0): main 30 → 18, grey 0 → 15 in 12m04s, 20 writes, lowest ready 30, most pods 33',
  'rolled-back': 'rolled back (exit code 6): both sides are back at their counts before the start',
  held:
    'held (paused, exit code 4): the upgrade is paused; the cluster is left as it stands. ' +
    'Go on: dupgrade resume llama-v2 -n serving; ' +
    'or go back to the counts before: dupgrade rollback llama-v2 -n serving',
  aborted:
    'aborted (exit code 4): anna@laptop ended the upgrade short of its targets; the cluster is left as it stands. ' +
    'Go back to the counts before: dupgrade rollback llama-v2 -n serving',
  stuck:
    `stuck (limit, exit code 5): limits.maxPods has held the next step back for 10m00s: ${CAUSE}; ` +
    `the cluster is left as it stands. ${WAYS_OUT}`,
  'timed-out':
    `timed out (timeout, exit code 5): not done after 2h00m: ${CAUSE}; ` +
    `the cluster is left as it stands. ${WAYS_OUT}`,
  unreachable:
    'gave up (unreachable, exit code 7): https://10.0.0.1:6443 has not answered for 1m00s; ' +
    'the cluster is left as it stands. Go on, once it answers: dupgrade resume llama-v2 -n serving',
  denied:
    'gave up (denied, exit code 7): anna may not patch deployments/scale in serving; ' +
    'the cluster is left as it stands. Go on, once that is allowed: dupgrade resume llama-v2 -n serving',
  locked:
    'not driven (locked, exit code 8): ci-runner-7 pid 12 holds the lock of serving/llama-v1 since 2026-11-23T09:58:00Z; ' +
    'the upgrade is left to it. See where it is: dupgrade status llama-v2 -n serving',
  'foreign-write':
    'stopped (foreign-write, exit code 8): argocd-controller set main to 30 at 2026-11-23T10:03:00Z, where 27 was left; ' +
    'the cluster is left as it stands. Go on, once nobody else scales it: dupgrade resume llama-v2 -n serving',
  'template-changed':
    'stopped (template-changed, exit code 8): ' +
    'kubectl-edit changed the pod template of grey, so its pods are no longer of one version; ' +
    'the cluster is left as it stands. ' +
    'Go on, once the pod template is as it was: dupgrade resume llama-v2 -n serving; ' +
    'or end it as it stands: dupgrade abort llama-v2 -n serving',
  'deployment-gone':
    'stopped (deployment-gone, exit code 8): the Deployment of main is being deleted; the cluster is left as it stands. ' +
    'End it as it stands: dupgrade abort llama-v2 -n serving',
  'namespace-gone':
    'stopped (namespace-gone, exit code 8): the namespace serving is being deleted, with all that is in it; ' +
    'the cluster is left as it stands. Begin anew, once both Deployments are somewhere again: dupgrade start FILE',
  'record-gone':
    'stopped (record-gone, exit code 8): the record of the upgrade (ConfigMap dupgrade-llama-v2) is gone; ' +
    'the cluster is left as it stands. Begin anew: dupgrade start FILE',
  'record-unreadable':
    'stopped (record-unreadable, exit code 8): ' +
    'the record of the upgrade (ConfigMap dupgrade-llama-v2) cannot be understood: data.record is not JSON; ' +
    'the cluster is left as it stands. Read it: kubectl get configmap dupgrade-llama-v2 -n serving -o yaml',
  interrupted:
    'interrupted (exit code 130): by SIGINT; the cluster is left as it stands. ' +
    'Go on: dupgrade resume llama-v2 -n serving',
};

describe('what cannot heal by itself', () => {
  const crash = { reason: 'crash', side: 'grey', pods: 2, doomed: true } as const;
  const stuck = { kind: 'stuck', reason: 'crash', idleMs: 10_000, failedFast: true } as const;

  it('is said once of all causes', () => {
    expect(lineOf({ ...stuck, causes: [crash] })).toContain(
      'stuck (crash, exit code 5): what is waited for cannot heal by itself: 2 grey pods crash; the cluster',
    );
  });

  it('is said of each, where others may heal', () => {
    expect(lineOf({ ...stuck, causes: [crash, { reason: 'terminating', side: 'main', pods: 1 }] })).toContain(
      'what is waited for cannot heal by itself: 2 grey pods crash, which cannot heal by itself; 1 main pod is terminating;',
    );
  });
});

describe('the end of a run', () => {
  it.each(Object.values(OUTCOMES))('is told in one line: $kind', (outcome) => {
    expect(lineOf(outcome)).toBe(LINES[outcome.kind]);
  });

  it('at other targets leads back to those of the spec', () => {
    expect(lineOf({ kind: 'held', reason: 'off-spec' })).toBe(
      'held (off-spec, exit code 4): the targets that were set are reached, and they are not those of the spec; ' +
        'the cluster is left as it stands. Go on to the targets of the spec: dupgrade resume llama-v2 -n serving; ' +
        'or set other targets: dupgrade set-target llama-v2 -n serving --main N --grey N',
    );
  });

  it.each([
    ['quota', undefined, 'scaleOutPriority', true],
    ['unschedulable', undefined, 'scaleSimultaneously', true],
    ['limit', 'maxPods', 'scaleOutPriority', true],
    ['limit', 'minReady', 'scaleOutPriority', false],
    ['unschedulable', undefined, 'scaleInPriority', false],
    ['unschedulable', undefined, undefined, false],
    ['crash', undefined, 'scaleOutPriority', false],
  ] as const)('by %s %s in %s offers to remove first: %s', (reason, limit, mode, offered) => {
    const outcome = {
      kind: 'stuck',
      reason,
      idleMs: 0,
      causes: [],
      ...(limit === undefined ? {} : { limit }),
    } as const;
    expect(lineOf(outcome, { mode }).includes('--mode scaleInPriority')).toBe(offered);
  });

  it('says what it knows where something is missing', () => {
    expect(lineOf({ kind: 'locked', holder: 'anna', deployment: 'serving/llama-v1' })).toContain(
      ': anna holds the lock of serving/llama-v1; ',
    );
    expect(lineOf({ kind: 'foreign-write', side: 'grey', expected: 3, found: 9, manager: 'keda' })).toContain(
      ': keda set grey to 9, where 3 was left; ',
    );
    expect(lineOf({ kind: 'deployment-gone', side: 'grey', replaced: true })).toContain(
      ': the Deployment of grey was deleted and made anew; ',
    );
    expect(lineOf({ kind: 'deployment-gone', side: 'grey', replaced: false })).toContain(
      ': the Deployment of grey is gone; ',
    );
    expect(lineOf({ kind: 'stuck', reason: 'not-ready', idleMs: 61_000, causes: [] })).toMatch(
      /^stuck \(not-ready, exit code 5\): no progress for 1m01s; the cluster/,
    );
    expect(lineOf({ kind: 'interrupted', signal: 'SIGTERM' })).toMatch(/^interrupted \(exit code 143\): by SIGTERM;/);
  });

  it('names commands as the program was called, and arrows that the terminal has', () => {
    expect(lineOf(OUTCOMES.interrupted, { program: 'kubectl dupgrade' })).toContain('kubectl dupgrade resume llama-v2');
    expect(lineOf(OUTCOMES.reached, { glyphs: glyphsOf(false) })).toContain('main 30 -> 18, grey 0 -> 15');
  });

  it('says what was come to beside every outcome but the one that says nothing else', () => {
    for (const outcome of Object.values(OUTCOMES)) {
      const { soFar } = endingOf(outcome, SUMMARY, TOLD);
      expect(soFar === undefined).toBe(outcome.kind === 'reached');
    }
  });

  it('has a message without commands, for JSON', () => {
    expect(endingMessage(endingOf(OUTCOMES['timed-out'], SUMMARY, TOLD))).toBe(`not done after 2h00m: ${CAUSE}`);
  });

  it('has a title for lists of what was done', () => {
    expect(outcomeTitle('stuck', 'quota')).toBe('stuck (quota)');
    expect(outcomeTitle('rolled-back', 'rolled-back')).toBe('rolled back');
    expect(outcomeTitle('reached')).toBe('done');
  });
});
