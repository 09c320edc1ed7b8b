import {
  array,
  boolean,
  enum as oneOf,
  int,
  literal,
  object,
  exactOptional,
  string,
  templateLiteral,
  number,
  tuple,
  union,
  type ZodType,
} from 'zod';
import type { ConfigMap } from '../cluster/port.ts';
import type { CurvePoint } from '../upgrade/curve.ts';
import { MODES, PACINGS } from '../upgrade/leg.ts';
import { POD_REPLACEMENT_POLICIES } from '../upgrade/observation.ts';
import type { UpgradeRecord } from '../upgrade/record.ts';
import { remembered } from '../upgrade/remembered.ts';
import { RecordUnreadable } from './record-unreadable.ts';

/** Raised when a change of the format makes an older dupgrade misread it. */
const FORMAT = '1';

const replicas = int().min(0).max(2_147_483_647);
const both = <T extends ZodType>(of: T) => object({ main: of, grey: of });
const step = union([int().min(1), templateLiteral([number(), '%'])]);
const way = object({ mode: oneOf(MODES), step: both(step), pacing: oneOf(PACINGS) });
const text = string();
const verb = oneOf(['start', 'pause', 'resume', 'set-target', 'abort', 'rollback']);
const outcome = oneOf([
  'reached',
  'rolled-back',
  'held',
  'aborted',
  'stuck',
  'timed-out',
  'unreachable',
  'denied',
  'locked',
  'foreign-write',
  'template-changed',
  'deployment-gone',
  'namespace-gone',
  'record-gone',
  'record-unreadable',
  'interrupted',
]);

const spec = object({
  name: text,
  deployments: both(object({ namespace: text, name: text })),
  targets: both(replicas),
  way,
  limits: object({ minReady: exactOptional(replicas), maxPods: exactOptional(replicas) }),
  progressDeadlineMs: number().positive(),
  podReplacementPolicy: oneOf(POD_REPLACEMENT_POLICIES),
});

const intent = object({
  revision: int().min(1),
  paused: boolean(),
  course: oneOf(['forward', 'back']),
  targets: both(replicas),
  way,
  by: text,
  at: text,
});

const leg = object({
  mode: oneOf(MODES),
  pacing: oneOf(PACINGS),
  step: both(int().min(1)),
  from: both(replicas),
  to: both(replicas),
  revision: int().min(1),
  arrivedAt: exactOptional(text),
});

const entry = union([
  object({
    at: text,
    by: text,
    did: literal('verb'),
    verb,
    targets: exactOptional(both(replicas)),
    way: exactOptional(way),
  }),
  object({ at: text, by: text, did: literal('scaled'), side: oneOf(['main', 'grey']), from: replicas, to: replicas }),
  object({ at: text, by: text, did: literal('leg'), from: both(replicas), to: both(replicas) }),
  object({ at: text, by: text, did: literal('ended'), outcome, reason: exactOptional(text) }),
]);

const progress = object({
  deployments: both(object({ uid: text, before: replicas, template: text })),
  startedAt: text,
  startedBy: text,
  phase: oneOf(['active', 'completed', 'rolled-back', 'aborted']),
  endedAt: exactOptional(text),
  asked: both(replicas),
  tally: object({ writes: int().min(0), lowestReady: int().min(0), highestPods: int().min(0) }),
  lastRun: exactOptional(object({ at: text, by: text, outcome, reason: exactOptional(text) })),
});

const past = array(
  object({
    startedAt: text,
    startedBy: text,
    endedAt: text,
    phase: oneOf(['completed', 'rolled-back', 'aborted']),
    from: both(replicas),
    to: both(replicas),
    writes: int().min(0),
    lowestReady: int().min(0),
    highestPods: int().min(0),
  }),
);

/** Seconds since the start, ready pods of main and of grey, the fewest ready and the most pods of both, GPUs. */
const curve = array(tuple([number().min(0), replicas, replicas, replicas, replicas, number().min(0)]));

const journal = object({ dropped: int().min(0), entries: array(entry) });

/**
 * The record as the data of a ConfigMap: a key for each part that a person may want to read. What is long is put together
 * when it is read: most that a cluster in memory is given is overwritten before anybody has read it.
 */
export const encodeRecord = (record: UpgradeRecord): Record<string, string> => ({
  format: FORMAT,
  source: record.source,
  spec: written(record.spec),
  intent: written(record.intent),
  leg: written(record.leg),
  progress: pretty({
    deployments: record.deployments,
    startedAt: record.startedAt,
    startedBy: record.startedBy,
    phase: record.phase,
    endedAt: record.endedAt,
    asked: record.asked,
    tally: record.tally,
    lastRun: record.lastRun,
  }),
  // An entry a line: hundreds of them, and a diff shows which are new.
  get journal() {
    return writtenJournal(record);
  },
  past: writtenPast(record.past),
  get curve() {
    return writtenCurve(record.curve);
  },
});

/** Reads a record back; throws RecordUnreadable rather than guess. */
export const decodeRecord = (map: ConfigMap): UpgradeRecord => {
  const where = `ConfigMap ${map.metadata.namespace}/${map.metadata.name}`;
  const format = map.data?.['format'];
  if (format !== FORMAT) {
    throw new RecordUnreadable(
      format === undefined
        ? `${where} does not hold the record of an upgrade: it has no key "format"`
        : `${where} holds a record of format ${JSON.stringify(format)}; this dupgrade reads format ${FORMAT}`,
    );
  }
  const part = <T>(key: string, schema: ZodType<T>): T => read(where, key, map.data?.[key], schema);
  const { dropped, entries } = part('journal', journal);
  return {
    ...part('progress', progress),
    spec: part('spec', spec),
    source: map.data?.['source'] ?? '',
    intent: part('intent', intent),
    leg: part('leg', leg),
    journal: entries,
    journalDropped: dropped,
    // Records of the first format did not have these two.
    past: map.data?.['past'] === undefined ? [] : part('past', past),
    curve: map.data?.['curve'] === undefined ? [] : part('curve', curve).map(pointOf),
  };
};

const read = <T>(where: string, key: string, value: string | undefined, schema: ZodType<T>): T => {
  if (value === undefined) throw new RecordUnreadable(`${where} lacks the key "${key}" of a record`);
  let json: unknown;
  try {
    json = JSON.parse(value);
  } catch {
    throw new RecordUnreadable(`${where}: the key "${key}" is not JSON; was it edited by hand?`);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = [key, ...(issue?.path ?? [])].join('.');
  throw new RecordUnreadable(
    `${where}: ${field} makes no sense (${issue?.message ?? 'invalid'}); was it edited by hand?`,
  );
};

type Row = readonly [seconds: number, main: number, grey: number, ready: number, pods: number, gpus: number];

const rowOf = ({ atMs, main, grey, ready, pods, gpus }: CurvePoint): Row => [
  atMs / 1000,
  main,
  grey,
  ready,
  pods,
  gpus,
];

const pointOf = ([seconds, main, grey, ready, pods, gpus]: Row): CurvePoint => ({
  atMs: Math.round(seconds * 1000),
  main,
  grey,
  ready,
  pods,
  gpus,
});

const linesOf = (items: readonly object[]): string => `[\n${items.map(line).join(',\n')}\n]`;

const pretty = (value: unknown): string => JSON.stringify(value, undefined, 2);

// Made once for each value: of a record, most is what it was when it was written last.
const written = remembered(pretty);
const line = remembered((each: object) => JSON.stringify(each));
const writtenPast = remembered((upgrades: UpgradeRecord['past']) => linesOf(upgrades));
const writtenJournal = remembered(
  ({ journal: entries, journalDropped }: UpgradeRecord) =>
    `{"dropped": ${journalDropped}, "entries": ${linesOf(entries)}}`,
);
const writtenCurve = remembered((points: readonly CurvePoint[]) => linesOf(points.map(rowOf)));
