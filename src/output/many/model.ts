import type { UpgradeEvent } from '../../upgrade/events.ts';
import { type Cause, isSlowOnly } from '../../upgrade/health.ts';
import { doneTotal } from '../../upgrade/progress.ts';
import { beginLeg, wayOf } from '../../upgrade/leg.ts';
import { SIDES } from '../../upgrade/side.ts';
import type { EventOf } from '../event-text.ts';
import { EMPTY_MODEL, type LiveModel, reduce } from '../live-model.ts';
import type { UpgradeName } from '../wording.ts';

/** What the table knows of one upgrade. */
export type RowModel = {
  readonly upgrade: UpgradeName;
  readonly label: string;
  readonly live: LiveModel;
  /** Whether it was begun: before that it waits for its turn. */
  readonly isBegun: boolean;
  readonly ended?: EventOf<'ended'>;
  /** Refused, or ended by an error: with what exit code. */
  readonly failed?: number;
};

export const waitingRow = (upgrade: UpgradeName, label: string): RowModel => ({
  upgrade,
  label,
  live: EMPTY_MODEL,
  isBegun: false,
});

export const afterEvent = (row: RowModel, event: UpgradeEvent): RowModel =>
  event.type === 'ended' ? { ...row, ended: event } : { ...row, live: reduce(row.live, event) };

/** What keeps an upgrade from going on that is not only slow, the first of it. */
export const hindrance = ({ live }: RowModel): Cause | undefined =>
  live.standing?.causes.find((cause) => !isSlowOnly(cause));

/** From what somebody has to look at to what is over. */
export const KINDS = ['bad', 'held', 'stuck', 'running', 'waiting', 'done'] as const;

export type RowKind = (typeof KINDS)[number];

export const kindOf = (row: RowModel): RowKind => {
  const exitCode = row.ended?.exitCode ?? row.failed;
  if (exitCode !== undefined) return exitCode === 0 ? 'done' : 'bad';
  if (!row.isBegun) return 'waiting';
  if (row.live.held !== undefined) return 'held';
  return hindrance(row) === undefined ? 'running' : 'stuck';
};

/** The most interesting first, and among equals those that were to begin first. */
export const inOrder = (rows: readonly RowModel[]): readonly RowModel[] =>
  rows.toSorted((a, b) => KINDS.indexOf(kindOf(a)) - KINDS.indexOf(kindOf(b)));

/** How far it has come on its leg, or from where it began to its targets, from 0 to 1; undefined where that is not known yet. */
export const shareDone = (row: RowModel): number | undefined => {
  if (kindOf(row) === 'done') return 1;
  const { leg, run, standing } = row.live;
  const way = leg?.leg ?? (run && beginLeg(run.before, run.targets, run.way));
  if (way === undefined || standing === undefined) return undefined;
  const total = SIDES.reduce((sum, side) => sum + wayOf(way, side), 0);
  return total === 0 ? 1 : Math.max(0, doneTotal(way, standing.sides)) / total;
};
