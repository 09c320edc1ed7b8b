import { describe, expect, it } from 'vitest';
import { openLinesView } from '../../src/output/lines-view.ts';
import type { ViewContext } from '../../src/output/view.ts';
import type { UpgradeEvent } from '../../src/upgrade/events.ts';
import { RUN } from './run.ts';
import { after, contextOf, EVENTS, fakeTerminal, SUMMARY, standing } from './samples.ts';

const linesOf = (events: readonly UpgradeEvent[], wishes: Partial<ViewContext> = {}, unicode = true) => {
  const terminal = fakeTerminal({ unicode });
  const view = openLinesView(contextOf(terminal, wishes));
  for (const event of events) view.show(event);
  view.close();
  return terminal.written().split('\n').slice(0, -1);
};

const GPU =
  '2 grey pods cannot be scheduled, e.g. llama-v2-7d9c5b8f4-x2x7k, since 09:59:00Z: ' +
  'each needs 8 nvidia.com/gpu, 0 of 8 nodes have 8 free; ' +
  'accept what is ready now: dupgrade set-target llama-v2 -n serving --ready';

describe('the view of lines', () => {
  it('tells a run in a line for each change', () => {
    expect(linesOf(RUN)).toEqual([
      '2026-11-23T10:00:00Z starting llama-v2 in serving: main (llama-v1) 30 → 0, grey (llama-v2) 0 → 30; ' +
        'scaleOutPriority, step 3, window; limits minReady 28, maxPods 33; driven by anna@laptop 4711',
      '2026-11-23T10:00:01Z main 30/30 ready; grey 0/0 ready (ready 30, 30 pods)',
      '2026-11-23T10:00:01Z grey 0 → 3 (ready 30, 30 pods)',
      '2026-11-23T10:00:32Z still waiting: 3 grey pods to become ready, 31s so far; 3 grey pods are starting',
      '2026-11-23T10:00:40Z main 30/30 ready; grey 2/3 ready (ready 32, 33 pods)',
      '2026-11-23T10:00:40Z main 30 → 28 (ready 32, 33 pods)',
      '2026-11-23T10:00:41Z main 28/28 ready, 2 terminating; grey 2/3 ready (ready 30, 33 pods)',
      '2026-11-23T10:00:41Z grey is held back: adding more would make more than 33 pods (limits.maxPods)',
      '2026-11-23T10:00:43Z warning: a watch fell silent and was begun anew',
      '2026-11-23T10:00:50Z main 28/28 ready; grey 2/3 ready (ready 30, 31 pods)',
      '2026-11-23T10:00:51Z grey 3 → 5 (ready 30, 31 pods)',
      '2026-11-23T10:00:52Z main 28/28 ready; grey 3/5 ready (ready 31, 33 pods)',
      `2026-11-23T10:00:52Z ${GPU}`,
      '2026-11-23T10:01:00Z 1 grey pod crashes (llama-v2-x): container main exited with 1; see its log: kubectl logs -n serving llama-v2-x',
      `2026-11-23T10:01:10Z ${GPU}`,
      `2026-11-23T10:01:23Z still waiting: 2 grey pods to become ready, 1m30s so far; ${GPU}`,
      '2026-11-23T10:01:30Z paused by ben@desk. To go on: dupgrade resume llama-v2 -n serving',
      '2026-11-23T10:02:00Z still held, 2m07s so far (ready 31, 33 pods)',
      '2026-11-23T10:02:10Z set-target by ben@desk: main stays at 28, grey 5 → 3; scaleOutPriority, step main 3 grey 1, window',
      '2026-11-23T10:02:10Z grey 5 → 3 (ready 31, 33 pods)',
      '2026-11-23T10:02:11Z reached the targets set by ben@desk, which are not those of the spec. ' +
        'To go on to the targets of the spec: dupgrade resume llama-v2 -n serving',
      '2026-11-23T10:02:20Z resumed by anna@laptop: main 28 → 0, grey 3 → 30; scaleOutPriority, step 3, window',
      '2026-11-23T10:02:30Z going on from where others have scaled it: main 27 → 0, grey 3 → 30; scaleOutPriority, step 3, window',
      '2026-11-23T10:02:40Z rollback by anna@laptop: main 0 → 30, grey 30 → 0; scaleOutPriority, step 3, window',
      '2026-11-23T10:12:04Z main 30/30 ready; grey 0/0 ready, 1 terminating (ready 30, 31 pods)',
      '2026-11-23T10:12:34Z still at it, 30s since the last progress',
      '2026-11-23T10:12:40Z so far: main 30 → 18, grey 0 → 15 in 12m04s, 20 writes, lowest ready 30, most pods 33',
      '2026-11-23T10:12:40Z rolled back (exit code 6): both sides are back at their counts before the start',
    ]);
  });

  it('says all in the last line when the targets were reached', () => {
    const summary = { ...SUMMARY, to: { main: 0, grey: 30 } };
    expect(linesOf([{ at: after(724), type: 'ended', outcome: { kind: 'reached' }, exitCode: 0, summary }])).toEqual([
      '2026-11-23T10:12:04Z done (exit code 0): main 30 → 0, grey 0 → 30 in 12m04s, 20 writes, lowest ready 30, most pods 33',
    ]);
  });

  it('offers to remove first at the end, since it has seen in which mode it went', () => {
    expect(linesOf([EVENTS.started, EVENTS.ended]).at(-1)).toContain('--mode scaleInPriority');
    expect(linesOf([EVENTS.leg, EVENTS.ended]).at(-1)).toContain('--mode scaleInPriority');
    const removesFirst = { ...EVENTS.started, way: { ...EVENTS.started.way, mode: 'scaleInPriority' } } as const;
    expect(linesOf([removesFirst, EVENTS.ended]).at(-1)).not.toContain('--mode scaleInPriority');
  });

  it('names a namespace that is not the home of the upgrade, and says that it goes on', () => {
    const { deployments } = EVENTS.started;
    const elsewhere = { ...deployments, grey: { namespace: 'next', name: 'llama' } };
    expect(linesOf([{ ...EVENTS.started, resumed: true, limits: {}, deployments: elsewhere }])).toEqual([
      '2026-11-23T10:00:00Z going on with llama-v2 in serving: main (llama-v1) 30 → 0, grey (next/llama) 0 → 30; ' +
        'scaleOutPriority, step 3, window; driven by anna@laptop 4711',
    ]);
  });

  it('shows ASCII alone where there is no more', () => {
    const written = linesOf(RUN, {}, false).join('\n');
    expect(written).toContain('grey 0 -> 3 (ready 30, 30 pods)');
    expect(written).toMatch(/^[\n\x20-\x7E]*$/);
  });

  it('with -v shows details', () => {
    expect(linesOf([{ ...EVENTS.note, level: 'detail', message: 'the lease was renewed' }], { verbosity: 1 })).toEqual([
      '2026-11-23T10:00:09Z the lease was renewed',
    ]);
  });

  it('with -q shows warnings and the end alone', () => {
    expect(linesOf(RUN, { quiet: true, verbosity: 1 })).toEqual([
      '2026-11-23T10:00:43Z warning: a watch fell silent and was begun anew',
      '2026-11-23T10:12:40Z so far: main 30 → 18, grey 0 → 15 in 12m04s, 20 writes, lowest ready 30, most pods 33',
      '2026-11-23T10:12:40Z rolled back (exit code 6): both sides are back at their counts before the start',
    ]);
  });

  it('tells a limit that holds removals back', () => {
    expect(linesOf([{ ...EVENTS.limited, side: 'main', limit: 'minReady', value: 28 }])).toEqual([
      '2026-11-23T10:00:07Z main is held back: removing more would leave fewer than 28 pods ready (limits.minReady)',
    ]);
  });

  it('says when pods begin to terminate, though none came or went', () => {
    const before = standing([30, 27, 0], [0, 0, 0]);
    const { main, grey } = before.sides;
    const now = { ...before, sides: { main: { ...main, terminating: 3 }, grey } };
    const events = [before, now].map((seen): UpgradeEvent => ({ at: after(1), type: 'observed', standing: seen }));
    expect(linesOf(events)[1]).toBe(
      '2026-11-23T10:00:01Z main 27/30 ready, 3 terminating; grey 0/0 ready (ready 27, 30 pods)',
    );
  });

  it('tells obstacles anew on a new leg, in whose mode it ends', () => {
    const leg = { ...EVENTS.leg, leg: { ...EVENTS.leg.leg, mode: 'scaleInPriority' } } as const;
    const lines = linesOf([EVENTS.started, EVENTS.limited, leg, EVENTS.limited, EVENTS.ended]);
    expect(lines.filter((line) => line.includes('is held back'))).toHaveLength(2);
    expect(lines.at(-1)).not.toContain('--mode scaleInPriority');
  });

  it('says nothing when only the pods that are asked for have changed', () => {
    const before = standing([30, 30, 0], [0, 0, 0]);
    const { main, grey } = before.sides;
    const now = { ...before, sides: { main: { ...main, asked: 27 }, grey } };
    const events = [before, now].map((seen): UpgradeEvent => ({ at: after(1), type: 'observed', standing: seen }));
    expect(linesOf(events)).toHaveLength(1);
  });
});
