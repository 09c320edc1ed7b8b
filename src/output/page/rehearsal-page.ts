import type { RehearsalReport } from '../../upgrade/rehearsal.ts';
import { glyphsOf } from '../glyphs.ts';
import { printableValue } from '../printable.ts';
import { headRows, resultRows, restRows, waysRows } from '../rehearsal-text.ts';
import type { Program } from '../wording.ts';
import { gpusFigure, podsFigure } from './curve-figure.ts';
import { durationsFigure } from './durations-figure.ts';
import { facts, pairs, section, table } from './markup.ts';
import { page } from './page.ts';

/** Everything that a rehearsal found, as one page of HTML. */
export const renderRehearsalPage = (given: RehearsalReport, program: Program): string => {
  const report = printableValue(given);
  const { name, namespace, example, floor, durationsMs, alternatives } = report;
  const ways = alternatives === undefined ? undefined : waysRows(report, alternatives);
  const rest = restRows(report, program);
  return page(`Rehearsal of ${name} in ${namespace}`, [
    facts(pairs(headRows(report, glyphsOf(true)))),
    section('What it came to', facts(pairs(resultRows(report)))),
    section('Pods', podsFigure(example.curve, floor)),
    ...(report.peakGpus > 0 ? [section('GPUs', gpusFigure(example.curve))] : []),
    ...(durationsMs.length > 1 ? [section('How long each run took', durationsFigure(durationsMs))] : []),
    ...(ways === undefined ? [] : [section('Other ways', table(ways, ways.findIndex(([own]) => own === '*') - 1))]),
    ...(rest.length === 0 ? [] : [section('To know', facts(pairs(rest)))]),
  ]);
};
