import type { Side } from '../upgrade/side.ts';
import type { UpgradeStatus } from '../upgrade/status.ts';
import { type Glyphs, glyphsOf } from './glyphs.ts';
import { widthOf } from './line.ts';
import { printableValue } from './printable.ts';
import { durationText } from './wording.ts';

export type ListFrame = {
  /** Ms since the epoch. */
  readonly now: number;
  readonly unicode: boolean;
  /** Whether the upgrades are of all namespaces, so that each must say which. */
  readonly allNamespaces: boolean;
};

/** What `dupgrade list` prints: a line for each upgrade, as kubectl shows objects. Of a side: ready/asked, target. */
export const renderList = (given: readonly UpgradeStatus[], frame: ListFrame): string => {
  if (given.length === 0) return 'No upgrades found.\n';
  const glyphs = glyphsOf(frame.unicode);
  const titles = ['NAME', 'STATE', 'MAIN', 'GREY', 'MODE', 'AGE', 'DRIVER'];
  const upgrades = given.map((status) => printableValue(status));
  const rows = upgrades.map((status) => cellsOf(status, frame.now, glyphs));
  if (!frame.allNamespaces) return tableText([titles, ...rows]);
  return tableText([['NAMESPACE', ...titles], ...rows.map((row, at) => [upgrades[at]?.namespace ?? '', ...row])]);
};

const cellsOf = (status: UpgradeStatus, now: number, glyphs: Glyphs): readonly string[] => [
  status.name,
  status.state,
  sideCell(status, 'main', glyphs),
  sideCell(status, 'grey', glyphs),
  status.way.mode,
  durationText(now - Date.parse(status.startedAt)),
  status.driver?.holder ?? '<none>',
];

/** `27/27→0`: ready, asked, target; `?/?→0` where a Deployment is gone. */
const sideCell = ({ standing, targets }: UpgradeStatus, side: Side, { arrow }: Glyphs): string => {
  const seen = standing?.sides[side];
  return `${seen?.ready ?? '?'}/${seen?.asked ?? '?'}${arrow}${targets[side]}`;
};

/** Columns as wide as their widest cell, three spaces apart, as kubectl does. */
export const tableText = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => widthOf(row[at] ?? ''))));
  const lines = rows.map((row) =>
    row
      .map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - widthOf(cell)))
      .join('   ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
};
