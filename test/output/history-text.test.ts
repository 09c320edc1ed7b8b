import { describe, expect, it } from 'vitest';
import { renderHistories, renderHistory } from '../../src/output/history-text.ts';
import { HISTORY, PAST } from './history-sample.ts';

const FRAME = { unicode: true, allNamespaces: false };

describe('the history of an upgrade', () => {
  it('has those of its name, and what was done in the last one', () => {
    expect(renderHistory(HISTORY, FRAME).split('\n')).toEqual([
      'NAME       STARTED                BY            STATE       TOOK     MAIN    GREY           WRITES   MINREADY   MAXPODS',
      'llama-v2   2026-10-01T08:00:00Z   anna@laptop   completed   1h00m    30→0    0→30           20       30         33',
      'llama-v2   2026-11-23T10:00:00Z   anna@laptop   running     12m04s   30→18   0→15 (of 12)   20       30         33',
      '',
      '2026-11-23T10:00:01Z  anna@laptop: start',
      '2026-11-23T10:00:02Z  ci-runner-7 pid 12: leg main 30 → 0, grey 0 → 30',
      '2026-11-23T10:00:03Z  ci-runner-7 pid 12: grey 0 → 3',
      '2026-11-23T10:08:20Z  ci-runner-7 pid 12: stuck (quota)',
      '2026-11-23T10:10:00Z  anna@laptop: set-target to main 18, grey 12; scaleOutPriority, step 3, window',
      '',
    ]);
  });

  it.each([
    [1, '… 1 older entry'],
    [700, '… 700 older entries'],
  ])('says that %i entries of the journal are no longer there', (journalDropped, line) => {
    expect(renderHistory({ ...HISTORY, journalDropped }, FRAME).split('\n')).toContain(line);
  });

  it('shows all upgrades together, by the time of their start, with their namespaces where they are of all', () => {
    const other = {
      ...HISTORY,
      upgrades: [{ ...PAST, name: 'web', namespace: 'shop', startedAt: '2026-11-01T08:00:00.000Z' }],
    };
    const lines = renderHistories([HISTORY, other], { ...FRAME, allNamespaces: true }).split('\n');
    expect(lines.map((line) => line.split(/ {3,}/).slice(0, 3).join(' '))).toEqual([
      'NAMESPACE NAME STARTED',
      'serving llama-v2 2026-10-01T08:00:00Z',
      'shop web 2026-11-01T08:00:00Z',
      'serving llama-v2 2026-11-23T10:00:00Z',
      '',
    ]);
    expect(renderHistories([], FRAME)).toBe('No upgrades found.\n');
  });
});
