import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { eventJsonSchema } from '../../src/output/event-schema.ts';
import { glyphsOf } from '../../src/output/glyphs.ts';
import { afterEvent, type RowModel, waitingRow } from '../../src/output/many/model.ts';
import { finishedJson, renderSumUp } from '../../src/output/many/sum-up.ts';
import { renderTable } from '../../src/output/many/table.ts';
import { labelsOf, type ManyContext, openManyView } from '../../src/output/many/view.ts';
import { widthOf } from '../../src/output/line.ts';
import { paletteOf } from '../../src/output/palette.ts';
import type { UpgradeEvent } from '../../src/upgrade/events.ts';
import { RESULTS } from './many-samples.ts';
import { after, contextOf, ETA, EVENTS, fakeTerminal, OUTCOMES, standing, UNSCHEDULABLE } from './samples.ts';

const row = (name: string, ...events: readonly UpgradeEvent[]): RowModel =>
  events.reduce(afterEvent, { ...waitingRow({ name, namespace: 'serving' }, name), isBegun: true });

const seen = (at: number, ...given: Parameters<typeof standing>): UpgradeEvent => ({
  at: after(at),
  type: 'observed',
  standing: standing(...given),
});

const ROWS: readonly RowModel[] = [
  row('done', EVENTS.started, seen(9, [0, 0, 0], [30, 30, 0]), {
    ...EVENTS.ended,
    outcome: OUTCOMES.reached,
    exitCode: 0,
  }),
  { ...waitingRow({ name: 'waits', namespace: 'serving' }, 'waits') },
  row('runs', EVENTS.started, {
    ...EVENTS.observed,
    at: after(60),
    standing: { ...standing([15, 15, 0], [15, 15, 0]), eta: ETA },
  }),
  row('checked'),
  row('hindered', EVENTS.started, seen(8, [27, 27, 3], [3, 2, 0], [UNSCHEDULABLE])),
  row('held', EVENTS.started, seen(8, [27, 27, 0], [3, 3, 0]), EVENTS.held),
  row('stuck', EVENTS.started, seen(8, [30, 30, 0], [3, 0, 0], [UNSCHEDULABLE]), EVENTS.ended),
  { ...row('refused'), failed: 3 },
];

const table = (columns: number, rows: number, models = ROWS): readonly string[] =>
  renderTable(models, { columns, rows, color: false, unicode: true, now: after(120), since: after(0) }).split('\n');

describe('the table of several upgrades', () => {
  it('shows first what somebody has to look at, then what goes on, then what is over', () => {
    expect(table(100, 24)).toEqual([
      '8 upgrades  2 ended badly, 1 held, 1 hindered, 2 running, 1 waiting, 1 done  2m00s',
      '  stuck     ░░░░░░░░░░   0%  main 30/30→0  grey 0/3→30    stuck (unschedulable), exit code 5',
      '  refused   ░░░░░░░░░░                                    failed, exit code 3',
      '  held      █░░░░░░░░░  10%  main 27/27→0  grey 3/3→30    paused',
      '  hindered  ░░░░░░░░░░   3%  main 27/27→0  grey 2/3→30    unschedulable: 2 grey pods',
      '  runs      █████░░░░░  50%  main 15/15→0  grey 15/15→30  running, 24m00s to go',
      '  checked   ░░░░░░░░░░                                    checking',
      '  waits     ░░░░░░░░░░                                    waiting',
      '  done      ██████████ 100%  main 0/0→0    grey 30/30→30  done',
    ]);
  });

  it('never takes more rows than there are, nor more columns', () => {
    const many = Array.from({ length: 100 }, (_, at) => row(`an-upgrade-with-a-long-name-${at}`, EVENTS.started));
    for (const columns of [20, 40, 60, 80, 120, 200]) {
      for (const rows of [2, 3, 5, 10, 24, 60]) {
        const lines = table(columns, rows, many);
        expect(lines.length, `${rows} rows`).toBeLessThan(rows);
        // Two columns are the spinner's.
        for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual(columns);
      }
    }
    expect(table(80, 6, many).at(-1)).toBe('  and 97 more: 97 running');
  });
});

const frame = (columns: number) => ({
  program: 'dupgrade' as const,
  labels: labelsOf(RESULTS.map(({ upgrade }) => upgrade)),
  glyphs: glyphsOf(true),
  palette: paletteOf(false),
  columns,
});

describe('what several upgrades came to', () => {
  it('is a row for each, and what to do for each that has not arrived', () => {
    expect(renderSumUp(RESULTS, 7, frame(80)).split('\n')).toEqual([
      'UPGRADE   OUTCOME         EXIT   TOOK     MAIN      GREY',
      'chat      done            0      12m04s   0/0→0     30/30→30',
      'embed     stuck (image)   5      22m04s   18/18→0   12/15→30',
      'llama     refused         3      0s       -         -',
      'qwen      gave up         7      0s       -         -',
      'rerank    not begun       -      -        -         -',
      '',
      '1 done, 1 stuck, 1 refused, 1 gave up and 1 not begun; exit code 7',
      'Next:',
      '  dupgrade resume embed -n serving  # embed: go on',
      '  dupgrade check upgrades/llama.yaml -n serving  # llama: see what speaks against it',
      '  dupgrade start FILE -n serving  # qwen: try again',
      "  dupgrade start 'it'\\''s.yaml' -n serving  # rerank: begin it",
      '',
    ]);
  });

  it('is one object with -o json, as the schema has it', () => {
    const validate = new Ajv2020({ strict: false, formats: { 'date-time': true } }).compile(eventJsonSchema());
    const finished = finishedJson(RESULTS, 7, { program: 'dupgrade', now: after(0) });
    expect(validate(finished), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...finished, upgrades: [{ result: 'ran' }] })).toBe(false);
  });
});

const ONE = { name: 'one', namespace: 'serving' };
const OTHER = { name: 'the-other', namespace: 'serving' };

const opened = async (kind: Parameters<typeof openManyView>[0], wishes: Partial<ManyContext> = {}) => {
  const terminal = fakeTerminal();
  const { upgrade: _, ...context } = contextOf(terminal);
  const view = await openManyView(kind, { ...context, upgrades: [ONE, OTHER], ...wishes });
  return { view, lines: () => terminal.written().trimEnd().split('\n') };
};

describe('the lines of several upgrades', () => {
  it('begin with the name of theirs', async () => {
    const { view, lines } = await opened('lines');
    const [one, other] = [view.begin(ONE), view.begin(OTHER)];
    one.show(EVENTS.started);
    other.show(EVENTS.scaled);
    one.show(EVENTS.scaled);
    expect(lines().map((line) => line.slice(0, 35))).toEqual([
      'one       | 2026-11-23T10:00:00Z st',
      'the-other | 2026-11-23T10:00:06Z ma',
      'one       | 2026-11-23T10:00:06Z ma',
    ]);
  });

  it('name the namespace where two have the same name', async () => {
    const twin = { name: 'one', namespace: 'other' };
    const { view, lines } = await opened('lines', { upgrades: [ONE, twin] });
    view.begin(twin).show(EVENTS.scaled);
    expect(lines()[0]).toMatch(/^other\/one {3}\| 2026/);
  });

  it('are in no groups in a pipeline, where they would be in one another; annotations stay', async () => {
    const pages: string[] = [];
    const { view, lines } = await opened('github', { summarize: (page) => pages.push(page) });
    const one = view.begin(ONE);
    one.show(EVENTS.started);
    one.show(EVENTS.note);
    one.show(EVENTS.ended);
    view.sumUp(RESULTS, 7);
    expect(lines().join('\n')).not.toContain('::group');
    expect(lines().filter((line) => line.startsWith('::'))).toHaveLength(2);
    expect(pages).toHaveLength(1);
    expect(pages[0]).toContain('## 5 upgrades');
    expect(pages[0]).toContain('chat      done');
  });
});
