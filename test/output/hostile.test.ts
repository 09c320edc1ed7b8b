import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openJsonView } from '../../src/output/json-view.ts';
import { openLinesView } from '../../src/output/lines-view.ts';
import { renderList } from '../../src/output/list-text.ts';
import { openLiveView } from '../../src/output/live-view.ts';
import { renderStatus } from '../../src/output/status-text.ts';
import type { UpgradeEvent } from '../../src/upgrade/events.ts';
import { hostile, poisoned, UNPRINTABLE } from './poison.ts';
import { RUN } from './run.ts';
import { after, contextOf, EVENTS, fakeTerminal, OUTCOMES, STATUS, UPGRADE } from './samples.ts';

const EVERYTHING: readonly UpgradeEvent[] = [
  ...RUN,
  ...Object.values(EVENTS),
  ...Object.values(OUTCOMES).map((outcome): UpgradeEvent => ({ ...EVENTS.ended, outcome })),
];

const settings = { seed: 7, numRuns: 60 };
const lineCount = (text: string): number => text.split('\n').length;

const logOf = (text: string): string => {
  const terminal = fakeTerminal();
  const view = openLinesView(contextOf(terminal, { verbosity: 1, upgrade: poisoned(UPGRADE, text) }));
  for (const event of poisoned(EVERYTHING, text)) view.show(event);
  return terminal.written();
};

describe('whatever others put into names and messages', () => {
  it('no line of a log holds a control character, and none is made or broken by it', () => {
    const lines = lineCount(logOf(''));
    fc.assert(
      fc.property(hostile, (text) => {
        const log = logOf(text);
        expect(log.replaceAll('\n', '')).not.toMatch(UNPRINTABLE);
        expect(lineCount(log)).toBe(lines);
      }),
      settings,
    );
  });

  it('JSON is printable, an object on each line, and tells it as it was', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const terminal = fakeTerminal();
        const view = openJsonView(contextOf(terminal, { verbosity: 1 }));
        for (const event of poisoned(EVERYTHING, text)) view.show(event);
        const lines = terminal.written().split('\n').slice(0, -1);
        expect(lines.join('')).not.toMatch(UNPRINTABLE);
        expect(lines.map((line): unknown => JSON.parse(line))).toHaveLength(EVERYTHING.length);
        expect(JSON.parse(lines[0] ?? '')).toMatchObject({ driver: poisoned(EVENTS.started, text).driver });
      }),
      settings,
    );
  });

  it('the live view moves the cursor by its own will alone', async () => {
    // oxlint-disable-next-line no-control-regex -- what ora and the view write themselves
    const own = /\u001B\[(\?25[lh]|\?2026[lh]|\d*[ABK])|[\r\n]/gu;
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        const terminal = fakeTerminal({ interactive: true });
        const view = await openLiveView(contextOf(terminal, { upgrade: poisoned(UPGRADE, text) }));
        for (const event of poisoned(RUN, text)) view.show(event);
        view.close();
        expect(terminal.written().replace(own, '')).not.toMatch(UNPRINTABLE);
      }),
      settings,
    );
  });

  it('the status and the list hold no control character', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const frame = { program: 'dupgrade', now: after(724), color: false, unicode: true, columns: 80 } as const;
        const status = poisoned(STATUS, text);
        const shown = [
          renderStatus(status, frame),
          renderStatus({ ...status, startedAt: text, journal: [] }, frame),
          renderList([status], { ...frame, allNamespaces: true }),
        ];
        expect(shown.join('').replaceAll('\n', '')).not.toMatch(UNPRINTABLE);
      }),
      settings,
    );
  });
});
