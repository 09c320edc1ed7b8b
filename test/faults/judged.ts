import { decodeRecord } from '../../src/drive/record-codec.ts';
import { beginLeg } from '../../src/upgrade/leg.ts';
import { envelope } from '../../src/upgrade/route.ts';
import type { Counts, CountTrace } from '../cluster/count-trace.ts';
import type { Judge } from '../cluster/judge.ts';
import type { Upgrade } from '../cluster/upgrade.ts';
import { type Course, REPLICAS } from './course.ts';

/** What is wrong with an upgrade, a sentence each. */
export interface Judged {
  /** More or fewer pods than the envelope allows, by a watch on the pods of its own. */
  readonly violations: readonly string[];
  /** Writes that were lost, by a watch on the Deployments of its own, or done twice, by the audit log as well. */
  readonly wrongWrites: readonly string[];
  /** Its counts, its record, its exit code. */
  readonly wrongEnd: readonly string[];
}

/** An upgrade to which something was done. */
export interface Suffered extends Judged {
  /** How often. */
  readonly injected: number;
  /** How long it took each time until all was well again; not of those where nobody needed it any more. */
  readonly recoveriesMs: readonly number[];
}

/** By what an upgrade is judged. */
export interface Evidence {
  readonly judge: Judge;
  readonly trace: CountTrace;
  /** How often the judge may have lost sight. */
  readonly gaps: number;
  /** Whether the audit log counts: that of an API server that was killed has requests without an end. */
  readonly auditLog: boolean;
}

/** Judges an upgrade of REPLICAS with a step of 1 that has ended: never by what the driver says of itself. */
export const judge = async (
  upgrade: Upgrade,
  course: Course,
  evidence: Evidence = { judge: upgrade.judge, trace: upgrade.trace, gaps: 0, auditLog: true },
): Promise<Judged> => {
  const { trace } = evidence;
  const [violations, counts, doubled, wrongEnd] = await Promise.all([
    violationsOf(evidence.judge, course, evidence.gaps),
    trace.upToNow(),
    evidence.auditLog ? doubledWritesOf(upgrade) : [],
    wrongEndOf(upgrade),
  ]);
  return { violations, wrongWrites: [...wrongWritesOf(counts), ...doubled], wrongEnd };
};

export const faultsOf = ({ violations, wrongWrites, wrongEnd }: Judged): readonly string[] => [
  ...violations,
  ...wrongWrites,
  ...wrongEnd,
];

/** The same, each sentence with what happened to the upgrade. */
export const placed = (where: string, { violations, wrongWrites, wrongEnd }: Judged): Judged => {
  const there = (fault: string): string => `${where}: ${fault}`;
  return { violations: violations.map(there), wrongWrites: wrongWrites.map(there), wrongEnd: wrongEnd.map(there) };
};

const violationsOf = async (watching: Judge, { mode, pacing }: Course, most: number): Promise<readonly string[]> => {
  const from = { main: REPLICAS, grey: 0 };
  const bounds = envelope(beginLeg(from, { main: 0, grey: REPLICAS }, { mode, pacing, step: { main: 1, grey: 1 } }));
  const { minReady, maxExisting, gaps } = await watching.stop();
  return [
    ...(minReady < bounds.minReady ? [`${minReady} ready, ${bounds.minReady} promised`] : []),
    ...(maxExisting > bounds.maxExisting ? [`${maxExisting} pods, at most ${bounds.maxExisting} promised`] : []),
    ...(gaps > most ? ['the judge has not seen all of it'] : []),
  ];
};

/** With a step of 1 each side is written once for each replica that it is short of, and never backwards. */
const wrongWritesOf = (counts: readonly Counts[]): readonly string[] => {
  const areSingle = counts.slice(1).every(([main, grey], index) => {
    const [mainBefore, greyBefore] = counts[index] ?? [Number.NaN, Number.NaN];
    return main <= mainBefore && grey >= greyBefore && mainBefore - main + grey - greyBefore === 1;
  });
  const [main, grey] = counts[0] ?? [Number.NaN, Number.NaN];
  if (counts.length === main + REPLICAS - grey + 1 && areSingle) return [];
  return [`the counts were ${counts.map((each) => each.join()).join(' ')}`];
};

/** One that is done twice changes nothing the second time, and so no watch shows it. */
const doubledWritesOf = async (upgrade: Upgrade): Promise<readonly string[]> => {
  const writes = (await upgrade.acceptedWrites()).map(({ deployment, replicas }) => `${deployment} to ${replicas}`);
  return writes.filter((write, at) => writes.indexOf(write) < at).map((write) => `${write} was written twice`);
};

const wrongEndOf = async (upgrade: Upgrade): Promise<readonly string[]> => {
  const counts = await upgrade.counts();
  const phase = await phaseOf(upgrade);
  return [
    ...(counts.join() === `0,${REPLICAS}` ? [] : [`the counts are ${counts.join()}`]),
    ...(phase === 'completed' ? [] : [`the record says ${phase}`]),
  ];
};

const phaseOf = async ({ namespace, name }: Upgrade): Promise<string> => {
  try {
    const { metadata, data = {} } = await namespace.get('configmaps', `dupgrade-${name}`);
    return decodeRecord({ metadata: { ...metadata, namespace: namespace.name }, data }).phase;
  } catch (error) {
    return String(error);
  }
};
