import { describe, expect, it } from 'vitest';
import { openJsonView } from '../../src/output/json-view.ts';
import type { ViewContext } from '../../src/output/view.ts';
import type { UpgradeEvent } from '../../src/upgrade/events.ts';
import { RUN } from './run.ts';
import { contextOf, EVENTS, fakeTerminal, OUTCOMES, SUMMARY, UNSCHEDULABLE } from './samples.ts';

const WITH_NEXT = { ...UNSCHEDULABLE, next: 'dupgrade set-target llama-v2 -n serving --ready' };

const linesOf = (events: readonly UpgradeEvent[], wishes: Partial<ViewContext> = {}): readonly string[] => {
  const terminal = fakeTerminal();
  const view = openJsonView(contextOf(terminal, wishes));
  for (const event of events) view.show(event);
  view.close();
  return terminal.written().split('\n').slice(0, -1);
};

const objectsOf = (events: readonly UpgradeEvent[], wishes: Partial<ViewContext> = {}): unknown[] =>
  linesOf(events, wishes).map((line) => JSON.parse(line));

describe('the JSON view', () => {
  it('writes an event on a line, with its time and the name of the upgrade', () => {
    expect(linesOf([EVENTS.scaled])).toEqual([
      '{"type":"scaled","time":"2026-11-23T10:00:06.250Z","upgrade":"llama-v2","namespace":"serving",' +
        '"side":"main","from":30,"to":27}',
    ]);
  });

  it('writes an event as the driver told it', () => {
    for (const event of Object.values(EVENTS)) {
      if (event.type === 'ended') continue;
      const { at, ...fields } = event;
      const head = { time: new Date(at).toISOString(), upgrade: 'llama-v2', namespace: 'serving' };
      const told = 'standing' in event ? { ...event.standing, causes: [WITH_NEXT] } : undefined;
      expect(objectsOf([event])).toEqual([{ ...head, ...fields, ...(told && { standing: told }) }]);
    }
  });

  it('writes the end with its outcome, reason, exit code and a sentence', () => {
    expect(objectsOf([EVENTS.ended])).toEqual([
      {
        type: 'ended',
        time: '2026-11-23T10:12:04.250Z',
        upgrade: 'llama-v2',
        namespace: 'serving',
        outcome: 'stuck',
        reason: 'unschedulable',
        exitCode: 5,
        message:
          'no progress for 10m00s: 2 grey pods cannot be scheduled, e.g. llama-v2-7d9c5b8f4-x2x7k, since 09:59:00Z: ' +
          'each needs 8 nvidia.com/gpu, 0 of 8 nodes have 8 free',
        details: {
          reason: 'unschedulable',
          idleMs: 600_000,
          causes: [WITH_NEXT],
        },
        summary: SUMMARY,
      },
    ]);
  });

  it('gives no reason when the targets were reached', () => {
    const [object] = objectsOf([{ ...EVENTS.ended, outcome: OUTCOMES.reached, exitCode: 0 }]);
    expect(object).not.toHaveProperty('reason');
    expect(object).toMatchObject({ outcome: 'reached', exitCode: 0, details: {} });
  });

  it('writes a line for each event of a run but details, and those with -v', () => {
    expect(linesOf(RUN)).toHaveLength(RUN.length - 1);
    expect(linesOf(RUN, { verbosity: 1 })).toHaveLength(RUN.length);
  });

  it('with -q writes warnings and the end', () => {
    expect(objectsOf(RUN, { quiet: true })).toEqual([
      expect.objectContaining({ type: 'note', level: 'warning' }),
      expect.objectContaining({ type: 'ended' }),
    ]);
  });
});
