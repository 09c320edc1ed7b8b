import { type Plan, RESOURCES } from '../upgrade/plan.ts';
import type { KnownSpan, PlanReport, Unknown } from '../upgrade/plan-report.ts';
import { otherSide, type PerSide, SIDES, type Side } from '../upgrade/side.ts';
import { adviceText, amountText, moreText, shortageText } from './advice-text.ts';
import { refusalText } from './refusal-text.ts';
import type { Row } from './rows.ts';
import { countText, durationText, listText, podsText, type Program, withoutStop } from './wording.ts';

/** What stands under the table of a plan. */
export const planRows = (report: PlanReport, program: Program): readonly Row[] => [
  ...summaryRows(report, program),
  ...closingRows(report, program),
];

const summaryRows = (report: PlanReport, program: Program): readonly Row[] => {
  if (report.alternatives !== undefined) {
    const { advice } = report;
    const text = advice === undefined ? '' : adviceText(advice);
    const style = advice?.take === undefined ? 'bad' : 'good';
    return [...(text === '' ? [] : [{ label: 'Advice', text, style } as const]), ...timesRows(report)];
  }
  const { lowestReady, peak, extra, duration } = report;
  const peaks = [
    countText(peak.pods, 'pod'),
    ...RESOURCES.flatMap((resource) => (peak[resource] ? [amountText(resource, peak[resource])] : [])),
  ];
  const more = moreText(extra);
  return [
    { label: 'Ready', text: `at least ${countText(lowestReady, 'pod')} on the whole way` },
    { label: 'Peak', text: `${listText(peaks)}${more === '' ? ', no more than now' : `: ${more} than now`}` },
    ...roomRows(report, program),
    ...(duration === undefined ? [] : [{ label: 'Duration', text: spanText(duration) }]),
    ...timesRows(report),
  ];
};

/** What is not known is told elsewhere. */
const roomRows = ({ room, shortages, known, from, to }: PlanReport, program: Program): readonly Row[] => {
  const label = 'Room';
  switch (room) {
    case 'not-needed':
      return [{ label, text: 'no more than what is in use now' }];
    case 'enough':
      return [{ label, text: `enough${freeText(known.free, from, to)}`, style: 'good' }];
    case 'short': {
      const short = shortages.map((shortage) => shortageText(shortage)).join('; ');
      const text = `not enough: it needs ${short}. The other ways: ${program} plan SPEC --all-modes`;
      return [{ label, text, style: 'bad' }];
    }
    case 'unknown':
      return [];
  }
};

/** `: 40 GPUs are free, and there is room for 5 more grey pods`, of the side that is added to. */
const freeText = (free: PlanReport['known']['free'], from: PerSide<number>, to: PerSide<number>): string => {
  const side: Side = to.grey > from.grey ? 'grey' : 'main';
  const { gpus, pods } = free[side];
  const parts = [
    ...(gpus === undefined || gpus === 0 ? [] : [`${amountText('gpus', gpus)} ${gpus === 1 ? 'is' : 'are'} free`]),
    ...(pods === undefined ? [] : [`there is room for ${countText(pods, `more ${side} pod`)}`]),
  ];
  return parts.length === 0 ? '' : `: ${listText(parts)}`;
};

const spanText = ({ typicalMs, slowestMs }: NonNullable<Plan['duration']>): string =>
  slowestMs > typicalMs
    ? `${durationText(typicalMs)}, or up to ${durationText(slowestMs)} if every pod is as slow as the slowest`
    : durationText(typicalMs);

/** How long pods take, and how that is known. */
const timesRows = ({ known: { ready, gone } }: PlanReport): readonly Row[] => {
  if (ready === undefined) return [];
  // A side of which none runs is taken to be as the other: told once.
  const told = SIDES.find((side) => ready[otherSide(side)].source === 'other-side');
  const readyAfter = told === undefined ? bothText(ready, readyText) : readyText(ready[told], told);
  return [{ label: 'Pods', text: `ready after ${readyAfter}; gone after ${bothText(gone, goneText)}` }];
};

const bothText = (spans: PerSide<KnownSpan>, text: (span: KnownSpan, side: Side) => string): string => {
  const [main, grey] = [text(spans.main, 'main'), text(spans.grey, 'grey')];
  return main === grey ? main : `${main} (main) and ${grey} (grey)`;
};

const readyText = ({ typicalMs, slowestMs, source, pods = 0 }: KnownSpan, side: Side): string => {
  const times = `${durationText(typicalMs)}${slowestMs > typicalMs ? ` (the slowest ${durationText(slowestMs)})` : ''}`;
  return source === 'pods' ? `${times}, by ${podsText(pods, side)}` : times;
};

const goneText = ({ typicalMs, source }: KnownSpan): string => {
  if (source === 'grace-period') return `${durationText(typicalMs)} at most, their grace period`;
  return source === 'default-grace-period'
    ? `${durationText(typicalMs)}, the default grace period`
    : durationText(typicalMs);
};

const closingRows = (report: PlanReport, program: Program): readonly Row[] => {
  const { name, namespace, waypoints, arrives, blockedBy } = report;
  const end = waypoints.at(-1);
  const removedExtra = report.podReplacementPolicy === 'TerminationStarted' && report.alternatives === undefined;
  return [
    ...(arrives || end === undefined
      ? []
      : [
          {
            label: 'Ends',
            text: `at main ${end.main}, grey ${end.grey}, short of the targets: limits.${blockedBy} lets it go no further`,
            style: 'bad',
          } as const,
        ]),
    ...(removedExtra
      ? [
          {
            label: 'Note',
            text: 'pods that are being removed are not counted (podReplacementPolicy), though they may still hold their GPUs',
          },
        ]
      : []),
    ...report.unknown.map(
      (unknown, at): Row => ({
        label: at === 0 ? 'Not known' : '',
        text: unknownText(unknown),
        style: 'warn',
      }),
    ),
    ...report.obstacles.map(
      (refusal, at): Row => ({
        label: at === 0 ? 'Refused' : '',
        text: refusalText(refusal, { program, upgrade: { name, namespace } }),
        style: 'bad',
      }),
    ),
  ];
};

const unknownText = ({ what, why, message }: Unknown): string => {
  switch (what) {
    case 'ready-time':
      return why === 'no-ready-pods'
        ? 'how long it takes, as no pod is ready whose start could be looked at: give --ready-after 8m'
        : 'how long it takes: give --ready-after 8m, and --gone-after 30s';
    case 'gpus':
      return 'how many GPUs it takes: give --gpus N, those of one pod';
    case 'room':
      return why === 'denied'
        ? `what is free, as ${withoutStop(message ?? 'access was denied')}: give --free-gpus N`
        : 'what is free: give --free-gpus N';
  }
};
