import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withCauseSteps } from '../../src/output/cause-json.ts';
import { errorText } from '../../src/output/error-text.ts';
import { finishedJson } from '../../src/output/many/sum-up.ts';
import { openJsonView } from '../../src/output/json-view.ts';
import { REASON_TEXTS } from '../../src/output/reason-text.ts';
import { renderStructured } from '../../src/output/structured.ts';
import type { UpgradeEvent } from '../../src/upgrade/events.ts';
import { exitCodeOf } from '../../src/upgrade/outcome.ts';
import type { RehearsalReport } from '../../src/upgrade/rehearsal.ts';
import { HISTORY } from './history-sample.ts';
import { REPORT } from './rehearsal-samples.ts';
import { UPGRADE_REPORT } from './report-sample.ts';
import { RESULTS } from './many-samples.ts';
import {
  CAUSES,
  contextOf,
  ETA,
  EVENTS,
  fakeTerminal,
  OUTCOMES,
  START,
  STATUS,
  TOLD,
  UPGRADE,
  withGpus,
} from './samples.ts';

const DOCUMENT = readFileSync(new URL('../../docs/json-output.md', import.meta.url), 'utf8');

/** The rows of every table, by the heading above it. */
const TABLES: ReadonlyMap<string, readonly (readonly string[])[]> = new Map(
  DOCUMENT.split(/^#+ /m)
    .slice(1)
    .map((section) => {
      const [heading = '', ...lines] = section.split('\n');
      const rows = lines.filter((line) => line.startsWith('| ') && !line.startsWith('| ---')).slice(1);
      return [heading.replaceAll('`', ''), rows.map((row) => row.split('|').map((cell) => cell.trim()))];
    }),
);

/** The fields that a table documents, those of the parts that it refers to in their place. */
const documented = (heading: string, which: 'all' | 'required' = 'all'): readonly string[] =>
  (TABLES.get(heading) ?? []).flatMap(([, field = '', type = '']) => {
    if (which === 'required' && field.endsWith('?')) return [];
    const names = expanded(/`(.+)`/.exec(field)?.[1] ?? '');
    const part = /^\[.+\]\(#(.+)\)$/.exec(type)?.[1];
    if (part === undefined) return names;
    return names.flatMap((name) => documented(part, which).map((inner) => `${name}.${inner}`));
  });

const expanded = (field: string): readonly string[] =>
  field.includes('{main,grey}') ? ['main', 'grey'].map((side) => field.replace('{main,grey}', side)) : [field];

/** The paths of all fields of a value: `standing.waiting[].side`. */
const fieldsOf = (value: unknown, path = ''): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap((inner) => fieldsOf(inner, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => fieldsOf(inner, path === '' ? key : `${path}.${key}`));
};

const sorted = (fields: readonly string[]): readonly string[] => [...new Set(fields)].toSorted();

const written = (event: UpgradeEvent): unknown => {
  const terminal = fakeTerminal();
  openJsonView(contextOf(terminal)).show(event);
  return JSON.parse(terminal.written());
};

/** The event with no field that it need not have. */
const sparse = (event: UpgradeEvent): UpgradeEvent => {
  if (event.type === 'started') return { ...event, limits: {} };
  if (event.type !== 'observed' && event.type !== 'alive') return event;
  const causes = [{ reason: 'starting', side: 'grey', pods: 1 }] as const;
  return { ...event, standing: { ...event.standing, causes } };
};

/** With every field that a cause may have. */
const full = (event: UpgradeEvent): UpgradeEvent => {
  if (event.type === 'ended' && 'causes' in event.outcome) {
    return { ...event, outcome: { ...event.outcome, causes: CAUSES } };
  }
  if (event.type !== 'observed' && event.type !== 'alive') return event;
  return { ...event, standing: { ...withGpus(event.standing), causes: CAUSES, eta: ETA } };
};

const ENDS = Object.values(OUTCOMES).map((outcome) => full({ ...EVENTS.ended, outcome }));

describe('docs/json-output.md', () => {
  it.each(Object.values(EVENTS))('names every field of the event $type, and no other', (event) => {
    const events = event.type === 'ended' ? ENDS : [full(event)];
    const fields = events.flatMap((one) => fieldsOf(written(one)));
    expect(sorted([...documented('Every event'), ...documented(event.type)])).toEqual(sorted(fields));
  });

  it('describes every event and no other', () => {
    const section = DOCUMENT.slice(DOCUMENT.indexOf('## Events'), DOCUMENT.indexOf('## Parts'));
    expect([...section.matchAll(/^### `(.+)`$/gm)].map((match) => match[1])).toEqual(Object.keys(EVENTS));
  });

  it.each(Object.values(EVENTS))('marks what may be missing from the event $type', (event) => {
    const fields = (event.type === 'ended' ? ENDS : [event, sparse(event)]).map((one) => fieldsOf(written(one)));
    const always = fields.reduce((common, these) => common.filter((field) => these.includes(field)));
    expect(sorted([...documented('Every event'), ...documented(event.type, 'required')])).toEqual(sorted(always));
  });

  it('names every outcome with its exit code', () => {
    const rows = (TABLES.get('Outcomes') ?? []).map(([, outcome, code]) => [outcome, Number.parseInt(code ?? '', 10)]);
    expect(rows).toEqual(Object.values(OUTCOMES).map((outcome) => [`\`${outcome.kind}\``, exitCodeOf(outcome)]));
  });

  it('names every reason with what it means', () => {
    const rows = (TABLES.get('Reasons') ?? []).map(([, reason, meaning]) => [reason, meaning]);
    expect(rows).toEqual(Object.entries(REASON_TEXTS).map(([reason, text]) => [`\`${reason}\``, text]));
  });

  it('names every field of the status, and no other', async () => {
    const status = { ...STATUS, standing: { ...withGpus(STATUS.standing), causes: CAUSES, eta: ETA } };
    const shown: unknown = JSON.parse(await renderStructured(withCauseSteps(status, TOLD), 'json'));
    expect(sorted(documented('Status'))).toEqual(sorted(fieldsOf(shown)));
  });

  it('names every field of a history, and no other', async () => {
    const history: unknown = JSON.parse(await renderStructured({ ...HISTORY, journal: [] }, 'json'));
    expect(sorted(documented('History').filter((field) => field !== 'journal[]'))).toEqual(sorted(fieldsOf(history)));
  });

  it('names every field of a report, and no other', async () => {
    const everything = { ...UPGRADE_REPORT, limits: { minReady: 24, maxPods: 40 }, journal: [] };
    const report: unknown = JSON.parse(await renderStructured(everything, 'json'));
    expect(sorted(documented('Report').filter((field) => field !== 'journal[]'))).toEqual(
      sorted(fieldsOf(report).filter((field) => field !== 'journal')),
    );
  });

  it('names every field of a rehearsal, and no other', async () => {
    const { assumptions, shortfalls, limits } = REPORT;
    const [shortfall] = shortfalls;
    if (shortfall === undefined) throw new Error('there is one');
    const everything: RehearsalReport = {
      ...REPORT,
      limits: { ...limits, maxPods: 40 },
      assumptions: [
        ...assumptions,
        { kind: 'grain', everyMs: 5000 },
        { kind: 'room', butForGpus: false, message: 'no' },
      ],
      shortfalls: [shortfall, { ...shortfall, end: { kind: 'never-ends', afterMs: 1 } }],
    };
    const report: unknown = JSON.parse(await renderStructured(everything, 'json'));
    const as = (field: string): string => (field === 'example.end' ? 'example.end.kind' : field);
    const other = new Set(['obstacles[]', 'alternatives[]']);
    expect(
      sorted(
        documented('Rehearsal')
          .filter((field) => !other.has(field))
          .map(as),
      ),
    ).toEqual(sorted(fieldsOf(report)));
  });

  it('names every field of what several upgrades came to, and no other', () => {
    const finished = finishedJson(RESULTS, 5, { program: 'dupgrade', now: START });
    expect(sorted(documented('Several upgrades'))).toEqual(sorted(fieldsOf(finished)));
    const fields = RESULTS.map((result) => fieldsOf(finishedJson([result], 5, { program: 'dupgrade', now: START })));
    const always = fields.reduce((common, these) => common.filter((field) => these.includes(field)));
    expect(sorted(documented('Several upgrades', 'required'))).toEqual(sorted(always));
  });

  it('names every field of an error, and no other', () => {
    const frame = { program: 'dupgrade', upgrade: UPGRADE, exitCode: 7, reason: 'denied', verbosity: 0 } as const;
    const error: unknown = JSON.parse(errorText(new Error('no'), { ...frame, json: true }));
    expect(documented('Errors')).toEqual(fieldsOf(error));
  });
});
