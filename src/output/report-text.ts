import type { UpgradeReport } from '../upgrade/report.ts';
import { SIDES } from '../upgrade/side.ts';
import type { Stall } from '../upgrade/stalls.ts';
import { chartLines } from './chart.ts';
import { deploymentText, limitsText, wayText } from './event-text.ts';
import { type Glyphs, glyphsOf } from './glyphs.ts';
import { doneText, olderText } from './journal-text.ts';
import { tableText } from './list-text.ts';
import { paletteOf } from './palette.ts';
import { printableValue } from './printable.ts';
import { isReason, REASON_TEXTS } from './reason-text.ts';
import { type Row, rowsText } from './rows.ts';
import { STATE_STYLES, STATE_TEXTS } from './state-text.ts';
import { countText, durationText, momentText } from './wording.ts';

export type ReportFrame = { readonly color: boolean; readonly unicode: boolean; readonly columns: number };

/** What `dupgrade report` prints: how it went as a chart, where it stalled, and every step. */
export const renderReport = (given: UpgradeReport, { color, unicode, columns }: ReportFrame): string => {
  const report = printableValue(given);
  const glyphs = glyphsOf(unicode);
  const palette = paletteOf(color);
  const text = (rows: readonly Row[]): string => rowsText(rows, columns, palette);
  const chart = chartLines(report.curve, { columns, glyphs, palette, floor: report.floor });
  return [
    text(reportHeadRows(report, glyphs)),
    ...(report.curve.length === 0 ? [] : [`${chart.join('\n')}\n`]),
    text([...cameToRows(report), ...stallRows(report)]),
    tableText(stepsRows(report, glyphs)),
  ].join('\n');
};

/** Which upgrade, and what became of it. */
export const reportHeadRows = (report: UpgradeReport, { arrow }: Glyphs): readonly Row[] => {
  const { name, namespace, deployments, from, to } = report;
  const sides = SIDES.map(
    (side) => `${side} (${deploymentText(deployments[side], namespace)}) ${from[side]} ${arrow} ${to[side]}`,
  );
  const limits = limitsText(report.limits);
  return [
    { label: 'Upgrade', text: `${name} in ${namespace}: ${sides.join(', ')}`, style: 'strong' },
    { label: 'Way', text: wayText(report) },
    ...(limits === '' ? [] : [{ label: 'Limits', text: limits }]),
    { label: 'Started', text: `${momentText(Date.parse(report.startedAt))} by ${report.startedBy}` },
    { label: 'State', text: STATE_TEXTS[report.state], style: STATE_STYLES[report.state] },
  ];
};

/** What it came to. */
export const cameToRows = (report: UpgradeReport): readonly Row[] => {
  const { durationMs, lowestReady, highestPods, peakGpus, writes, floor } = report;
  const below = lowestReady < floor ? `; ${floor} on the way of the spec if no pod fails` : '';
  const gpus = peakGpus > 0 ? `, ${countText(peakGpus, 'GPU')}` : '';
  return [
    { label: 'Duration', text: `${durationText(durationMs)}, ${countText(writes, 'write')}` },
    { label: 'Ready', text: `at least ${countText(lowestReady, 'pod')} at every moment that was seen${below}` },
    { label: 'Peak', text: `${countText(highestPods, 'pod')}${gpus}` },
    ...(report.curve.length === 0
      ? [{ label: 'Curve', text: 'none was kept by the dupgrade that drove it', style: 'warn' } as const]
      : []),
  ];
};

const stallRows = ({ stalls }: UpgradeReport): readonly Row[] =>
  stalls.length === 0
    ? [{ label: 'Stalls', text: 'none', style: 'good' }]
    : stalls.map((stall, at) => ({ label: at === 0 ? 'Stalls' : '', text: stallText(stall), style: 'warn' }));

/** `4m10s from 12m04s on: a quota is used up (quota), by anna@laptop`. */
export const stallText = ({ fromMs, toMs, reason, by }: Stall): string => {
  const span = `${durationText(toMs - fromMs)} from ${durationText(fromMs)} on`;
  if (reason === undefined) return `${span}: nothing was scaled; the journal has no reason`;
  const why = isReason(reason) ? `${REASON_TEXTS[reason]} (${reason})` : reason;
  return `${span}: ${why}${by === undefined ? '' : `, says ${by}`}`;
};

/** Every entry of the journal, with the time since the start and since the entry before. The first row is the head. */
export const stepsRows = (report: UpgradeReport, glyphs: Glyphs): readonly (readonly string[])[] => {
  const startMs = Date.parse(report.startedAt);
  const { journal, journalDropped } = report;
  const dropped = journalDropped === 0 ? [] : [['', '', olderText(journalDropped, glyphs), '']];
  const rows = journal.map((entry) => [
    momentText(Date.parse(entry.at)),
    durationText(Date.parse(entry.at) - startMs),
    doneText(entry, glyphs),
    entry.by,
  ]);
  return [['WHEN', 'AFTER', 'WHAT', 'BY'], ...dropped, ...rows];
};
