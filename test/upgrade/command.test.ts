import { describe, expect, it } from 'vitest';
import { type Command, obey } from '../../src/upgrade/command.ts';
import type { UpgradeRecord } from '../../src/upgrade/record.ts';
import { recordOf } from '../support/record.ts';

const author = { by: 'bob@desk', at: '2026-11-23T11:00:00.000Z' };

const obeyed = (record: UpgradeRecord, command: Command): UpgradeRecord => {
  const verdict = obey(record, command, author);
  if (verdict.kind !== 'changed') throw new Error(`${command.verb} changes nothing: ${verdict.kind}`);
  return verdict.record;
};

const setTarget = (targets: { main?: number; grey?: number }): Command => ({ verb: 'set-target', targets, way: {} });
const pause: Command = { verb: 'pause' };
const resume: Command = { verb: 'resume', keepTargets: false };
const abort: Command = { verb: 'abort' };
const rollback: Command = { verb: 'rollback', way: {} };

const running = recordOf();
const states: Record<string, UpgradeRecord> = {
  running,
  paused: obeyed(running, pause),
  retargeted: obeyed(running, setTarget({ main: 20, grey: 10 })),
  'going back': obeyed(running, rollback),
  completed: recordOf({ phase: 'completed', endedAt: author.at }),
  'rolled back': recordOf({ phase: 'rolled-back', endedAt: author.at }),
  aborted: obeyed(running, abort),
};

describe('every command has an answer in every state', () => {
  const commands: Record<string, Command> = { pause, resume, 'set-target': setTarget({ main: 15 }), abort, rollback };
  const table: [state: string, answers: Record<string, string>][] = [
    [
      'running',
      { pause: 'changed', resume: 'unchanged', 'set-target': 'changed', abort: 'changed', rollback: 'changed' },
    ],
    [
      'paused',
      { pause: 'unchanged', resume: 'changed', 'set-target': 'changed', abort: 'changed', rollback: 'changed' },
    ],
    [
      'retargeted',
      { pause: 'changed', resume: 'changed', 'set-target': 'changed', abort: 'changed', rollback: 'changed' },
    ],
    [
      'going back',
      { pause: 'changed', resume: 'changed', 'set-target': 'changed', abort: 'changed', rollback: 'unchanged' },
    ],
    [
      'completed',
      { pause: 'refused', resume: 'unchanged', 'set-target': 'refused', abort: 'unchanged', rollback: 'changed' },
    ],
    [
      'rolled back',
      { pause: 'refused', resume: 'refused', 'set-target': 'refused', abort: 'unchanged', rollback: 'unchanged' },
    ],
    [
      'aborted',
      { pause: 'refused', resume: 'refused', 'set-target': 'refused', abort: 'unchanged', rollback: 'changed' },
    ],
  ];
  it.each(table)('%s', (state, answers) => {
    const record = states[state] ?? running;
    const given = Object.fromEntries(
      Object.entries(commands).map(([verb, command]) => [verb, obey(record, command, author).kind]),
    );
    expect(given).toEqual(answers);
  });

  it('and the same command given twice changes nothing the second time', () => {
    const changing = Object.values(states).flatMap((record) =>
      Object.values(commands).flatMap((command) => {
        const first = obey(record, command, author);
        return first.kind === 'changed' ? [obey(first.record, command, author).kind] : [];
      }),
    );
    expect(new Set(changing)).toEqual(new Set(['unchanged']));
  });
});

describe('what a command changes', () => {
  it('counts the revision up and writes who did what into the journal', () => {
    const { intent, journal } = obeyed(running, setTarget({ grey: 12 }));
    expect(intent).toMatchObject({ revision: 2, targets: { main: 0, grey: 12 }, by: 'bob@desk', at: author.at });
    expect(journal.at(-1)).toMatchObject({
      did: 'verb',
      verb: 'set-target',
      by: 'bob@desk',
      targets: { main: 0, grey: 12 },
    });
  });

  it('set-target lifts a pause; a change of the way alone does not', () => {
    const { paused } = states;
    if (paused === undefined) throw new Error('no such state');
    expect(obeyed(paused, setTarget({ main: 5 })).intent.paused).toBe(false);
    const way = obeyed(paused, {
      verb: 'set-target',
      targets: {},
      way: { mode: 'scaleInPriority', step: { main: '10%' } },
    });
    expect(way.intent).toMatchObject({
      paused: true,
      way: { mode: 'scaleInPriority', step: { main: '10%', grey: 3 }, pacing: 'window' },
    });
  });

  it('resume goes back to the targets of the spec, unless they are to be kept', () => {
    const held = obeyed(obeyed(running, setTarget({ main: 20, grey: 10 })), pause);
    expect(obeyed(held, resume).intent).toMatchObject({ paused: false, targets: { main: 0, grey: 30 } });
    expect(obeyed(held, { verb: 'resume', keepTargets: true }).intent).toMatchObject({
      paused: false,
      targets: { main: 20, grey: 10 },
    });
  });

  it('resume keeps a way that was set on the way there, and drops one that was set for the way back', () => {
    const slower = obeyed(running, { verb: 'set-target', targets: { main: 9 }, way: { step: { main: 1, grey: 1 } } });
    expect(obeyed(slower, resume).intent.way.step).toEqual({ main: 1, grey: 1 });
    const back = obeyed(running, { verb: 'rollback', way: { mode: 'scaleSimultaneously' } });
    expect(back.intent).toMatchObject({
      course: 'back',
      targets: { main: 30, grey: 0 },
      way: { mode: 'scaleSimultaneously' },
    });
    expect(obeyed(back, resume).intent).toMatchObject({
      course: 'forward',
      targets: { main: 0, grey: 30 },
      way: { mode: 'scaleOutPriority' },
    });
  });

  it('rollback lifts a pause, and reopens an upgrade that has ended', () => {
    const { completed, paused } = states;
    if (completed === undefined || paused === undefined) throw new Error('no such state');
    expect(obeyed(paused, rollback).intent).toMatchObject({ paused: false, course: 'back' });
    const reopened = obeyed(completed, rollback);
    expect(reopened).toMatchObject({ phase: 'active', intent: { course: 'back', targets: { main: 30, grey: 0 } } });
    expect(reopened.endedAt).toBeUndefined();
  });

  it('abort closes the record and says when and by whom', () => {
    expect(states['aborted']).toMatchObject({ phase: 'aborted', endedAt: author.at });
    expect(states['aborted']?.journal.at(-1)).toMatchObject({ verb: 'abort', by: 'bob@desk' });
  });
});
