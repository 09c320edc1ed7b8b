import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openJsonView } from '../../src/output/json-view.ts';
import { openLinesView } from '../../src/output/lines-view.ts';
import { renderList } from '../../src/output/list-text.ts';
import { openLiveView } from '../../src/output/live-view.ts';
import { renderStatus } from '../../src/output/status-text.ts';
import type { UpgradeEvent } from '../../src/upgrade/events.ts';
import { RUN } from './run.ts';
import { after, contextOf, EVENTS, fakeTerminal, OUTCOMES, STATUS, UPGRADE } from './samples.ts';

/** Fields whose text others write: names, messages, who it was. */
const FREE = new Set([
  'message',
  'example',
  'by',
  'holder',
  'driver',
  'manager',
  'name',
  'namespace',
  'deployment',
  'startedBy',
  'since',
]);

/** A value with `text` put into every field that others write. */
const poisoned = <T>(value: T, text: string): T => {
  const inner = (part: unknown, key: string): unknown => {
    if (typeof part === 'string') return FREE.has(key) ? `${part}${text}${part}` : part;
    if (Array.isArray(part)) return part.map((one) => inner(one, key));
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([name, one]) => [name, inner(one, name)]));
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a string for a string, and all else as it was
  return inner(value, '') as T;
};

const EVERYTHING: readonly UpgradeEvent[] = [
  ...RUN,
  ...Object.values(EVENTS),
  ...Object.values(OUTCOMES).map((outcome): UpgradeEvent => ({ ...EVENTS.ended, outcome })),
];

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '\u001B[2J\u001B[31m',
    '\u009B31m',
    '\r\n2026-11-23T10:00:00Z done',
    '\u202E',
    '\u001B]0;title\u0007',
  ),
);
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
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
