import type { Limits } from '../upgrade/limits.ts';
import type {
  Alternative,
  Assumption,
  Rehearsed,
  RehearsalReport,
  RehearsedWay,
  Shortfall,
} from '../upgrade/rehearsal.ts';
import { type RehearsalAdvice, adviseRehearsed } from '../upgrade/rehearsal-advice.ts';
import { SIDES } from '../upgrade/side.ts';
import { chartLines } from './chart.ts';
import { deploymentText, limitsText, wayText } from './event-text.ts';
import { type Glyphs, glyphsOf } from './glyphs.ts';
import { tableText } from './list-text.ts';
import { paletteOf } from './palette.ts';
import { printableValue } from './printable.ts';
import { REASON_TEXTS } from './reason-text.ts';
import { refusalText } from './refusal-text.ts';
import { type Row, rowsText } from './rows.ts';
import { countText, durationText, listText, type Program, withoutStop } from './wording.ts';

export type RehearsalFrame = {
  readonly program: Program;
  readonly color: boolean;
  readonly unicode: boolean;
  readonly columns: number;
};

/** What `dupgrade rehearse` prints: a run as a chart, or all ways side by side, and what the runs came to. */
export const renderRehearsal = (given: RehearsalReport, frame: RehearsalFrame): string => {
  const report = printableValue(given);
  const glyphs = glyphsOf(frame.unicode);
  const palette = paletteOf(frame.color);
  const text = (rows: readonly Row[]): string => rowsText(rows, frame.columns, palette);
  const chart = chartLines(report.example.curve, { columns: frame.columns, glyphs, palette, floor: report.floor });
  return [
    text(headRows(report, glyphs)),
    `${chart.join('\n')}\n`,
    ...(report.alternatives === undefined ? [] : [tableText(waysRows(report, report.alternatives))]),
    text([...resultRows(report), ...restRows(report, frame.program)]),
  ].join('\n');
};

/** Which upgrade, and what it was rehearsed on. */
export const headRows = (report: RehearsalReport, { arrow }: Glyphs): readonly Row[] => {
  const { name, namespace, deployments, from, to, example } = report;
  const sides = SIDES.map(
    (side) => `${side} (${deploymentText(deployments[side], namespace)}) ${from[side]} ${arrow} ${to[side]}`,
  );
  const limits = limitsText(report.limits);
  const failures = report.failures.length === 0 ? '' : `, with ${listText(report.failures)}`;
  return [
    { label: 'Upgrade', text: `${name} in ${namespace}: ${sides.join(', ')}`, style: 'strong' },
    { label: 'Way', text: wayText(report) },
    ...(limits === '' ? [] : [{ label: 'Limits', text: limits }]),
    {
      label: 'Rehearsed',
      text: `${countText(report.runs, 'run')} in virtual time, on ${SOURCES[report.source]}${failures}`,
    },
    {
      label: 'Shown',
      text: `the run of seed ${example.seed}, ${example.end.kind === 'reached' ? 'which took the median time' : 'which did not reach the targets'}`,
    },
  ];
};

const SOURCES: Readonly<Record<RehearsalReport['source'], string>> = {
  scenario: 'the cluster of a scenario file',
  cluster: 'a copy of the cluster as it stands',
  given: 'a cluster as the command line describes it',
};

/** What the runs of the spec's own way came to. */
export const resultRows = (report: RehearsalReport): readonly Row[] => {
  const { durations, lowestReady, highestPods, peakGpus, floor, ceiling, shortfalls } = report;
  const beyond = lowestReady < floor ? `; ${floor} if no pod failed` : '';
  const above = highestPods > ceiling ? `; ${ceiling} if no pod failed` : '';
  const gpus = peakGpus > 0 ? `, ${countText(peakGpus, 'GPU')}` : '';
  return [
    durations === undefined
      ? { label: 'Duration', text: 'no run reached the targets', style: 'bad' }
      : { label: 'Duration', text: durationsText(durations) },
    { label: 'Ready', text: `at least ${countText(lowestReady, 'pod')} at every moment${beyond}` },
    { label: 'Peak', text: `${countText(highestPods, 'pod')}${gpus}${above}` },
    ...(shortfalls.length === 0
      ? [{ label: 'Stuck', text: 'never', style: 'good' } as const]
      : shortfalls.map(
          (shortfall, at): Row => ({
            label: at === 0 ? 'Stuck' : '',
            text: shortfallText(shortfall, report.runs),
            style: 'bad',
          }),
        )),
  ];
};

const durationsText = ({ p50Ms, p90Ms, worstMs }: NonNullable<Rehearsed['durations']>): string =>
  `p50 ${durationText(p50Ms)}, p90 ${durationText(p90Ms)}, worst ${durationText(worstMs)}`;

/** `3 of 20 runs: pods run and are not ready (not-ready, main): …; seed 7 after 17m26s at main 6, grey 9`. */
const shortfallText = ({ end, runs, seed, counts, atMs }: Shortfall, of: number): string => {
  const where = `seed ${seed} after ${durationText(atMs)} at main ${counts.main}, grey ${counts.grey}`;
  const share = `${runs} of ${countText(of, 'run')}`;
  if (end.kind === 'never-ends') return `${share}: it never ends, as nothing more happens; ${where}`;
  const side = end.side === undefined ? '' : `, ${end.side}`;
  const message = end.message === undefined ? '' : `: ${withoutStop(end.message)}`;
  return `${share}: ${REASON_TEXTS[end.reason]} (${end.reason}${side})${message}; ${where}`;
};

/** A line for each way; a star is at that of the spec. */
export const waysRows = (report: RehearsalReport, ways: readonly Alternative[]): readonly (readonly string[])[] => {
  const withGpus = ways.some((way) => way.blockedBy === undefined && way.peakGpus > 0);
  const titles = ['SPEC', 'MODE', 'PACING', 'STEP', 'P50', 'P90', 'WORST', 'MINREADY', 'MAXPODS'];
  const rows = ways.map((way) => [
    isOwn(report, way) ? '*' : '',
    way.mode,
    way.pacing,
    stepCell(way),
    ...(way.blockedBy === undefined ? resultCells(way, withGpus) : blockedCells(way.blockedBy, withGpus)),
  ]);
  return [[...titles, ...(withGpus ? ['MAXGPUS'] : []), 'STUCK'], ...rows];
};

const resultCells = (way: Rehearsed, withGpus: boolean): readonly string[] => {
  const { p50Ms, p90Ms, worstMs } = way.durations ?? {};
  const times = [p50Ms, p90Ms, worstMs].map((ms) => (ms === undefined ? '-' : durationText(ms)));
  const counts = [way.lowestReady, way.highestPods, ...(withGpus ? [way.peakGpus] : [])];
  return [...times, ...counts.map(String), stuckCell(way)];
};

const blockedCells = (limit: keyof Limits, withGpus: boolean): readonly string[] => [
  ...Array.from({ length: withGpus ? 6 : 5 }, () => '-'),
  `always: limits.${limit}`,
];

const isOwn = (own: RehearsedWay, way: RehearsedWay): boolean =>
  own.mode === way.mode && own.pacing === way.pacing && stepCell(own) === stepCell(way);

const stepCell = ({ step: { main, grey } }: RehearsedWay): string => (main === grey ? String(main) : `${main}/${grey}`);

/** `no`, or `3/20 not-ready`. */
const stuckCell = ({ shortfalls, runs, reached }: Rehearsed): string => {
  const [commonest] = shortfalls;
  if (commonest === undefined) return 'no';
  const { end } = commonest;
  return `${runs - reached}/${runs} ${end.kind === 'never-ends' ? end.kind : end.reason}`;
};

const adviceRows = ({ alternatives }: RehearsalReport): readonly Row[] => {
  if (alternatives === undefined) return [];
  const advice = adviseRehearsed(alternatives);
  return [{ label: 'Advice', text: adviceText(advice), style: advice.safest === undefined ? 'bad' : 'good' }];
};

const adviceText = ({ safest, fastest }: RehearsalAdvice): string => {
  if (safest === undefined) return 'no way reached the targets in every run';
  const head = `${wayText(safest)} keeps the most pods ready (${safest.lowestReady}) of the ways that reached the targets in every run: p90 ${p90Text(safest)}`;
  if (fastest === undefined || fastest === safest) return `${head}; none is faster`;
  return `${head}. The fastest is ${wayText(fastest)}: p90 ${p90Text(fastest)}, down to ${fastest.lowestReady} ready`;
};

const p90Text = ({ durations }: Rehearsed): string => durationText(durations?.p90Ms ?? 0);

/** What to make of it, and what it rests on. */
export const restRows = (report: RehearsalReport, program: Program): readonly Row[] => {
  const { name, namespace } = report;
  const refused = report.obstacles.map((refusal) => refusalText(refusal, { program, upgrade: { name, namespace } }));
  return [
    ...adviceRows(report),
    ...labelled('Assumed', report.assumptions.map(assumptionText), 'warn'),
    ...labelled('Refused', refused, 'bad'),
  ];
};

const labelled = (label: string, texts: readonly string[], style: Row['style'] & string): readonly Row[] =>
  texts.map((text, at) => ({ label: at === 0 ? label : '', text, style }));

const assumptionText = (assumption: Assumption): string => {
  switch (assumption.kind) {
    case 'room': {
      const why = assumption.message === undefined ? '' : `, as ${withoutStop(assumption.message)}`;
      return assumption.butForGpus
        ? `there is CPU and memory for every pod${why}`
        : `there is room for every pod${why}; --free-gpus says how many GPUs are free`;
    }
    case 'ready-as-other':
      return `${assumption.side} pods become ready as those of the other side did; --ready-after says otherwise`;
    case 'grace-period': {
      const { main, grey } = assumption.ms;
      const whose = main === grey ? durationText(main) : `main ${durationText(main)}, grey ${durationText(grey)}`;
      return `a removed pod takes its whole grace period (${whose}); --gone-after says otherwise`;
    }
    case 'grain':
      return `pods become ready, and go, every ${assumption.everyMs / 1000} s, as there are thousands of them`;
  }
};
