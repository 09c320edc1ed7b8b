import { describe, expect, it } from 'vitest';
import { chartLines } from '../../src/output/chart.ts';
import { glyphsOf } from '../../src/output/glyphs.ts';
import { widthOf } from '../../src/output/line.ts';
import { paletteOf } from '../../src/output/palette.ts';
import { renderRehearsal } from '../../src/output/rehearsal-text.ts';
import type { RehearsalReport } from '../../src/upgrade/rehearsal.ts';
import { COMPARED, REPORT } from './rehearsal-samples.ts';

const FRAME = { program: 'dupgrade', color: false, unicode: true, columns: 60 } as const;

const shown = (report: RehearsalReport, columns = Number.POSITIVE_INFINITY): string =>
  renderRehearsal(report, { ...FRAME, columns });

describe('a chart of pods over time', () => {
  const frame = { columns: 60, glyphs: glyphsOf(false), palette: paletteOf(false), floor: 30 };

  it('has main, on it grey, on it what is not ready, and the floor', () => {
    expect(chartLines(REPORT.example.curve, frame)).toEqual([
      '36                                                ',
      '32 #####==================.======================= floor 30',
      '28 ##########=============.=======================',
      '24 ###############================================',
      '20 #######################========================',
      '16 #######################=#####==================',
      '12 #################################==============',
      ' 8 ###########################################====',
      ' 4 ###############################################',
      '   0s                                        1h40m',
      '   # main ready   = grey ready   . not ready',
    ]);
  });

  it.each([20, 40, 80, 200])('fits %i columns, and has one row for every pod where there are few', (columns) => {
    const few = REPORT.example.curve.map((each) => ({ ...each, main: 2, grey: 1, ready: 3, pods: 4 }));
    const lines = chartLines(few, { ...frame, columns, floor: 3 });
    expect(lines).toHaveLength(6);
    for (const line of lines.slice(0, 4)) expect(widthOf(line)).toBeLessThanOrEqual(Math.max(columns, 32));
  });

  it('is there where nothing ever happened', () => {
    const [only] = REPORT.example.curve;
    expect(chartLines(only === undefined ? [] : [only], frame)).toHaveLength(11);
    expect(chartLines([], frame).at(-1)).toContain('main ready');
  });
});

describe('what dupgrade rehearse prints', () => {
  it('says what it came to, and what it rests on', () => {
    const text = shown(REPORT);
    expect(text).toContain(
      [
        'Upgrade:   llama-v2 in serving: main (llama-v1) 30 → 0, grey (llama-v2) 0 → 30',
        'Way:       scaleOutPriority, step 3, window',
        'Limits:    minReady 24',
        'Rehearsed: 20 runs in virtual time, on a copy of the cluster as it stands, with crash:5%',
        'Shown:     the run of seed 4, which took the median time',
      ].join('\n'),
    );
    expect(text).toContain(
      [
        'Duration:  p50 1h40m, p90 1h50m, worst 2h05m',
        'Ready:     at least 25 pods at every moment; 30 if no pod failed',
        'Peak:      33 pods, 264 GPUs',
        'Stuck:     2 of 20 runs: containers crash (crash, grey): container server exited with 137; seed 7 after 1h11m at main 12, grey 21',
        'Assumed:   grey pods become ready as those of the other side did; --ready-after says otherwise',
        '           a removed pod takes its whole grace period (main 30s, grey 1m00s); --gone-after says otherwise',
      ].join('\n'),
    );
  });

  it('puts ways side by side and says which to take', () => {
    const text = shown(COMPARED);
    expect(text).toContain(
      [
        'SPEC   MODE                  PACING   STEP   P50     P90     WORST   MINREADY   MAXPODS   MAXGPUS   STUCK',
        '*      scaleOutPriority      window   3      1h40m   1h50m   2h05m   25         33        264       2/20 crash',
        '       scaleOutPriority      batch    3      -       -       -       -          -         -         always: limits.minReady',
        '       scaleInPriority       window   3      3h20m   3h30m   3h40m   27         30        240       no',
        '       scaleSimultaneously   window   1/2    1h40m   1h50m   2h05m   26         33        264       no',
      ].join('\n'),
    );
    expect(text).toContain(
      'Advice:    scaleInPriority, step 3, window keeps the most pods ready (27) of the ways that reached the targets in every run: p90 3h30m. The fastest is scaleSimultaneously, step main 1 grey 2, window: p90 1h50m, down to 26 ready',
    );
  });

  it('says that it never got stuck, that no run reached the targets, or that one never ends', () => {
    expect(shown({ ...REPORT, shortfalls: [] })).toContain('Stuck:     never');
    const { durations: _, ...without } = REPORT;
    const [shortfall] = REPORT.shortfalls;
    if (shortfall === undefined) throw new Error('there is one');
    const text = shown({ ...without, shortfalls: [{ ...shortfall, end: { kind: 'never-ends', afterMs: 1 } }] });
    expect(text).toContain('Duration:  no run reached the targets');
    expect(text).toContain('2 of 20 runs: it never ends, as nothing more happens; seed 7 after 1h11m');
  });

  it('never lets through what a terminal would obey', () => {
    const [shortfall] = REPORT.shortfalls;
    if (shortfall?.end.kind !== 'ended') throw new Error('it has a message');
    const hostile = { ...shortfall, end: { ...shortfall.end, message: 'so\u001b[2Jit\u009b31m\r\n\u202egoes' } };
    expect(shown({ ...REPORT, shortfalls: [hostile] })).not.toMatch(/[^\P{C}\n]/u);
  });

  it('keeps to the width of the terminal', () => {
    for (const line of shown(REPORT, 60).split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(60);
  });
});
