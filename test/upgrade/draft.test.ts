import { describe, expect, it } from 'vitest';
import { renderSpec } from '../../src/output/spec-text.ts';
import { parseSpec } from '../../src/spec/parse.ts';
import { type Draft, type DraftFacts, draftOf } from '../../src/upgrade/draft.ts';
import { beginLeg } from '../../src/upgrade/leg.ts';
import { plan } from '../../src/upgrade/plan.ts';
import { perSide } from '../../src/upgrade/side.ts';

const MINUTE_MS = 60_000;

const NOTHING: DraftFacts = {
  name: 'llama-v2',
  deployments: { main: { namespace: 'serving', name: 'llama-v1' }, grey: { namespace: 'serving', name: 'llama-v2' } },
  counts: { main: 30, grey: 0 },
  requests: perSide(() => ({ gpus: 8 })),
  free: { main: {}, grey: {} },
  graceMs: 30_000,
};

const drafted = (facts: Partial<DraftFacts>): Draft => draftOf({ ...NOTHING, ...facts });

describe('a draft', () => {
  it.each([
    [30, 0, 30, 3],
    [27, 3, 30, 3],
    [12, 0, 12, 2],
    [1, 0, 1, 1],
    [0, 30, 30, 3],
    [0, 0, 0, 1],
  ])('of %i and %i replicas has the target %i and the step %i', (main, grey, target, step) => {
    expect(drafted({ counts: { main, grey } })).toMatchObject({ targets: { main: 0, grey: target }, step });
  });

  it.each([
    [8 * MINUTE_MS, 17],
    [20_000, 10],
    [24 * 60 * MINUTE_MS * 20, 43_200],
  ])('waits twice the slowest start of %i ms and the grace period, at least ten minutes: %i', (slowestMs, minutes) => {
    const { progressDeadlineMs } = drafted({ startTimes: { slowestMs, pods: 30 } });
    expect(progressDeadlineMs).toBe(minutes * MINUTE_MS);
  });

  it('waits ten minutes, or a long grace period, where no start was seen', () => {
    expect(drafted({}).progressDeadlineMs).toBe(10 * MINUTE_MS);
    expect(drafted({ graceMs: 60 * MINUTE_MS }).progressDeadlineMs).toBe(60 * MINUTE_MS);
  });

  it('takes the mode that there is room for', () => {
    const free = (gpus: number) => ({ free: perSide(() => ({ gpus })) });
    expect(drafted(free(24)).mode).toBe('scaleOutPriority');
    expect(drafted(free(16)).mode).toBe('scaleInPriority');
    expect(drafted({}).mode).toBe('scaleOutPriority');
  });
});

describe('a draft as a file', () => {
  const facts: readonly Partial<DraftFacts>[] = [
    {},
    { startTimes: { slowestMs: 8 * MINUTE_MS, pods: 30 } },
    { free: perSide(() => ({ gpus: 16 })) },
    { counts: { main: 0, grey: 0 } },
    // Names that YAML would take for something else.
    {
      name: '1e3',
      deployments: { main: { namespace: '123', name: 'null' }, grey: { namespace: '123', name: '0x1f' } },
    },
  ];

  it.each(facts)('is read as what it was made of: %j', async (given) => {
    const draft = drafted(given);
    const spec = {
      name: draft.name,
      deployments: draft.deployments,
      targets: draft.targets,
      way: { mode: draft.mode, step: perSide(() => draft.step), pacing: 'window' },
      limits: {},
      progressDeadlineMs: draft.progressDeadlineMs,
      podReplacementPolicy: 'TerminationComplete',
    };
    for (const format of ['text', 'yaml', 'json'] as const) {
      const text = await renderSpec(draft, format, 'dupgrade');
      expect(parseSpec({ file: format, text }, { namespace: 'default' }), text).toEqual(spec);
    }
  });

  it('has limits to be set, with which the way arrives', async () => {
    for (const given of facts.filter(({ counts }) => counts === undefined)) {
      const text = await renderSpec(drafted(given), 'text', 'dupgrade');
      const set = text.replace(/^( *)# (limits:|  minReady:|  maxPods:)/gm, '$1$2');
      const { limits, targets, way } = parseSpec({ file: 'spec', text: set }, { namespace: 'default' });
      expect(limits).toEqual(drafted(given).bounds);
      const { requests, free, counts } = { ...NOTHING, ...given };
      const leg = beginLeg(counts, targets, way);
      expect(plan(leg, { requests, free, limits, policy: 'TerminationComplete' }).arrives).toBe(true);
    }
  });

  it('begins with the line by which an editor finds the schema', async () => {
    const text = await renderSpec(drafted({}), 'text', 'kubectl dupgrade');
    expect(text).toMatch(/^# yaml-language-server: \$schema=dupgrade\.schema\.json\n/);
    expect(text).toContain('kubectl dupgrade schema > dupgrade.schema.json');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110);
  });
});
