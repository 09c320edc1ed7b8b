import { describe, expect, it } from 'vitest';
import { renderStatus, type StatusFrame } from '../../src/output/status-text.ts';
import type { State, UpgradeStatus } from '../../src/upgrade/status.ts';
import { after, STATUS } from './samples.ts';

const FRAME: StatusFrame = { program: 'dupgrade', now: after(724), color: false, unicode: true, columns: 120 };
const linesOf = (status: UpgradeStatus, wishes: Partial<StatusFrame> = {}): readonly string[] =>
  renderStatus(status, { ...FRAME, ...wishes }).split('\n');

/** A status with as little in it as there can be. */
const { driver: _, standing: __, endedAt: ___, lastRun: ____, ...rest } = STATUS;
const BARE: UpgradeStatus = { ...rest, targets: STATUS.specTargets, journal: [] };

const nextOf = (status: UpgradeStatus, wishes: Partial<StatusFrame> = {}): readonly string[] => {
  const lines = linesOf(status, wishes);
  const at = lines.indexOf('Next:');
  return at < 0 ? [] : lines.slice(at + 1, -1).map((line) => line.trim().replace(/ {2,}/, ' '));
};

describe('the status of an upgrade', () => {
  it('says where it is, who drives it, what holds it up and what may be done', () => {
    expect(linesOf(STATUS)).toEqual([
      'Name:      llama-v2',
      'Namespace: serving',
      'State:     running',
      'Driver:    anna@laptop 4711, last heard of 6s ago',
      'Main:      llama-v1: ready 27 of 27, 3 terminating, target 18 (spec 0, before 30)',
      'Grey:      llama-v2: ready 1 of 3, target 12 (spec 30, before 0)',
      'Together:  ready 28 (floor 30), pods 33 (ceiling 33)',
      'Way:       scaleOutPriority, step 3, window',
      'Waiting:   for 3 main pods to be gone and 2 grey pods to become ready',
      'Causes:    2 grey pods cannot be scheduled, e.g. llama-v2-7d9c5b8f4-x2x7k, since 09:59:00Z: each needs 8 nvidia.com/gpu,',
      '           0 of 8 nodes have 8 free; accept what is ready now: dupgrade set-target llama-v2 -n serving --ready',
      'Started:   2026-11-23T10:00:00.250Z by anna@laptop (12m04s ago)',
      'Ended:     2026-11-23T10:11:40.250Z (24s ago)',
      'Last run:  stuck (quota) at 2026-11-23T10:08:20.250Z by ci-runner-7 pid 12 (3m44s ago)',
      'So far:    20 writes in 12m04s, lowest ready 30, most pods 33',
      'Journal:',
      '  12m03s ago  anna@laptop: start',
      '  12m02s ago  ci-runner-7 pid 12: leg main 30 → 0, grey 0 → 30',
      '  12m01s ago  ci-runner-7 pid 12: grey 0 → 3',
      '   3m44s ago  ci-runner-7 pid 12: stuck (quota)',
      '   2m04s ago  anna@laptop: set-target to main 18, grey 12; scaleOutPriority, step 3, window',
      'Next:',
      '  dupgrade set-target llama-v2 -n serving --ready  # accept what is ready now',
      '  dupgrade pause llama-v2 -n serving               # hold it',
      '  dupgrade rollback llama-v2 -n serving            # go back to the counts before',
      '',
    ]);
  });

  it('leaves out what there is none of', () => {
    expect(linesOf({ ...BARE, state: 'completed', course: 'back' })).toEqual([
      'Name:      llama-v2',
      'Namespace: serving',
      'State:     completed',
      'Main:      llama-v1: target 0 (before 30)',
      'Grey:      llama-v2: target 30 (before 0)',
      'Way:       scaleOutPriority, step 3, window, going back',
      'Started:   2026-11-23T10:00:00.250Z by anna@laptop (12m04s ago)',
      'So far:    20 writes in 12m04s, lowest ready 30, most pods 33',
      'Next:',
      '  dupgrade rollback llama-v2 -n serving  # go back to the counts before',
      '',
    ]);
  });

  it('breaks its texts in a narrow terminal, and no command', () => {
    expect(linesOf(STATUS, { columns: 50 }).slice(4, 8)).toEqual([
      'Main:      llama-v1: ready 27 of 27, 3',
      '           terminating, target 18 (spec 0, before',
      '           30)',
      'Grey:      llama-v2: ready 1 of 3, target 12 (spec',
    ]);
    expect(linesOf(STATUS, { columns: 20 })).toContain('  dupgrade pause llama-v2 -n serving  # hold it');
    expect(linesOf(STATUS, { columns: Number.POSITIVE_INFINITY })[9]).toMatch(/^Causes: .*--ready$/);
  });

  it('colours the state and the causes', () => {
    const lines = linesOf({ ...STATUS, state: 'stuck' }, { color: true });
    expect(lines[2]).toBe('State:     \u001B[31mstuck: its last driver gave up\u001B[39m');
    expect(lines[9]?.startsWith('Causes:    \u001B[31m2 grey pods')).toBe(true);
    expect(linesOf(STATUS, { color: true })[2]).toBe('State:     \u001B[32mrunning\u001B[39m');
  });

  it('shows ASCII alone where there is no more', () => {
    expect(linesOf(STATUS, { unicode: false }).join('\n')).toMatch(/^[\n\x20-\x7E]*$/);
  });

  it('says when nobody drives it, unless it is over', () => {
    expect(linesOf({ ...BARE, state: 'stopped' })).toContain('Driver:    none');
    expect(linesOf({ ...BARE, state: 'aborted' }).join('\n')).not.toContain('Driver');
  });

  it.each<[State, string, readonly string[]]>([
    ['running', 'running', ['pause', 'rollback']],
    ['paused', 'paused', ['resume', 'set-target', 'rollback']],
    ['held', 'held: it stands at targets that are not those of the spec', ['resume', 'set-target', 'rollback']],
    ['stuck', 'stuck: its last driver gave up', ['resume', 'set-target', 'rollback']],
    ['stopped', 'stopped: no driver runs', ['resume', 'rollback', 'abort']],
    ['completed', 'completed', ['rollback']],
    ['rolled-back', 'rolled back', []],
    ['aborted', 'aborted', ['rollback']],
  ])('%s is said as "%s" and leads on', (state, text, verbs) => {
    expect(linesOf({ ...BARE, state })).toContain(`State:     ${text}`);
    expect(nextOf({ ...BARE, state }).map((line) => line.split(' ')[1])).toEqual(verbs);
  });

  it('tells how to go on from other targets than those of the spec', () => {
    expect(nextOf({ ...STATUS, state: 'paused' }, { program: 'kubectl dupgrade' })).toEqual([
      'kubectl dupgrade resume llama-v2 -n serving # go on to the targets of the spec',
      'kubectl dupgrade resume llama-v2 -n serving --keep-targets # go on to the targets that hold now',
      'kubectl dupgrade set-target llama-v2 -n serving --main N --grey N # set other targets',
      'kubectl dupgrade rollback llama-v2 -n serving # go back to the counts before',
    ]);
    expect(nextOf({ ...STATUS, state: 'held' })).toHaveLength(3);
  });

  it('offers to remove first when it is stuck for want of room', () => {
    expect(nextOf({ ...STATUS, state: 'stuck' })).toContain(
      'dupgrade set-target llama-v2 -n serving --mode scaleInPriority # remove before adding',
    );
  });

  it('shows the last five entries of the journal', () => {
    const journal = [1, 2, 3, 4, 5, 6].map((at) => ({
      at: new Date(after(at)).toISOString(),
      by: 'anna',
      did: 'scaled' as const,
      side: 'grey' as const,
      from: at - 1,
      to: at,
    }));
    const lines = linesOf({ ...BARE, journal });
    expect(lines.filter((line) => line.includes('anna: grey'))).toHaveLength(5);
    expect(lines).toContain('  11m58s ago  anna: grey 5 → 6');
  });
});
