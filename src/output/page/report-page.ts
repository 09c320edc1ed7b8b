import type { RehearsalBeside, UpgradeReport } from '../../upgrade/report.ts';
import { glyphsOf } from '../glyphs.ts';
import { printableValue } from '../printable.ts';
import { cameToRows, reportHeadRows, stallText, stepsRows } from '../report-text.ts';
import { durationText } from '../wording.ts';
import { gpusFigure, gpusFrame, podsFigure, podsFrame } from './curve-figure.ts';
import { facts, pairs, section, table } from './markup.ts';
import { page } from './page.ts';

/** How an upgrade went, as one page of HTML; with a rehearsal, both with the same axes. */
export const renderReportPage = (given: UpgradeReport, rehearsal?: RehearsalBeside): string => {
  const report = printableValue(given);
  const beside = rehearsal && printableValue(rehearsal);
  const glyphs = glyphsOf(true);
  return page(`Upgrade ${report.name} in ${report.namespace}`, [
    facts(pairs(reportHeadRows(report, glyphs))),
    section('What it came to', facts(pairs(cameToRows(report)))),
    ...(beside === undefined ? [] : [section('Beside the rehearsal', table(compared(report, beside)))]),
    ...figures(report, beside),
    section('Stalls', stallsOf(report)),
    section('Steps', table(stepsRows(report, glyphs))),
  ]);
};

const figures = ({ curve, floor, stalls }: UpgradeReport, beside: RehearsalBeside | undefined): readonly string[] => {
  const curves = beside === undefined ? [curve] : [curve, beside.example.curve];
  const highestFloor = Math.max(floor, beside?.floor ?? 0);
  const pods = podsFrame('Pods over time', highestFloor, ...curves);
  const gpus = gpusFrame('GPUs over time', ...curves);
  const spans = stalls.map((stall) => ({ ...stall, text: stallText(stall) }));
  const rehearsed = ', rehearsed';
  return [
    ...(curve.length === 0 ? [] : [section('Pods', podsFigure(curve, floor, pods, spans))]),
    ...(beside === undefined
      ? []
      : [
          section(
            `Pods${rehearsed}`,
            podsFigure(beside.example.curve, beside.floor, { ...pods, title: `${pods.title}${rehearsed}` }),
          ),
        ]),
    ...(gpus.highest === 0 || curve.length === 0 ? [] : [section('GPUs', gpusFigure(curve, gpus))]),
    ...(gpus.highest === 0 || beside === undefined
      ? []
      : [
          section(
            `GPUs${rehearsed}`,
            gpusFigure(beside.example.curve, { ...gpus, title: `${gpus.title}${rehearsed}` }),
          ),
        ]),
  ];
};

/** What happened beside what was to be expected. The first row is the head. */
const compared = (report: UpgradeReport, beside: RehearsalBeside): readonly (readonly string[])[] => {
  const { example, durations } = beside;
  const spread =
    durations === undefined
      ? '-'
      : `p50 ${durationText(durations.p50Ms)}, p90 ${durationText(durations.p90Ms)}, worst ${durationText(durations.worstMs)}`;
  return [
    ['', 'this run', `seed ${example.seed}`, `all ${beside.runs} runs`],
    ['duration', durationText(report.durationMs), durationText(example.durationMs), spread],
    ['lowest ready', ...[report.lowestReady, example.lowestReady, beside.lowestReady].map(String)],
    ['most pods', ...[report.highestPods, example.highestPods, beside.highestPods].map(String)],
    ['most GPUs', ...[report.peakGpus, example.peakGpus, beside.peakGpus].map(String)],
    ['writes', String(report.writes), String(example.writes), '-'],
    [
      'end',
      report.state,
      example.end.kind === 'reached' ? 'completed' : 'short of the targets',
      `${beside.reached} completed`,
    ],
  ];
};

const stallsOf = ({ stalls }: UpgradeReport): string =>
  stalls.length === 0 ? '<p>None.</p>' : table([['SPAN'], ...stalls.map((stall) => [stallText(stall)])]);
