/** What others put into names and messages, in everything that is written at one go: tables, reports, pages. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { glyphsOf } from '../../src/output/glyphs.ts';
import { renderCheck } from '../../src/output/check-text.ts';
import { renderHistories, renderHistory } from '../../src/output/history-text.ts';
import { renderManifests } from '../../src/output/manifests-text.ts';
import { renderRehearsalPage } from '../../src/output/page/rehearsal-page.ts';
import { renderReportPage } from '../../src/output/page/report-page.ts';
import { renderPlan } from '../../src/output/plan-text.ts';
import { renderRehearsal } from '../../src/output/rehearsal-text.ts';
import { renderReport } from '../../src/output/report-text.ts';
import { renderSpec } from '../../src/output/spec-text.ts';
import { steeringText } from '../../src/output/steered-text.ts';
import { renderStructured } from '../../src/output/structured.ts';
import { obey } from '../../src/upgrade/command.ts';
import { draftOf } from '../../src/upgrade/draft.ts';
import type { CheckReport } from '../../src/upgrade/finding.ts';
import { plan } from '../../src/upgrade/plan.ts';
import type { PlanReport } from '../../src/upgrade/plan-report.ts';
import { perSide } from '../../src/upgrade/side.ts';
import { recordOf } from '../support/record.ts';
import { FACTS } from './fact-samples.ts';
import { HISTORY } from './history-sample.ts';
import { hostile, poisoned, UNPRINTABLE } from './poison.ts';
import { COMPARED, REPORT } from './rehearsal-samples.ts';
import { UPGRADE_REPORT } from './report-sample.ts';
import { EVENTS, LEG, UPGRADE } from './samples.ts';

const FRAME = { program: 'dupgrade', color: false, unicode: true, columns: 80 } as const;
const { deployments } = EVENTS.started;
const NOTHING_KNOWN = { requests: { main: {}, grey: {} }, free: { main: {}, grey: {} } };
const GONE = perSide(() => ({ typicalMs: 30_000, slowestMs: 30_000, source: 'default-grace-period' as const }));

const PLAN: PlanReport = {
  ...UPGRADE,
  deployments,
  source: 'given',
  limits: {},
  podReplacementPolicy: 'TerminationComplete',
  known: { ...NOTHING_KNOWN, gone: GONE },
  unknown: [],
  obstacles: [],
  ...plan(LEG, { ...NOTHING_KNOWN, limits: {}, policy: 'TerminationComplete' }),
};

const DRAFT = draftOf({
  ...UPGRADE,
  deployments,
  counts: { main: 30, grey: 0 },
  requests: perSide(() => ({ gpus: 8 })),
  free: { main: {}, grey: {} },
  graceMs: 30_000,
});

const checkOf = (text: string): CheckReport => ({
  ...poisoned(UPGRADE, text),
  deployments: poisoned(deployments, text),
  verdict: 'refused',
  strict: false,
  skipped: [],
  findings: FACTS.map(([name, fact]) => ({ name, level: 'warning', fact: poisoned(fact, text) })),
});

type Document = (text: string) => string | Promise<string>;

const TEXTS: readonly (readonly [string, Document])[] = [
  ['plan', (text) => renderPlan(poisoned(PLAN, text), { ...FRAME, full: true })],
  ['history', (text) => renderHistory(poisoned(HISTORY, text), { unicode: true, allNamespaces: true })],
  ['history -A', (text) => renderHistories([poisoned(HISTORY, text)], { unicode: true, allNamespaces: true })],
  ['report', (text) => renderReport(poisoned(UPGRADE_REPORT, text), FRAME)],
  ['rehearse', (text) => renderRehearsal(poisoned(COMPARED, text), FRAME)],
  ['check', (text) => renderCheck(checkOf(text), FRAME)],
  ['init', (text) => renderSpec(poisoned(DRAFT, text), 'text', 'dupgrade')],
  ['report -o json', (text) => renderStructured(poisoned(UPGRADE_REPORT, text), 'json')],
  ['report -o yaml', (text) => renderStructured(poisoned(UPGRADE_REPORT, text), 'yaml')],
  ['init --clone', (text) => renderManifests([poisoned({ kind: 'Deployment', metadata: UPGRADE }, text)], 'yaml')],
];

const answerOf = (text: string): string => {
  const before = recordOf();
  const verdict = obey(before, { verb: 'pause' }, { by: 'alice@laptop', at: before.startedAt });
  const after = verdict.kind === 'changed' ? verdict.record : before;
  const steering = { verb: 'pause', before, after, verdict, dryRun: false, driver: `bob@desk${text}` } as const;
  return steeringText(steering, { program: 'dupgrade', upgrade: UPGRADE }, glyphsOf(true));
};

const PAGES: readonly (readonly [string, (text: string) => string])[] = [
  ['report --html', (text) => renderReportPage(poisoned(UPGRADE_REPORT, text), poisoned(REPORT, text))],
  ['rehearse --html', (text) => renderRehearsalPage(poisoned(COMPARED, text), 'dupgrade')],
];

/** The tags of a page, with what is drawn in them left out. */
const tagsOf = (page: string): readonly string[] => page.match(/<[a-z!/][^\s>]*/gi) ?? [];

const settings = { seed: 7, numRuns: 60 };

describe('whatever others put into names and messages', () => {
  it.each(TEXTS)('%s holds no control character', async (_, write) => {
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        expect((await write(text)).replaceAll('\n', '')).not.toMatch(UNPRINTABLE);
      }),
      settings,
    );
  });

  it('the answer of a command holds no control character, and has the lines of its own alone', () => {
    const lines = answerOf('').split('\n').length;
    fc.assert(
      fc.property(hostile, (text) => {
        const answer = answerOf(text);
        expect(answer.replaceAll('\n', '')).not.toMatch(UNPRINTABLE);
        expect(answer.split('\n')).toHaveLength(lines);
      }),
      settings,
    );
  });

  it.each(PAGES)('%s has the tags of its own alone', (_, write) => {
    const own = tagsOf(write(''));
    fc.assert(
      fc.property(hostile, (text) => {
        const page = write(text);
        expect(tagsOf(page)).toEqual(own);
        expect(page.replaceAll('\n', '')).not.toMatch(UNPRINTABLE);
      }),
      settings,
    );
  });
});
