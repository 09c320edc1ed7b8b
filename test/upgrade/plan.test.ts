import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { advise } from '../../src/upgrade/advice.ts';
import { beginLeg, type Leg, type Mode } from '../../src/upgrade/leg.ts';
import { type PlanFacts, plan, planAll } from '../../src/upgrade/plan.ts';
import { perSide } from '../../src/upgrade/side.ts';

type Trace = {
  mode: Mode;
  step: number;
  main: { from: number; to: number };
  grey: { from: number; to: number };
  trace: [number, number][];
};

const traces = JSON.parse(
  readFileSync(new URL('../data/original-operator-traces.json', import.meta.url), 'utf8'),
) as Trace[];

const NOTHING: PlanFacts = {
  requests: { main: {}, grey: {} },
  free: { main: {}, grey: {} },
  limits: {},
  policy: 'TerminationComplete',
};

/** Pods of 8 GPUs, and so many GPUs free. */
const gpus = (free: number): PlanFacts => ({
  ...NOTHING,
  requests: perSide(() => ({ gpus: 8 })),
  free: perSide(() => ({ gpus: free })),
});

const span = (typicalMs: number, slowestMs = typicalMs) => perSide(() => ({ typicalMs, slowestMs }));

const legOf = (mode: Mode, step = 3): Leg =>
  beginLeg({ main: 30, grey: 0 }, { main: 0, grey: 30 }, { mode, pacing: 'window', step: perSide(() => step) });

describe('a plan', () => {
  it('has the waypoints of the original operator, in all 324 of its traces, and its envelope', () => {
    expect(traces).toHaveLength(324);
    for (const { mode, step, main, grey, trace } of traces) {
      const way = { mode, pacing: 'batch', step: perSide(() => step) } as const;
      const leg = beginLeg({ main: main.from, grey: grey.from }, { main: main.to, grey: grey.to }, way);
      const { waypoints, stages, lowestReady, peak, envelope } = plan(leg, NOTHING);
      expect(waypoints.map((at) => [at.main, at.grey])).toEqual(trace);
      expect(stages.map((at) => [at.main, at.grey])).toEqual(trace);
      expect({ minReady: lowestReady, maxExisting: peak.pods }).toEqual(envelope);
    }
  });

  it('says of each waypoint what may be met on the way to it', () => {
    const times = { ready: span(60_000), gone: span(10_000) };
    const { stages } = plan(legOf('scaleOutPriority'), { ...gpus(40), times });
    expect(stages.slice(0, 4)).toEqual([
      { main: 30, grey: 0, ready: 30, pods: 30, gpus: 240, atMs: 0 },
      { main: 30, grey: 3, ready: 30, pods: 33, gpus: 264, atMs: 0 },
      { main: 27, grey: 3, ready: 30, pods: 33, gpus: 264, atMs: 60_000 },
      { main: 27, grey: 6, ready: 30, pods: 33, gpus: 264, atMs: 70_000 },
    ]);
    expect(plan(legOf('scaleSimultaneously'), NOTHING).stages[1]).toEqual({ main: 27, grey: 3, ready: 27, pods: 33 });
  });

  it.each([
    ['scaleOutPriority', { pods: 33, gpus: 264 }, { pods: 3, gpus: 24 }, 30],
    ['scaleInPriority', { pods: 30, gpus: 240 }, { pods: 0, gpus: 0 }, 27],
    ['scaleSimultaneously', { pods: 33, gpus: 264 }, { pods: 3, gpus: 24 }, 27],
  ] as const)('in %s has its peaks, over what is in use now', (mode, peak, extra, lowestReady) => {
    expect(plan(legOf(mode), gpus(40))).toMatchObject({ peak, extra, lowestReady });
  });

  it.each([
    [gpus(24), 'enough', []],
    [gpus(23), 'short', [{ resource: 'gpus', needed: 24, free: 23 }]],
    [NOTHING, 'unknown', []],
    // 24 GPUs are free, but on nodes with fewer than 8 each.
    [
      { ...gpus(24), free: perSide(() => ({ gpus: 24, pods: 2 })) },
      'short',
      [{ resource: 'pods', needed: 3, free: 2 }],
    ],
  ])('has room for what it needs more, or not (%#)', (facts, room, shortages) => {
    expect(plan(legOf('scaleOutPriority'), facts)).toMatchObject({ room, shortages });
    expect(plan(legOf('scaleInPriority'), facts)).toMatchObject({ room: 'not-needed', shortages: [] });
  });

  it('counts the larger pods of one side', () => {
    const facts = { ...gpus(4), requests: { main: { gpus: 4 }, grey: { gpus: 8 } } };
    const { peak, extra, room } = plan(legOf('scaleInPriority'), facts);
    // 0 and 30 at the end: twice the GPUs of the beginning.
    expect({ peak, extra, room }).toEqual({
      peak: { pods: 30, gpus: 240 },
      extra: { pods: 0, gpus: 120 },
      room: 'short',
    });
  });

  it('takes the typical time, and that of the slowest pods', () => {
    const times = { ready: span(60_000, 120_000), gone: span(10_000) };
    const { duration } = plan(legOf('scaleOutPriority'), { ...NOTHING, times });
    expect(duration).toEqual({ typicalMs: 700_000, slowestMs: 1_300_000 });
  });

  it('ends where a limit ends it, without a duration', () => {
    const times = { ready: span(60_000), gone: span(10_000) };
    const blocked = plan(legOf('scaleOutPriority'), { ...NOTHING, times, limits: { maxPods: 30 } });
    expect(blocked).toMatchObject({ arrives: false, blockedBy: 'maxPods', waypoints: [{ main: 30, grey: 0 }] });
    expect(blocked).not.toHaveProperty('duration');
  });
});

const adviceOn = (facts: PlanFacts, leg = legOf('scaleSimultaneously')) => advise(leg, facts, planAll(leg, facts));

describe('the advice', () => {
  it('compares every mode in both pacings', () => {
    expect(planAll(legOf('scaleOutPriority'), NOTHING).map(({ mode, pacing }) => `${mode} ${pacing}`)).toEqual([
      'scaleOutPriority window',
      'scaleOutPriority batch',
      'scaleInPriority window',
      'scaleInPriority batch',
      'scaleSimultaneously window',
      'scaleSimultaneously batch',
    ]);
  });

  it('is scaleOutPriority where there is room, since it loses no capacity', () => {
    expect(adviceOn(gpus(24))).toEqual({
      take: { mode: 'scaleOutPriority', pacing: 'window' },
      reasons: [{ kind: 'keeps-capacity', mode: 'scaleOutPriority', ready: 30 }, { kind: 'window' }],
    });
  });

  it('is scaleInPriority where GPUs are short, and names the step with which they are not', () => {
    const shortage = { resource: 'gpus', needed: 24, free: 16 };
    expect(adviceOn(gpus(16))).toEqual({
      take: { mode: 'scaleInPriority', pacing: 'window' },
      reasons: [
        { kind: 'short', mode: 'scaleOutPriority', shortage },
        { kind: 'needs-no-room', mode: 'scaleInPriority', ready: 27 },
        { kind: 'window' },
        { kind: 'smaller-step', mode: 'scaleOutPriority', step: 2 },
      ],
    });
    expect(adviceOn(gpus(7)).reasons.map(({ kind }) => kind)).toEqual(['short', 'needs-no-room', 'window']);
  });

  it('is scaleInPriority where a limit leaves no room', () => {
    expect(adviceOn({ ...gpus(80), limits: { maxPods: 30 } })).toMatchObject({
      take: { mode: 'scaleInPriority' },
      reasons: [{ kind: 'blocked', mode: 'scaleOutPriority', limit: 'maxPods' }, {}, {}],
    });
  });

  it('is none where neither goes', () => {
    const { take, reasons } = adviceOn({ ...gpus(0), limits: { minReady: 30 } });
    expect(take).toBeUndefined();
    expect(reasons.map(({ kind }) => kind)).toEqual(['short', 'blocked']);
  });

  it('says what it takes where it is not known what is free', () => {
    expect(adviceOn({ ...gpus(0), free: { main: {}, grey: {} } })).toMatchObject({
      take: { mode: 'scaleOutPriority' },
      reasons: [{ kind: 'room-unknown', extra: { pods: 3, gpus: 24 } }, {}],
    });
  });
});
