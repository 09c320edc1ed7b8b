import { afterAll, expect, it } from 'vitest';
import { MODES, PACINGS } from '../../src/upgrade/leg.ts';
import { FAULTS, type Fault } from './fault.ts';
import { type Course, type Judged, faultsOf } from './judged.ts';
import { AT_ONCE, killedAt, requestsOf, sampled } from './killed.ts';
import { troubled } from './network.ts';
import { atOnce } from './pool.ts';
import { type Row, tableOf } from './table.ts';

/** Upgrades with each fault of the network. */
const SEEDS = Number(process.env['FAULT_SEEDS'] ?? 15);

/** Upgrades with all of them, for each that a single fault has. */
const MIXED = 7;

const courses = MODES.flatMap((mode) => PACINGS.map((pacing) => ({ mode, pacing })));
const courseOf = (seed: number): Course =>
  courses[seed % courses.length] ?? { mode: 'scaleOutPriority', pacing: 'window' };
const rows: Row[] = [];

afterAll(() => {
  process.stdout.write(tableOf(rows));
});

const tally = (fault: string, ends: readonly Judged[], injected: number, recoveriesMs: readonly number[]): void => {
  rows.push({
    fault,
    injected,
    upgrades: ends.length,
    violations: ends.filter(({ violations }) => violations.length > 0).length,
    wrongWrites: ends.filter(({ wrongWrites }) => wrongWrites.length > 0).length,
    wrongEnds: ends.filter(({ wrongEnd }) => wrongEnd.length > 0).length,
    recoveriesMs,
  });
};

it.each(courses)('a driver killed at its requests is succeeded: $mode, $pacing', async (course) => {
  const numbers = sampled(await requestsOf(course), 6);
  for (const moment of ['before', 'after'] as const) {
    const ends = await atOnce(AT_ONCE, numbers, (at) => killedAt(at, moment, course));
    const killed = ends.filter(({ struck }) => struck !== undefined);
    const recoveriesMs = killed.map(({ recoveryMs }) => recoveryMs);
    tally(`SIGKILL just ${moment} a request (${course.mode}, ${course.pacing})`, ends, killed.length, recoveriesMs);
    expect(ends.flatMap(faultsOf)).toEqual([]);
    // Two leases, the record, four scale writes, each with its record: a run writes more often than this.
    expect(killed.length).toBeGreaterThan(10);
    expect(killed.filter(({ struck }) => struck?.startsWith('PATCH') && struck.endsWith('/scale'))).not.toEqual([]);
  }
});

const networks: readonly { readonly name: string; readonly faults: readonly Fault[]; readonly upgrades: number }[] = [
  ...FAULTS.map((fault) => ({ name: fault, faults: [fault], upgrades: SEEDS })),
  { name: 'all of these, mixed', faults: FAULTS, upgrades: SEEDS * MIXED },
];

it('a bad network is got over, whatever is bad about it', async () => {
  // All in one pool: the upgrades of some faults take ten times as long as those of others.
  const jobs = networks.flatMap(({ name, faults, upgrades }) =>
    Array.from({ length: upgrades }, (_, seed) => ({ name, faults, seed })),
  );
  const ends = await atOnce(AT_ONCE, jobs, async ({ name, faults, seed }) => ({
    name,
    ...(await troubled(seed, faults, courseOf(seed))),
  }));
  for (const { name } of networks) {
    const own = ends.filter((end) => end.name === name);
    const injected = own.flatMap((end) => end.injected);
    const recoveriesMs = injected.flatMap(({ recoveredMs }) => (recoveredMs === undefined ? [] : [recoveredMs]));
    tally(name, own, injected.length, recoveriesMs);
  }
  expect(ends.flatMap(faultsOf)).toEqual([]);
  expect(rows.filter(({ injected }) => injected === 0)).toEqual([]);
});
