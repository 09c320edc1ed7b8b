import type { Plan, Stage } from '../upgrade/plan.ts';
import type { PlanReport } from '../upgrade/plan-report.ts';
import { SIDES } from '../upgrade/side.ts';
import { shortageText } from './advice-text.ts';
import { deploymentText, limitsText, wayText } from './event-text.ts';
import { type Glyphs, glyphsOf } from './glyphs.ts';
import { tableText } from './list-text.ts';
import { paletteOf } from './palette.ts';
import { planRows } from './plan-rows.ts';
import { printableValue } from './printable.ts';
import { type Row, rowsText } from './rows.ts';
import { durationText, type Program } from './wording.ts';

export type PlanFrame = {
  readonly program: Program;
  readonly color: boolean;
  readonly unicode: boolean;
  readonly columns: number;
  /** Every waypoint, however many there are. */
  readonly full: boolean;
};

/** A way of more waypoints than this is shown by its first and last ones. */
const MOST_ROWS = 30;
const FIRST_ROWS = 16;
const LAST_ROWS = 8;

/** What `dupgrade plan` prints: the way there, or all ways side by side, and what may be met on it. */
export const renderPlan = (given: PlanReport, frame: PlanFrame): string => {
  const report = printableValue(given);
  const palette = paletteOf(frame.color);
  const text = (rows: readonly Row[]): string => rowsText(rows, frame.columns, palette);
  const glyphs = glyphsOf(frame.unicode);
  const table = report.alternatives === undefined ? stagesText(report, frame.full, glyphs) : modesText(report);
  return [text(headRows(report, glyphs)), table, text(planRows(report, frame.program))].join('\n');
};

const headRows = (report: PlanReport, { arrow }: Glyphs): readonly Row[] => {
  const { name, namespace, deployments, from, to } = report;
  const sides = SIDES.map(
    (side) => `${side} (${deploymentText(deployments[side], namespace)}) ${from[side]} ${arrow} ${to[side]}`,
  );
  const limits = limitsText(report.limits);
  return [
    { label: 'Upgrade', text: `${name} in ${namespace}: ${sides.join(', ')}`, style: 'strong' },
    { label: 'Way', text: wayText(report) },
    ...(limits === '' ? [] : [{ label: 'Limits', text: limits }]),
  ];
};

/** A line for each waypoint. What is not known has no column. */
const stagesText = ({ stages }: PlanReport, full: boolean, { ellipsis }: Glyphs): string => {
  const timed = stages.some(({ atMs }) => atMs !== undefined);
  const withGpus = stages.some(({ gpus = 0 }) => gpus > 0);
  const titles = [...(timed ? ['AT'] : []), 'MAIN', 'GREY', 'MINREADY', 'MAXPODS', ...(withGpus ? ['MAXGPUS'] : [])];
  const cells = ({ atMs = 0, main, grey, ready, pods, gpus = 0 }: Stage): string[] => [
    ...(timed ? [durationText(atMs)] : []),
    ...[main, grey, ready, pods, ...(withGpus ? [gpus] : [])].map(String),
  ];
  if (full || stages.length <= MOST_ROWS) return tableText([titles, ...stages.map(cells)]);
  const shown = [...stages.slice(0, FIRST_ROWS), ...stages.slice(-LAST_ROWS)];
  const lines = tableText([titles, ...shown.map(cells)]).split('\n');
  const left = `${ellipsis} ${stages.length - shown.length} more (--full shows them)`;
  return lines.toSpliced(1 + FIRST_ROWS, 0, left).join('\n');
};

/** A line for each mode and pacing; a star is at that of the spec. */
const modesText = (report: PlanReport): string => {
  const plans = report.alternatives ?? [];
  const withGpus = plans.some(({ peak }) => (peak.gpus ?? 0) > 0);
  const timed = plans.some(({ duration }) => duration !== undefined);
  const titles = [
    'SPEC',
    'MODE',
    'PACING',
    'MINREADY',
    'MAXPODS',
    ...(withGpus ? ['MAXGPUS'] : []),
    ...(timed ? ['TIME'] : []),
  ];
  const rows = plans.map(({ mode, pacing, lowestReady, peak, extra, duration, ...rest }) => [
    mode === report.mode && pacing === report.pacing ? '*' : '',
    mode,
    pacing,
    String(lowestReady),
    peakCell(peak.pods, extra.pods),
    ...(withGpus ? [peakCell(peak.gpus ?? 0, extra.gpus ?? 0)] : []),
    ...(timed ? [duration === undefined ? '-' : timeCell(duration)] : []),
    fitsText(rest),
  ]);
  return tableText([[...titles, 'FITS'], ...rows]);
};

/** `33 (+3)`. */
const peakCell = (peak: number, extra: number): string => (extra > 0 ? `${peak} (+${extra})` : String(peak));

const timeCell = ({ typicalMs, slowestMs }: NonNullable<Plan['duration']>): string =>
  slowestMs > typicalMs ? `${durationText(typicalMs)} to ${durationText(slowestMs)}` : durationText(typicalMs);

const fitsText = ({
  arrives,
  blockedBy,
  room,
  shortages,
}: Pick<Plan, 'arrives' | 'blockedBy' | 'room' | 'shortages'>) => {
  if (!arrives) return `no: limits.${blockedBy}`;
  const [shortage] = shortages;
  if (shortage !== undefined) return `no: ${shortageText(shortage)}`;
  return room === 'unknown' ? '?' : 'yes';
};
