import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { widthOf } from '../../src/output/line.ts';
import { SILENT } from '../../src/output/live-keys.ts';
import { EMPTY_MODEL, type LiveModel, reduce } from '../../src/output/live-model.ts';
import { type LiveFrame, renderLive } from '../../src/output/live-text.ts';
import type { UpgradeEvent } from '../../src/upgrade/events.ts';
import { RUN } from './run.ts';
import { after, EVENTS, standing, UPGRADE, withGpus } from './samples.ts';

const modelOf = (...events: readonly UpgradeEvent[]): LiveModel => events.reduce(reduce, EMPTY_MODEL);

const MODEL = modelOf(
  EVENTS.started,
  { ...EVENTS.leg, cause: 'start' },
  { at: after(1), type: 'scaled', side: 'grey', from: 0, to: 3 },
  { ...EVENTS.scaled, at: after(4) },
  EVENTS.observed,
  EVENTS.limited,
);

const linesOf = (model: LiveModel, columns: number, rows: number, wishes: Partial<LiveFrame> = {}): readonly string[] =>
  renderLive(model, {
    program: 'dupgrade',
    upgrade: UPGRADE,
    columns,
    rows,
    color: false,
    unicode: true,
    now: after(96),
    ...wishes,
  }).split('\n');

const HEADER = 'llama-v2 (serving)  running 1m36s  scaleOutPriority, step 3, window';
const AT_80 = [
  HEADER,
  '  main  ███████████████████████░░  asked 27  ready 27  target  0  terminating  3',
  '  grey  ██▒░░░░░░░░░░░░░░░░░░░░░░  asked  3  ready  2  target 30',
  '  ready 29 (floor 30)  pods 33 (ceiling 33)  limits minReady 28, maxPods 33',
  '  waiting 1m31s for 3 main pods to be gone and 1 grey pod to become ready',
  '  grey is held back: adding more would make more than 33 pods (limits.maxPods)',
  '  2 grey pods cannot be scheduled, e.g. llama-v2-7d9c5b8f4-x2x7k, since',
  '    09:59:00Z: each needs 8 nvidia.com/gpu, 0 of 8 nodes have 8 free; accept',
  '    what is ready now: dupgrade set-target llama-v2 -n serving --ready',
  '   1m32s ago  main 30 → 27',
  '   1m35s ago  grey 0 → 3',
];
const AT_40 = [
  'llama-v2  running 1m36s',
  '  main  27/27 ready → 0, 3 terminating',
  '  grey  2/3 ready → 30',
  '  ready 29 (floor 30)',
  '  pods 33 (ceiling 33)',
  '  limits minReady 28, maxPods 33',
  '  scaleOutPriority, step 3, window',
  '  waiting 1m31s for 3 main pods to be',
  '    gone and 1 grey pod to become ready',
  '  grey is held back: adding more would',
  '    make more than 33 pods',
  '    (limits.maxPods)',
  '  2 grey pods cannot be scheduled,',
  '    e.g. llama-v2-7d9c5b8f4-x2x7k, since',
  '    09:59:00Z: each needs 8',
  '    nvidia.com/gpu, 0 of 8 nodes have 8',
  '    free; accept what is ready now:',
  '    dupgrade set-target llama-v2 -n',
  '    serving --ready',
  '   1m32s ago  main 30 → 27',
  '   1m35s ago  grey 0 → 3',
];

describe('the live view', () => {
  it('shows everything in 120 columns', () => {
    expect(linesOf(MODEL, 120, 24)).toEqual([
      HEADER,
      '  main  ████████████████████████████████████░░░░  asked 27  ready 27  target  0  terminating  3',
      '  grey  ███▒░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  asked  3  ready  2  target 30',
      '  ready 29 (floor 30)  pods 33 (ceiling 33)  limits minReady 28, maxPods 33',
      '  waiting 1m31s for 3 main pods to be gone and 1 grey pod to become ready',
      '  grey is held back: adding more would make more than 33 pods (limits.maxPods)',
      '  2 grey pods cannot be scheduled, e.g. llama-v2-7d9c5b8f4-x2x7k, since 09:59:00Z: each needs 8 nvidia.com/gpu, 0 of 8',
      '    nodes have 8 free; accept what is ready now: dupgrade set-target llama-v2 -n serving --ready',
      '   1m32s ago  main 30 → 27',
      '   1m35s ago  grey 0 → 3',
    ]);
  });

  it('shows everything in 80 columns, with a shorter bar', () => {
    expect(linesOf(MODEL, 80, 24)).toEqual(AT_80);
  });

  it('shows shorter counts in 40 columns, and breaks texts', () => {
    expect(linesOf(MODEL, 40, 24)).toEqual(AT_40);
  });

  it('shows counts in digits in 20 columns, and cuts the rest', () => {
    expect(linesOf(MODEL, 20, 24)).toEqual([
      'llama-v2  running…',
      '  main  27/27→0',
      '  grey  2/3→30',
      '  ready 29 (floor 3…',
      '  pods 33 (ceiling …',
      '  limits minReady 2…',
      '  scaleOutPriority,…',
      '  waiting 1m31s',
      '    for 3 main pods',
      '    to be gone and …',
      '  grey is held',
      '    back: adding',
      '    more would make…',
      '  2 grey pods',
      '    cannot be',
      '    scheduled, e.g.',
      '    llama-v2-7d9c5b…',
      '    since 09:59:00Z:',
      '    each needs 8',
      '    nvidia.com/gpu,',
      '    0 of 8 nodes ha…',
      '   1m32s ago  main …',
      '   1m35s ago  grey …',
    ]);
  });

  it.each([
    [120, 'llama-v2 (serving)  running 1m36s, about 25m00s to go (20m00s to 41m00s)  scaleOutPriority, step 3, window'],
    [80, 'llama-v2 (serving)  running 1m36s, about 25m00s to go (20m00s to 41m00s)'],
    [64, 'llama-v2 (serving)  running 1m36s, about 25m00s to go'],
    [40, 'llama-v2  running 1m36s'],
  ])('tells in %i columns how long it takes yet as far as there is room, and cuts none of it', (columns, header) => {
    const eta = { leastMs: 1_200_000, typicalMs: 1_500_000, mostMs: 2_460_000 };
    const seen = { ...EVENTS.observed, at: after(96), standing: { ...EVENTS.observed.standing, eta } };
    expect(linesOf(reduce(MODEL, seen), columns, 24)[0]).toBe(header);
  });

  it('leaves the oldest events out in 10 rows', () => {
    expect(linesOf(MODEL, 80, 10)).toEqual(AT_80.slice(0, 9));
  });

  it('leaves limits, causes and totals out before what is waited for', () => {
    expect(linesOf(MODEL, 40, 10)).toEqual([...AT_40.slice(0, 4), ...AT_40.slice(7, 12)]);
    expect(linesOf(MODEL, 80, 6)).toEqual([...AT_80.slice(0, 3), ...AT_80.slice(4, 6)]);
  });

  it.each([
    [80, AT_80.slice(0, 3)],
    [40, AT_40.slice(0, 3)],
    [20, ['llama-v2  running…', '  main  27/27→0', '  grey  2/3→30']],
  ])('shows who and how many in 4 rows of %i columns', (columns, lines) => {
    expect(linesOf(MODEL, columns, 4)).toEqual(lines);
  });

  it('shows something in any room, and never more than there is room for', () => {
    const columns = fc.integer({ min: 3, max: 150 });
    const rows = fc.integer({ min: 1, max: 40 });
    const told = fc.integer({ min: 0, max: RUN.length });
    fc.assert(
      fc.property(columns, rows, told, fc.boolean(), (width, height, count, unicode) => {
        const lines = linesOf(modelOf(...RUN.slice(0, count)), width, height, { unicode });
        expect(lines.length).toBeGreaterThan(0);
        expect(lines.length).toBeLessThanOrEqual(Math.max(1, height - 1));
        // The spinner and a space stand before the first line.
        expect(Math.max(...lines.map(widthOf), widthOf(lines[0] ?? '') + 2)).toBeLessThanOrEqual(width);
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it('draws in ASCII where there is no more', () => {
    const text = linesOf(MODEL, 80, 24, { unicode: false });
    expect(text.slice(1, 3)).toEqual([
      '  main  #######################..  asked 27  ready 27  target  0  terminating  3',
      '  grey  ##=......................  asked  3  ready  2  target 30',
    ]);
    expect(text.at(-1)).toBe('   1m35s ago  grey 0 -> 3');
    expect(linesOf(MODEL, 30, 24, { unicode: false })[6]).toBe('  scaleOutPriority, step 3,...');
  });

  it('colours what matters', () => {
    expect(linesOf(MODEL, 80, 4, { color: true })).toEqual([
      '\u001B[1mllama-v2\u001B[22m (serving)  \u001B[32mrunning\u001B[39m 1m36s  \u001B[2mscaleOutPriority, step 3, window\u001B[22m',
      '  \u001B[36mmain  \u001B[39m\u001B[32m███████████████████████\u001B[39m\u001B[2m░░\u001B[22m  asked 27  ready \u001B[32m27\u001B[39m  target  0\u001B[2m  terminating  3\u001B[22m',
      '  \u001B[36mgrey  \u001B[39m\u001B[32m██\u001B[39m\u001B[33m▒\u001B[39m\u001B[2m░░░░░░░░░░░░░░░░░░░░░░\u001B[22m  asked  3  ready \u001B[33m 2\u001B[39m  target 30',
    ]);
  });

  it.each([
    ['within its bounds', 30, 33, '\u001B[1m30\u001B[22m', '\u001B[1m33\u001B[22m'],
    ['out of its bounds', 29, 34, '\u001B[31m29\u001B[39m', '\u001B[31m34\u001B[39m'],
  ])('shows a total %s', (_, ready, pods, readyShown, podsShown) => {
    const seen = { ...standing([30, 30, 0], [0, 0, 0]), ready, pods };
    expect(linesOf(modelOf({ ...EVENTS.observed, standing: seen }), 80, 24, { color: true })[3]).toBe(
      `  ready ${readyShown} (floor 30)  pods ${podsShown} (ceiling 33)`,
    );
  });

  it('keeps the width of its bars when pods begin and cease to terminate', () => {
    const [without, with3] = [0, 3].map((terminating) =>
      linesOf(modelOf({ ...EVENTS.observed, standing: standing([27, 27, terminating], [3, 2, 0]) }), 80, 24),
    );
    expect(without?.[2]).toBe(with3?.[2]);
    expect(without?.[1]).toBe('  main  ███████████████████████░░  asked 27  ready 27  target  0');
  });

  it('never shows some as none, or nearly all as all', () => {
    const [, main, grey] = linesOf(
      modelOf({ ...EVENTS.observed, standing: standing([1000, 999, 0], [1, 1, 0]) }),
      120,
      24,
    );
    expect(main).toBe(`  main  ${'█'.repeat(39)}▒  asked 1000  ready  999  target    0`);
    expect(grey).toBe(`  grey  █${'░'.repeat(39)}  asked    1  ready    1  target   30`);
  });

  it('says that it starts before anything was seen, and that it goes back', () => {
    expect(linesOf(EMPTY_MODEL, 80, 24)).toEqual(['llama-v2 (serving)  starting']);
    expect(linesOf(modelOf({ ...EVENTS.leg, cause: 'rollback' }), 80, 24)[0]).toBe(
      'llama-v2 (serving)  going back  scaleOutPriority, step 3, window',
    );
  });

  it('says who holds it, for how long, and how to go on', () => {
    const held = modelOf(EVENTS.started, EVENTS.held);
    expect(linesOf(held, 80, 24).slice(0, 3)).toEqual([
      'llama-v2 (serving)  paused 1m36s  scaleOutPriority, step 3, window',
      '  paused for 1m28s, by anna@laptop',
      '  dupgrade resume llama-v2 -n serving  # go on',
    ]);
    const offSpec = modelOf(EVENTS.started, { ...EVENTS.held, reason: 'off-spec' });
    expect(linesOf(offSpec, 90, 24, { program: 'kubectl dupgrade' }).slice(0, 3)).toEqual([
      'llama-v2 (serving)  held 1m36s  scaleOutPriority, step 3, window',
      '  at other targets than those of the spec for 1m28s, by anna@laptop',
      '  kubectl dupgrade resume llama-v2 -n serving  # go on to the targets of the spec',
    ]);
  });

  it('shows the GPUs that the pods of both sides hold', () => {
    const seen = withGpus(standing([27, 27, 3], [3, 2, 0]));
    const lines = linesOf(modelOf(EVENTS.started, { ...EVENTS.observed, standing: seen }), 90, 24);
    expect(lines.slice(3, 5)).toEqual([
      '  ready 29 (floor 30)  pods 33 (ceiling 33)  GPUs in use 264',
      '  limits minReady 28, maxPods 33',
    ]);
  });

  it('tells what came of writes among the last events', () => {
    const ready: UpgradeEvent = { at: after(20), type: 'observed', standing: standing([27, 27, 0], [3, 3, 0]) };
    expect(linesOf(modelOf(EVENTS.observed, EVENTS.scaled, ready), 80, 24).slice(-2)).toEqual([
      '   1m16s ago  main 27/27 ready; grey 3/3 ready (ready 30, 30 pods)',
      '   1m30s ago  main 30 → 27',
    ]);
  });

  it('shows a question in any room, and that there are keys only where there is room left', () => {
    const talk = { kind: 'asking', wish: 'pause' } as const;
    for (const rows of [2, 3, 6, 24])
      expect(linesOf(MODEL, 40, rows, { talk }).at(-1)).toBe('  pause? y/n'.slice(rows === 2 ? 2 : 0));
    expect(linesOf(MODEL, 80, 24, { talk: SILENT })).toEqual([...AT_80, '  ? shows the keys']);
    expect(linesOf(MODEL, 80, 10, { talk: SILENT })).toEqual(AT_80.slice(0, 9));
  });

  it('tells three causes and counts the others', () => {
    const causes = (['quota', 'image', 'crash', 'starting', 'terminating'] as const).map((reason) => ({
      reason,
      side: 'grey' as const,
      pods: 2,
      example: 'web-x',
      message: 'why',
    }));
    const lines = linesOf(modelOf({ ...EVENTS.observed, standing: standing([1, 1, 0], [3, 3, 0], causes) }), 90, 24);
    expect(lines.slice(4)).toEqual([
      '  2 grey pods cannot be made (quota), e.g. web-x: why; see the quota: kubectl describe',
      '    resourcequota -n serving',
      '  2 grey pods cannot pull their image, e.g. web-x: why; see the pod: kubectl describe',
      '    pod -n serving web-x',
      '  2 grey pods crash, e.g. web-x: why; see its log: kubectl logs -n serving web-x',
      '  and 2 more',
    ]);
  });
});
