import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type PlanFrame, renderPlan } from '../../src/output/plan-text.ts';
import { renderStructured } from '../../src/output/structured.ts';
import { advise } from '../../src/upgrade/advice.ts';
import { beginLeg, type Leg, type Mode } from '../../src/upgrade/leg.ts';
import { type PlanFacts, plan, planAll, withoutStages } from '../../src/upgrade/plan.ts';
import type { KnownSpan, PlanReport } from '../../src/upgrade/plan-report.ts';
import { perSide } from '../../src/upgrade/side.ts';
import { EVENTS, UPGRADE } from './samples.ts';

const FRAME: PlanFrame = {
  program: 'dupgrade',
  color: false,
  unicode: true,
  columns: Number.POSITIVE_INFINITY,
  full: false,
};

const legOf = (mode: Mode, step: number): Leg =>
  beginLeg({ main: 12, grey: 0 }, { main: 0, grey: 12 }, { mode, pacing: 'window', step: perSide(() => step) });

const reportOf = (leg: Leg, known: PlanReport['known'], change: Partial<PlanReport> = {}): PlanReport => {
  const facts = factsOf(known, change);
  return {
    ...UPGRADE,
    deployments: EVENTS.started.deployments,
    source: 'given',
    limits: {},
    podReplacementPolicy: 'TerminationComplete',
    known,
    unknown: [],
    obstacles: [],
    ...plan(leg, facts),
    ...change,
  };
};

const factsOf = ({ requests, free, ready, gone }: PlanReport['known'], { limits = {} }: Partial<PlanReport>) => {
  const facts: PlanFacts = { requests, free, limits, policy: 'TerminationComplete' };
  return ready === undefined ? facts : { ...facts, times: { ready, gone } };
};

const compared = (leg: Leg, known: PlanReport['known'], change: Partial<PlanReport> = {}): PlanReport => {
  const plans = planAll(leg, factsOf(known, change));
  const alternatives = plans.map(withoutStages);
  return reportOf(leg, known, { alternatives, advice: advise(leg, factsOf(known, change), plans), ...change });
};

const spans = (typicalMs: number, slowestMs: number, rest: Omit<KnownSpan, 'typicalMs' | 'slowestMs'>) =>
  perSide((): KnownSpan => ({ typicalMs, slowestMs, ...rest }));

const BARE: PlanReport['known'] = {
  requests: { main: {}, grey: {} },
  free: { main: {}, grey: {} },
  gone: spans(30_000, 30_000, { source: 'default-grace-period' }),
};

/** As of a cluster in which 12 pods of main run. */
const KNOWN: PlanReport['known'] = {
  requests: perSide(() => ({ gpus: 8, cpuMilli: 1500, memoryBytes: 64 * 2 ** 30 })),
  free: perSide(() => ({ gpus: 40, cpuMilli: 400_000, memoryBytes: 2 ** 40, pods: 5 })),
  ready: {
    main: { typicalMs: 480_000, slowestMs: 600_000, source: 'pods', pods: 12 },
    grey: { typicalMs: 480_000, slowestMs: 600_000, source: 'other-side', pods: 12 },
  },
  gone: spans(30_000, 30_000, { source: 'grace-period' }),
};

const linesOf = (report: PlanReport, wishes: Partial<PlanFrame> = {}): readonly string[] =>
  renderPlan(report, { ...FRAME, ...wishes }).split('\n');

describe('a plan', () => {
  it('is a table of its waypoints, with peaks, room and time', () => {
    expect(linesOf(reportOf(legOf('scaleOutPriority', 4), KNOWN, { limits: { minReady: 12 } }))).toEqual([
      'Upgrade:   llama-v2 in serving: main (llama-v1) 12 → 0, grey (llama-v2) 0 → 12',
      'Way:       scaleOutPriority, step 4, window',
      'Limits:    minReady 12',
      '',
      'AT       MAIN   GREY   MINREADY   MAXPODS   MAXGPUS',
      '0s       12     0      12         12        96',
      '0s       12     4      12         16        128',
      '8m00s    8      4      12         16        128',
      '8m30s    8      8      12         16        128',
      '16m30s   4      8      12         16        128',
      '17m00s   4      12     12         16        128',
      '25m00s   0      12     12         16        128',
      '',
      'Ready:     at least 12 pods on the whole way',
      'Peak:      16 pods, 128 GPUs, 24 CPUs and 1024Gi of memory: 4 more pods, 32 more GPUs, 6 more CPUs and 256Gi of more memory than now',
      'Room:      enough: 40 GPUs are free and there is room for 5 more grey pods',
      'Duration:  25m30s, or up to 31m30s if every pod is as slow as the slowest',
      'Pods:      ready after 8m00s (the slowest 10m00s), by 12 main pods; gone after 30s at most, their grace period',
      '',
    ]);
  });

  it('leaves out what is not known, and says how to tell it', () => {
    const unknown = [
      { what: 'ready-time', why: 'no-cluster' },
      { what: 'gpus', why: 'no-cluster' },
      { what: 'room', why: 'no-cluster' },
    ] as const;
    expect(linesOf(reportOf(legOf('scaleOutPriority', 12), BARE, { unknown }), { unicode: false })).toEqual([
      'Upgrade:   llama-v2 in serving: main (llama-v1) 12 -> 0, grey (llama-v2) 0 -> 12',
      'Way:       scaleOutPriority, step 12, window',
      '',
      'MAIN   GREY   MINREADY   MAXPODS',
      '12     0      12         12',
      '12     12     12         24',
      '0      12     12         24',
      '',
      'Ready:     at least 12 pods on the whole way',
      'Peak:      24 pods: 12 more pods than now',
      'Not known: how long it takes: give --ready-after 8m, and --gone-after 30s',
      '           how many GPUs it takes: give --gpus N, those of one pod',
      '           what is free: give --free-gpus N',
      '',
    ]);
  });

  it('says what is denied, what start would refuse, and what is not counted', () => {
    const report = reportOf(legOf('scaleInPriority', 12), BARE, {
      podReplacementPolicy: 'TerminationStarted',
      unknown: [
        { what: 'ready-time', why: 'no-ready-pods' },
        { what: 'room', why: 'denied', message: 'anna may not list nodes' },
      ],
      obstacles: [{ check: 'selectors-overlap' }],
    });
    expect(linesOf(report).slice(9)).toEqual([
      'Peak:      12 pods, no more than now',
      'Room:      no more than what is in use now',
      'Note:      pods that are being removed are not counted (podReplacementPolicy), though they may still hold their GPUs',
      'Not known: how long it takes, as no pod is ready whose start could be looked at: give --ready-after 8m',
      '           what is free, as anna may not list nodes: give --free-gpus N',
      'Refused:   the selector of one Deployment takes in the pods of the other, so they would fight over them; give each a label of its own, such as its version',
      '',
    ]);
  });

  it('names what is short, and where a limit ends it', () => {
    const free = perSide(() => ({ gpus: 16 }));
    const short = linesOf(reportOf(legOf('scaleOutPriority', 3), { ...KNOWN, free }), { color: true });
    expect(short).toContain(
      'Room:      \u001B[31mnot enough: it needs 24 more GPUs, 16 are free. The other ways: dupgrade plan SPEC --all-modes\u001B[39m',
    );
    const blocked = linesOf(reportOf(legOf('scaleOutPriority', 3), BARE, { limits: { maxPods: 12 } }));
    expect(blocked).toContain(
      'Ends:      at main 12, grey 0, short of the targets: limits.maxPods lets it go no further',
    );
  });

  it('shows the beginning and the end of a long way, unless all of it is wanted', () => {
    const way = { mode: 'scaleOutPriority', pacing: 'batch', step: perSide(() => 1) } as const;
    const long = reportOf(beginLeg({ main: 100, grey: 0 }, { main: 0, grey: 100 }, way), BARE);
    const lines = linesOf(long);
    expect(lines[19]).toBe('93     8      100        101');
    expect(lines[20]).toBe('… 177 more (--full shows them)');
    expect(lines[21]).toBe('4      97     100        101');
    expect(lines).toHaveLength(33);
    expect(linesOf(long, { full: true })).toHaveLength(209);
    expect(linesOf(long, { unicode: false })[20]).toBe('... 177 more (--full shows them)');
  });

  it('breaks its texts in a narrow terminal, and no table', () => {
    const lines = linesOf(reportOf(legOf('scaleOutPriority', 4), KNOWN), { columns: 50 });
    expect(lines[0]).toBe('Upgrade:   llama-v2 in serving: main (llama-v1) 12');
    expect(lines[4]).toBe('AT       MAIN   GREY   MINREADY   MAXPODS   MAXGPUS');
  });
});

describe('how long pods take', () => {
  it('is told of each side where the sides differ', () => {
    const ready = {
      main: { typicalMs: 60_000, slowestMs: 60_000, source: 'pods', pods: 1 },
      grey: { typicalMs: 480_000, slowestMs: 600_000, source: 'pods', pods: 3 },
    } as const;
    const gone = {
      main: { typicalMs: 30_000, slowestMs: 30_000, source: 'given' },
      grey: { typicalMs: 90_000, slowestMs: 90_000, source: 'grace-period' },
    } as const;
    expect(linesOf(reportOf(legOf('scaleOutPriority', 4), { ...KNOWN, ready, gone }))).toContain(
      'Pods:      ready after 1m00s, by 1 main pod (main) and 8m00s (the slowest 10m00s), by 3 grey pods (grey); gone after 30s (main) and 1m30s at most, their grace period (grey)',
    );
  });
});

describe('all modes', () => {
  it('stand side by side, with the advice', () => {
    const free = perSide(() => ({ gpus: 16 }));
    expect(linesOf(compared(legOf('scaleOutPriority', 3), { ...KNOWN, free }))).toEqual([
      'Upgrade:   llama-v2 in serving: main (llama-v1) 12 → 0, grey (llama-v2) 0 → 12',
      'Way:       scaleOutPriority, step 3, window',
      '',
      'SPEC   MODE                  PACING   MINREADY   MAXPODS   MAXGPUS     TIME               FITS',
      '*      scaleOutPriority      window   12         15 (+3)   120 (+24)   34m00s to 42m00s   no: 24 more GPUs, 16 are free',
      '       scaleOutPriority      batch    12         15 (+3)   120 (+24)   34m00s to 42m00s   no: 24 more GPUs, 16 are free',
      '       scaleInPriority       window   9          12        96          34m00s to 42m00s   yes',
      '       scaleInPriority       batch    9          12        96          34m00s to 42m00s   yes',
      '       scaleSimultaneously   window   9          15 (+3)   120 (+24)   32m00s to 40m00s   no: 24 more GPUs, 16 are free',
      '       scaleSimultaneously   batch    9          15 (+3)   120 (+24)   32m00s to 40m00s   no: 24 more GPUs, 16 are free',
      '',
      'Advice:    scaleOutPriority needs 24 more GPUs, 16 are free: take scaleInPriority with window. It needs no more room than now; at least 9 pods stay ready. window refills a slot as soon as it is free, batch waits for the slowest pod of each step: 34m00s, or up to 42m00s. There is room for scaleOutPriority with step 2',
      'Pods:      ready after 8m00s (the slowest 10m00s), by 12 main pods; gone after 30s at most, their grace period',
      '',
    ]);
  });

  it.each([
    [
      KNOWN,
      {},
      'take scaleOutPriority with window. At least 12 pods stay ready. window refills a slot as soon as it is free, batch waits for the slowest pod of each step: 34m00s, or up to 42m00s',
    ],
    [
      { ...BARE, requests: perSide(() => ({ gpus: 1 })) },
      {},
      'take scaleOutPriority with window. It needs 3 more pods and 3 more GPUs, and it is not known whether these are free; where they are not, take scaleInPriority. window refills a slot as soon as it is free, batch waits for the slowest pod of each step',
    ],
    [
      { ...KNOWN, free: perSide(() => ({ memoryBytes: 0, pods: 0 })) },
      { limits: { minReady: 12 } },
      'scaleOutPriority needs 192Gi of more memory, 0Gi of memory is free; limits.minReady ends scaleInPriority short of the targets: no mode gets there as things stand',
    ],
    [
      { ...BARE, free: perSide(() => ({ pods: 1 })) },
      { limits: { minReady: 12 } },
      'scaleOutPriority needs room for 3 more pods, there is room for 1; limits.minReady ends scaleInPriority short of the targets: no mode gets there as things stand. There is room for scaleOutPriority with step 1',
    ],
  ] as const)('advise what fits (%#)', (known, change, text) => {
    expect(linesOf(compared(legOf('scaleOutPriority', 3), known, change))).toContain(`Advice:    ${text}`);
  });
});

/** A documented field with a field for each side, as fields. */
const expanded = (field: string): readonly string[] =>
  field.includes('{main,grey}') ? ['main', 'grey'].map((side) => field.replace('{main,grey}', side)) : [field];

const fieldsOf = (value: unknown, path = ''): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap((inner) => fieldsOf(inner, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => fieldsOf(inner, path === '' ? key : `${path}.${key}`));
};

describe('docs/json-output.md', () => {
  const page = readFileSync(new URL('../../docs/json-output.md', import.meta.url), 'utf8');
  const [, section = ''] = page.split(/^## Plan$/m);
  const [table = ''] = section.split(/^#+ /m);

  it('names every field of a plan, and no other', async () => {
    const free = perSide(() => ({ ...KNOWN.free.grey, gpus: 16 }));
    const short = compared(legOf('scaleOutPriority', 3), { ...KNOWN, free }, { limits: { minReady: 1, maxPods: 30 } });
    const blocked = compared(legOf('scaleOutPriority', 3), KNOWN, { limits: { maxPods: 12 } });
    const unknown = compared(
      legOf('scaleOutPriority', 3),
      { ...BARE, requests: KNOWN.requests },
      {
        unknown: [{ what: 'room', why: 'denied', message: 'no' }],
        obstacles: [
          { check: 'rolling-out', side: 'main', deployment: EVENTS.started.deployments.main, oldPods: 1 },
          { check: 'other-upgrade', name: 'a', namespace: 'b', deployment: EVENTS.started.deployments.main },
        ],
      },
    );
    const blockedAlone = reportOf(legOf('scaleOutPriority', 3), KNOWN, { limits: { maxPods: 12 } });
    const written = await Promise.all(
      [short, blocked, blockedAlone, unknown].map(async (each) => JSON.parse(await renderStructured(each, 'json'))),
    );
    const fields = new Set(written.flatMap((each) => fieldsOf(each)).map((field) => field.replace(/\[\]$/, '')));
    // Those of the ways side by side are said to be those of the plan.
    const own = [...fields].filter(
      (field) =>
        !field.startsWith('alternatives[].') &&
        !['unknown', 'obstacles', 'shortages', 'advice.reasons', 'alternatives'].includes(field),
    );
    const documented = [...table.matchAll(/^\| `([^`]+)`/gm)].flatMap(([, field = '']) => expanded(field));
    expect([...new Set(documented)].filter((field) => field !== 'alternatives[]').toSorted()).toEqual(own.toSorted());
    const inAlternatives = [...fields].flatMap((field) => /^alternatives\[\]\.(.*)/.exec(field)?.[1] ?? []);
    expect(inAlternatives.filter((field) => !fields.has(field))).toEqual([]);
  });
});
