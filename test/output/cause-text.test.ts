import { describe, expect, it } from 'vitest';
import { causeSentence, causeText } from '../../src/output/cause-text.ts';
import { type Cause, isSlowOnly, type Reason } from '../../src/upgrade/health.ts';
import { CAUSES, TOLD, UNSCHEDULABLE } from './samples.ts';

const about = (reason: Reason, pods: number, more: Partial<Cause> = {}): string =>
  causeSentence({ reason, side: 'grey', pods, ...more });

describe('a cause', () => {
  it('is what pods do, which for example, since when, why, and the command to go on with', () => {
    expect(causeText(UNSCHEDULABLE, TOLD)).toBe(
      '2 grey pods cannot be scheduled, e.g. llama-v2-7d9c5b8f4-x2x7k, since 09:59:00Z: ' +
        'each needs 8 nvidia.com/gpu, 0 of 8 nodes have 8 free; ' +
        'accept what is ready now: dupgrade set-target llama-v2 -n serving --ready',
    );
  });

  it('tells what is known of it in detail', () => {
    const pods = (what: string): string => `2 grey pods ${what}, e.g. llama-v2-7d9c5b8f4-x2x7k, since 09:59:00Z`;
    const said = '0/8 nodes are available: 8 Insufficient nvidia.com/gpu';
    const [, ...others] = CAUSES;
    expect(others.map(causeSentence)).toEqual([
      `${pods('crash')}, which cannot heal by itself: container server was killed for its memory (OOMKilled), started again 3 times (out of memory); it wrote last: loading / CUDA out of memory`,
      `${pods('run and are not ready')}: ${said}`,
      `${pods('are terminating')}: held by the finalizer example.com/drain`,
      `${pods('are starting')}: vLLM: the model is being loaded, 40 % (${said})`,
      `${pods('are on a node that is not well')}: node gpu-7: ${said}`,
    ]);
  });

  it('says how often a pod that is on its way was so before', () => {
    const detail = { kind: 'start', stage: 'readiness-probe', restarts: 2 } as const;
    expect(about('starting', 1, { detail })).toBe(
      '1 grey pod is starting: its readiness probe has not passed yet, started again 2 times',
    );
  });

  it('says which nodes are short, and that the others do not take it', () => {
    const detail = { kind: 'shortage', resource: 'memory', needed: 2 ** 36, nodes: 8, short: 3 } as const;
    expect(causeSentence({ ...UNSCHEDULABLE, detail })).toContain(
      'each needs 64Gi memory, 3 of 8 nodes have less free and the others do not take it (0/8 nodes',
    );
  });

  it.each<[Partial<Cause>, string]>([
    [{ reason: 'quota' }, 'kubectl describe resourcequota -n serving'],
    [{ reason: 'image', example: 'web-x' }, 'kubectl describe pod -n serving web-x'],
    [
      { reason: 'crash', detail: { kind: 'exit', container: 'server', outOfMemory: false, restarts: 1 } },
      'kubectl logs -n serving web-x -c server --previous',
    ],
    [
      { reason: 'crash', detail: { kind: 'exit', container: 'server', outOfMemory: false, restarts: 0 } },
      'kubectl logs -n serving web-x -c server',
    ],
    [{ reason: 'config' }, 'kubectl describe pod -n serving web-x'],
    [{ reason: 'node', detail: { kind: 'node', node: 'gpu-7' } }, 'kubectl describe node gpu-7'],
    [{ reason: 'not-ready' }, 'kubectl logs -n serving web-x'],
    [
      { reason: 'starting', detail: { kind: 'start', stage: 'pulling-image' } },
      'kubectl describe pod -n serving web-x',
    ],
    [{ reason: 'starting', detail: { kind: 'start', stage: 'loading-model' } }, 'kubectl logs -n serving web-x'],
    [
      { reason: 'starting', detail: { kind: 'start', stage: 'readiness-probe', restarts: 2 } },
      'kubectl logs -n serving web-x --previous',
    ],
    [{ reason: 'terminating' }, 'kubectl describe pod -n serving web-x'],
  ])('goes on with the command that tells more: %j', (cause, command) => {
    const whole: Cause = { reason: 'quota', side: 'grey', pods: 1, example: 'web-x', ...cause };
    expect(causeText(whole, TOLD).split(': ').at(-1)).toBe(command);
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
    ['node', '1 grey pod is on a node that is not well', '2 grey pods are on a node that is not well'],
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
