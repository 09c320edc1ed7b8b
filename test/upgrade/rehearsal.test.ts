import { describe, expect, it } from 'vitest';
import { type CurvePoint, thinned } from '../../src/upgrade/curve.ts';
import { exampleOf, percentile, type Rehearsed, type RehearsedRun, summarize } from '../../src/upgrade/rehearsal.ts';
import { adviseRehearsed } from '../../src/upgrade/rehearsal-advice.ts';
import type { Mode } from '../../src/upgrade/leg.ts';

const run = (seed: number, minutes: number, given: Partial<RehearsedRun> = {}): RehearsedRun => ({
  seed,
  end: { kind: 'reached' },
  durationMs: minutes * 60_000,
  lowestReady: 30,
  highestPods: 33,
  peakGpus: 264,
  writes: 20,
  counts: { main: 0, grey: 30 },
  ...given,
});

const stuck = (reason: 'crash' | 'image', side: 'main' | 'grey' = 'grey') =>
  ({ end: { kind: 'ended', outcome: 'stuck', reason, side } }) as const;

describe('a percentile', () => {
  it.each([
    [[1, 2, 3, 4], 0.5, 2],
    [[1, 2, 3, 4], 0.9, 4],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.9, 9],
    [[7], 0.5, 7],
    [[7, 8], 1, 8],
    [[], 0.5, undefined],
  ])('of %j at %f is %s', (sorted, share, value) => {
    expect(percentile(sorted, share)).toBe(value);
  });
});

describe('what runs came to', () => {
  it('is of the durations those that reached the targets, of the counts the worst of all', () => {
    const runs = [
      run(1, 30),
      run(2, 10, { lowestReady: 27 }),
      run(3, 20, { highestPods: 35, peakGpus: 280 }),
      run(4, 90, { ...stuck('crash'), lowestReady: 25 }),
    ];
    expect(summarize(runs)).toMatchObject({
      runs: 4,
      reached: 3,
      durations: { p50Ms: 20 * 60_000, p90Ms: 30 * 60_000, worstMs: 30 * 60_000 },
      lowestReady: 25,
      highestPods: 35,
      peakGpus: 280,
    });
  });

  it('has no durations where no run reached the targets', () => {
    expect(summarize([run(1, 5, stuck('crash'))])).not.toHaveProperty('durations');
  });

  it('counts what ended alike together, the commonest first, with a seed that shows it', () => {
    const runs = [
      run(1, 5, stuck('image')),
      run(2, 6, stuck('crash')),
      run(3, 7, stuck('crash')),
      run(4, 8, stuck('crash', 'main')),
    ];
    expect(summarize(runs).shortfalls.map(({ runs: count, seed, end }) => [count, seed, end])).toEqual([
      [2, 2, stuck('crash').end],
      [1, 1, stuck('image').end],
      [1, 4, stuck('crash', 'main').end],
    ]);
  });

  it('is shown by the run of the median duration, or by the first where none reached the targets', () => {
    expect(exampleOf([run(1, 30), run(2, 10), run(3, 20)])?.seed).toBe(3);
    expect(exampleOf([run(1, 30, stuck('crash')), run(2, 10, stuck('image'))])?.seed).toBe(1);
  });
});

describe('a thinned curve', () => {
  const curve = Array.from({ length: 1000 }, (_, i): CurvePoint => {
    const ready = i === 500 ? 3 : 30;
    return { atMs: i * 100, main: 30, grey: 0, ready, pods: i === 501 ? 99 : 33, gpus: i === 502 ? 990 : 330 };
  });

  it('keeps every dip and every peak, the beginning and the end', () => {
    const few = thinned(curve, 50);
    expect(few.length).toBeLessThanOrEqual(51);
    expect(Math.min(...few.map(({ ready }) => ready))).toBe(3);
    expect(Math.max(...few.map(({ pods }) => pods))).toBe(99);
    expect(Math.max(...few.map(({ gpus }) => gpus))).toBe(990);
    expect([few[0]?.atMs, few.at(-1)?.atMs]).toEqual([0, 99_900]);
  });

  it('is the curve itself where that has few points', () => {
    expect(thinned(curve, 1000)).toBe(curve);
  });
});

describe('the advice of a rehearsal', () => {
  const way = (mode: Mode, minutes: number, lowestReady: number, given: Partial<Rehearsed> = {}) => ({
    mode,
    pacing: 'window' as const,
    step: { main: 3, grey: 3 },
    ...summarize([run(1, minutes, { lowestReady })]),
    ...given,
  });

  it('is the fastest of the ways that keep the most pods ready, and the fastest of all', () => {
    const ways = [
      way('scaleOutPriority', 40, 30),
      way('scaleOutPriority', 30, 30),
      way('scaleInPriority', 60, 27),
      way('scaleSimultaneously', 20, 27),
    ];
    const { safest, fastest } = adviseRehearsed(ways);
    expect([safest, fastest]).toEqual([ways[1], ways[3]]);
  });

  it('leaves out what got stuck once, and what a limit ends', () => {
    const { shortfalls } = summarize([run(1, 5, stuck('crash'))]);
    const { mode, pacing, step } = way('scaleOutPriority', 1, 30);
    const sure = way('scaleInPriority', 60, 27);
    expect(
      adviseRehearsed([
        way('scaleOutPriority', 10, 30, { shortfalls }),
        { mode, pacing, step, blockedBy: 'maxPods' },
        sure,
      ]),
    ).toEqual({ safest: sure, fastest: sure });
    expect(adviseRehearsed([way('scaleOutPriority', 10, 30, { shortfalls })])).toEqual({});
  });
});
