import type { Upgrade } from '../cluster/upgrade.ts';
import { beginLeg, type Mode, type Pacing } from '../../src/upgrade/leg.ts';
import { envelope } from '../../src/upgrade/route.ts';

/** So many replicas move from main to grey, one at a time: few enough for hundreds of upgrades. */
export const REPLICAS = 2;

/** What is wrong with an upgrade, a sentence each. */
export interface Judged {
  /** More or fewer pods than the envelope allows, by a watch on the pods of its own. */
  readonly violations: readonly string[];
  /** Writes that were lost or done twice, by the audit log. */
  readonly wrongWrites: readonly string[];
  /** Its counts, its record, its exit code. */
  readonly wrongEnd: readonly string[];
}

export interface Course {
  readonly mode: Mode;
  readonly pacing: Pacing;
}

/** Judges an upgrade of REPLICAS with a step of 1 that has ended: never by what the driver says of itself. */
export const judge = async (upgrade: Upgrade, course: Course): Promise<Judged> => {
  const [violations, wrongWrites, wrongEnd] = await Promise.all([
    violationsOf(upgrade, course),
    wrongWritesOf(upgrade),
    wrongEndOf(upgrade),
  ]);
  return { violations, wrongWrites, wrongEnd };
};

export const faultsOf = ({ violations, wrongWrites, wrongEnd }: Judged): readonly string[] => [
  ...violations,
  ...wrongWrites,
  ...wrongEnd,
];

const violationsOf = async (upgrade: Upgrade, { mode, pacing }: Course): Promise<readonly string[]> => {
  const from = { main: REPLICAS, grey: 0 };
  const bounds = envelope(beginLeg(from, { main: 0, grey: REPLICAS }, { mode, pacing, step: { main: 1, grey: 1 } }));
  const { minReady, maxExisting, gaps } = await upgrade.judge.stop();
  return [
    ...(minReady < bounds.minReady ? [`${minReady} ready, ${bounds.minReady} promised`] : []),
    ...(maxExisting > bounds.maxExisting ? [`${maxExisting} pods, at most ${bounds.maxExisting} promised`] : []),
    ...(gaps > 0 ? ['the judge has not seen all of it'] : []),
  ];
};

/** With a step of 1 each side is written once for each replica, and never backwards. */
const wrongWritesOf = async (upgrade: Upgrade): Promise<readonly string[]> => {
  const writes = await upgrade.writes([REPLICAS, 0]);
  const areSingle = writes.slice(1).every(([main, grey], index) => {
    const [mainBefore, greyBefore] = writes[index] ?? [Number.NaN, Number.NaN];
    return main <= mainBefore && grey >= greyBefore && mainBefore - main + grey - greyBefore === 1;
  });
  if (writes.length === 2 * REPLICAS + 1 && areSingle) return [];
  return [`the writes are ${writes.map((write) => write.join()).join(' ')}`];
};

const wrongEndOf = async (upgrade: Upgrade): Promise<readonly string[]> => {
  const counts = await upgrade.counts();
  const { code, stdout, stderr } = await upgrade.command('status', upgrade.name, '-o', 'json');
  return [
    ...(counts.join() === `0,${REPLICAS}` ? [] : [`the counts are ${counts.join()}`]),
    ...(code === 0 && stdout.includes('"completed"') ? [] : [`the record: ${stdout}${stderr}`]),
  ];
};
