import { SIDES, type Side } from '../upgrade/side.ts';
import type { UpgradeStatus } from '../upgrade/status.ts';
import { causeText } from './cause-text.ts';
import { nextStepLines } from './ending-block.ts';
import { etaText } from './eta-text.ts';
import { deploymentText, waitingText, wayText } from './event-text.ts';
import { glyphsOf } from './glyphs.ts';
import { journalText } from './journal-text.ts';
import type { Addressee } from './next-step.ts';
import { outcomeTitle } from './outcome-text.ts';
import { paletteOf } from './palette.ts';
import { printableValue } from './printable.ts';
import { type Row, rowsText } from './rows.ts';
import { STATE_STYLES, STATE_TEXTS, stepsOf } from './state-text.ts';
import { agoText, countText, durationText, type Program } from './wording.ts';

export type StatusFrame = {
  readonly program: Program;
  /** Ms since the epoch. */
  readonly now: number;
  readonly color: boolean;
  readonly unicode: boolean;
  readonly columns: number;
};

const JOURNAL_SHOWN = 5;

/** What `dupgrade status` prints: where an upgrade is, who moves it, what holds it up, and what may be done now. */
export const renderStatus = (given: UpgradeStatus, frame: StatusFrame): string => {
  const status = printableValue(given);
  const palette = paletteOf(frame.color);
  const glyphs = glyphsOf(frame.unicode);
  const rows = [
    ...headRows(status, frame),
    ...standingRows(status, { program: frame.program, upgrade: status }),
    ...historyRows(status, frame),
  ];
  const journal = status.journal.slice(-JOURNAL_SHOWN).map((entry) => journalText(entry, frame.now, glyphs));
  const steps = stepsOf(status, frame.program);
  const below = [
    ...titled('Journal:', journal),
    ...titled('Next:', steps.length === 0 ? [] : nextStepLines(steps, palette, frame.columns - 2)),
  ];
  return rowsText(rows, frame.columns, palette) + below.map((line) => `${line}\n`).join('');
};

const titled = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];

const headRows = (status: UpgradeStatus, { now }: StatusFrame): readonly Row[] => [
  { label: 'Name', text: status.name, style: 'strong' },
  { label: 'Namespace', text: status.namespace },
  { label: 'State', text: STATE_TEXTS[status.state], style: STATE_STYLES[status.state] },
  ...(isOver(status) ? [] : [{ label: 'Driver', text: driverText(status, now) }]),
];

const isOver = ({ state }: UpgradeStatus): boolean =>
  state === 'completed' || state === 'rolled-back' || state === 'aborted';

const driverText = ({ driver }: UpgradeStatus, now: number): string =>
  driver === undefined ? 'none' : `${driver.holder}, last heard of ${agoText(driver.renewedAt, now)}`;

const standingRows = (status: UpgradeStatus, to: Addressee): readonly Row[] => {
  const { standing } = status;
  const sides = SIDES.map((side) => ({
    label: side === 'main' ? 'Main' : 'Grey',
    text: `${deploymentText(status.deployments[side], status.namespace)}: ${sideText(status, side)}`,
  }));
  const way: Row = { label: 'Way', text: `${wayText(status.way)}${status.course === 'back' ? ', going back' : ''}` };
  if (standing === undefined) return [...sides, way];
  const waiting = waitingText(standing.waiting);
  return [
    ...sides,
    {
      label: 'Together',
      text: `ready ${standing.ready} (floor ${standing.floor}), pods ${standing.pods} (ceiling ${standing.ceiling})`,
    },
    way,
    ...(waiting === '' ? [] : [{ label: 'Waiting', text: `for ${waiting}` }]),
    ...(standing.eta === undefined ? [] : [{ label: 'ETA', text: etaText(standing.eta) }]),
    ...standing.causes.map(
      (cause, at): Row => ({ label: at === 0 ? 'Causes' : '', text: causeText(cause, to), style: 'bad' }),
    ),
  ];
};

/** `ready 27 of 27, 3 terminating, target 18 (spec 0, before 30)`. */
const sideText = ({ standing, targets, specTargets, before }: UpgradeStatus, side: Side): string => {
  const spec = targets[side] === specTargets[side] ? '' : `spec ${specTargets[side]}, `;
  const goal = `target ${targets[side]} (${spec}before ${before[side]})`;
  if (standing === undefined) return goal;
  const { ready, asked, terminating } = standing.sides[side];
  return [`ready ${ready} of ${asked}`, ...(terminating > 0 ? [`${terminating} terminating`] : []), goal].join(', ');
};

const historyRows = (status: UpgradeStatus, { now }: StatusFrame): readonly Row[] => {
  const { lastRun, endedAt, summary } = status;
  const ended = endedAt === undefined ? [] : [{ label: 'Ended', text: `${endedAt} (${agoText(endedAt, now)})` }];
  const lastTitle = lastRun === undefined ? '' : outcomeTitle(lastRun.outcome, lastRun.reason);
  return [
    { label: 'Started', text: `${status.startedAt} by ${status.startedBy} (${agoText(status.startedAt, now)})` },
    ...ended,
    ...(lastRun === undefined
      ? []
      : [{ label: 'Last run', text: `${lastTitle} at ${lastRun.at} by ${lastRun.by} (${agoText(lastRun.at, now)})` }]),
    {
      label: 'So far',
      text: `${countText(summary.writes, 'write')} in ${durationText(summary.durationMs)}, lowest ready ${summary.lowestReady}, most pods ${summary.highestPods}`,
    },
  ];
};
