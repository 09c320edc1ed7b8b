import { describe, expect, it } from 'vitest';
import { type RehearsalOptions, rehearse } from '../../src/rehearse/rehearsal.ts';
import { type Performer, rehearseRun } from '../../src/rehearse/rehearse-run.ts';
import { parseMishap } from '../../src/spec/mishap.ts';
import { forecast } from '../../src/upgrade/forecast.ts';
import { beginLeg, MODES } from '../../src/upgrade/leg.ts';
import { envelope } from '../../src/upgrade/route.ts';
import { perSide } from '../../src/upgrade/side.ts';
import { deployment, fixed, GREY, pool, scenario } from '../cluster-virtual/given.ts';
import { MINUTE_MS, SCENARIO, SPEC } from './given.ts';

const rehearsed = (given: Partial<RehearsalOptions> = {}, spec = SPEC, on = SCENARIO) =>
  rehearse(on, spec, { seeds: 10, mishaps: [], performers: [rehearseRun], onRun: () => undefined, ...given });

describe('a rehearsed run', () => {
  it.each(MODES)('takes as long in %s as the forecast says, where every pod takes the same time', async (mode) => {
    const times = { ready: 60_000, gone: 10_000 };
    const on = scenario({
      nodes: [pool({ count: 4 })],
      deployments: [
        deployment({ replicas: 12, termination: fixed(times.gone) }),
        deployment({ ...GREY, replicas: 0, readyAfter: fixed(times.ready) }),
      ],
    });
    const spec = { ...SPEC, way: { ...SPEC.way, mode } };
    const leg = beginLeg({ main: 12, grey: 0 }, spec.targets, spec.way);
    const expected = forecast(leg, { readyMs: perSide(() => times.ready), goneMs: perSide(() => times.gone) });
    const { end, durationMs, lowestReady, highestPods, counts } = await rehearseRun(on, spec);
    expect(end).toEqual({ kind: 'reached' });
    expect(counts).toEqual(spec.targets);
    // What requests, watches and controllers take comes on top: little of each step.
    expect(durationMs).toBeGreaterThanOrEqual(expected.durationMs);
    expect(durationMs).toBeLessThan(expected.durationMs * 1.05);
    expect(lowestReady).toBeGreaterThanOrEqual(envelope(leg).minReady);
    expect(highestPods).toBe(expected.highestExisting);
  });

  it('is the same for the same seed, and another for another', async () => {
    const run = (seed: number) => rehearseRun({ ...SCENARIO, seed }, SPEC, { withCurve: true });
    expect(await run(3)).toEqual(await run(3));
    expect((await run(4)).durationMs).not.toBe((await run(3)).durationMs);
  });

  it('has a curve with its lowest and highest, from the counts before to those at the end', async () => {
    const {
      curve = [],
      lowestReady,
      highestPods,
      peakGpus,
      durationMs,
    } = await rehearseRun(SCENARIO, SPEC, {
      withCurve: true,
    });
    expect(curve[0]).toEqual({ atMs: 0, main: 12, grey: 0, ready: 12, pods: 12, gpus: 12 });
    expect(curve.at(-1)).toEqual({ atMs: durationMs, main: 0, grey: 12, ready: 12, pods: 12, gpus: 12 });
    expect(Math.min(...curve.map(({ ready }) => ready))).toBe(lowestReady);
    expect(Math.max(...curve.map(({ pods }) => pods))).toBe(highestPods);
    expect(Math.max(...curve.map(({ gpus }) => gpus))).toBe(peakGpus);
  });
});

describe('a rehearsal', { timeout: 60_000 }, () => {
  it('runs the seeds from the first on, and tells how far it is', async () => {
    const told: string[] = [];
    const { seeds, runs, reached, durationsMs, example, durations } = await rehearsed(
      { onRun: (done, all) => told.push(`${done} of ${all}`) },
      SPEC,
      { ...SCENARIO, seed: 5 },
    );
    expect(seeds).toEqual({ first: 5, count: 10 });
    expect({ runs, reached, durations: durationsMs.length }).toEqual({ runs: 10, reached: 10, durations: 10 });
    expect(told).toEqual(Array.from({ length: 10 }, (_, i) => `${i} of 10`));
    expect(example.durationMs).toBe(durations?.p50Ms);
  });

  it.each([
    ['early', 50, 150],
    ['late, when curves are kept no more', 120, 151],
  ])('shows the curve of the run in the middle, also where that comes %s', async (_, middle, performances) => {
    // It stands for rehearseRun, which the tests above run, and says of a run only how long it took.
    const asked: number[] = [];
    const perform: Performer = async ({ seed }, spec, { withCurve = false } = {}) => {
      asked.push(seed);
      const durationMs = seed === middle ? 500 : seed % 2 === 0 ? 0 : 1000;
      const counts = { lowestReady: 0, highestPods: 0, peakGpus: 0, writes: 0, counts: spec.targets };
      const at = { atMs: seed, main: 0, grey: 0, ready: 0, pods: 0, gpus: 0 };
      return { seed, end: { kind: 'reached' }, durationMs, ...counts, ...(withCurve && { curve: [at] }) };
    };
    const on = { ...SCENARIO, seed: 0 };
    const { example } = await rehearsed({ seeds: 150, performers: [perform] }, SPEC, on);
    expect(example).toMatchObject({ seed: middle, curve: [{ atMs: middle }] });
    expect(asked).toHaveLength(performances);
  });

  it('gives the pods of a seed the same times in every mode', async () => {
    const alone = await rehearsed({}, { ...SPEC, way: { ...SPEC.way, mode: 'scaleInPriority' } });
    const { alternatives } = await rehearsed({ allModes: { steps: [3] } });
    const same = alternatives?.find(({ mode, pacing }) => mode === 'scaleInPriority' && pacing === 'window');
    expect(same).toMatchObject({ durations: alone.durations, lowestReady: alone.lowestReady });
  });

  it('compares every mode and pacing with half the step, with it and with twice, but for ways that a limit ends', async () => {
    const spec = { ...SPEC, limits: { maxPods: 15 } };
    const { alternatives = [] } = await rehearsed({ seeds: 1, allModes: { steps: [] } }, spec);
    expect(alternatives).toHaveLength(18);
    expect(alternatives.slice(0, 6).map(({ pacing, step, blockedBy }) => [pacing, step.grey, blockedBy])).toEqual([
      ['window', 2, undefined],
      ['window', 3, undefined],
      ['window', 6, undefined],
      ['batch', 2, undefined],
      ['batch', 3, undefined],
      ['batch', 6, 'maxPods'],
    ]);
    for (const way of alternatives) {
      if (way.blockedBy !== undefined) continue;
      expect(way.highestPods).toBeLessThanOrEqual(15);
      const least = way.mode === 'scaleOutPriority' ? 12 : 12 - way.step.main;
      expect(way.lowestReady).toBeGreaterThanOrEqual(least);
    }
  });

  it('tells how often it got stuck, on what, and where', async () => {
    const { reached, shortfalls } = await rehearsed({ mishaps: [parseMishap('crash:20%')] });
    const [first] = shortfalls;
    expect(reached + shortfalls.reduce((sum, { runs }) => sum + runs, 0)).toBe(10);
    expect(first?.end).toMatchObject({ kind: 'ended', outcome: 'stuck', reason: 'crash', side: 'grey' });
    expect(first?.atMs).toBeGreaterThan(SPEC.progressDeadlineMs);
  });

  it('says of a run that can never end that it cannot, and does not run the others', async () => {
    const patient = { ...SPEC, progressDeadlineMs: 30 * 24 * 60 * MINUTE_MS };
    const { runs, reached, shortfalls } = await rehearsed({ mishaps: [parseMishap('never-ready:3')] }, patient);
    expect({ runs, reached }).toEqual({ runs: 1, reached: 0 });
    expect(shortfalls).toMatchObject([{ end: { kind: 'never-ends' }, runs: 1 }]);
  });

  it('goes on after a node has been mended', async () => {
    const broken = await rehearsed({ mishaps: [parseMishap('node:node-0@2m')] });
    const mended = await rehearsed({ mishaps: [parseMishap('node:node-0@2m+4m')] });
    expect([broken.reached, mended.reached]).toEqual([0, 10]);
    expect(mended.lowestReady).toBeLessThan(12);
  });

  it('refuses what start would refuse', async () => {
    await expect(rehearsed({}, { ...SPEC, limits: { maxPods: 12 } })).rejects.toMatchObject({
      findings: [{ name: 'limits', fact: { check: 'limits', limit: 'maxPods' } }],
    });
    const elsewhere = { ...SPEC, deployments: { ...SPEC.deployments, grey: { ...GREY, name: 'server-v3' } } };
    await expect(rehearsed({}, elsewhere)).rejects.toMatchObject({
      findings: [{ name: 'deployments', fact: { check: 'deployment-missing', side: 'grey' } }],
    });
  });
});
