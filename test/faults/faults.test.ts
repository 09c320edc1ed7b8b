import { afterAll, expect, it, onTestFinished } from 'vitest';
import { Random } from '../../src/cluster/virtual/random.ts';
import { planeWithNodes } from '../cluster/nodes.ts';
import { clockOff } from './clock.ts';
import { COURSES, courseOf } from './course.ts';
import { FAULTS, type Fault } from './fault.ts';
import { Gate } from './gate.ts';
import type { Ground } from './ground.ts';
import type { Suffered } from './judged.ts';
import { type Blow, killedAt, requestsOf } from './killed.ts';
import { troubled } from './network.ts';
import { isWrite, type Moment } from './numbered-way.ts';
import { atOnce } from './pool.ts';
import { Quake, RESTARTS } from './restarts.ts';
import { robbed, startedAtOnce, stolenAgain, stoppedAt, THEFTS } from './rivals.ts';
import { type Job, Tally, unjudged } from './tally.ts';

/** So many upgrades go on at once: most of them wait, for pods or for the term of a lock. */
const AT_ONCE = 24;

/** Upgrades with each fault of the network. */
const SEEDS = Number(process.env['FAULT_SEEDS'] ?? 15);

/** Upgrades with all of them, for each that a single fault has. */
const MIXED = 6;

/** How often many drivers start at once, and the lock is stolen again and again. */
const RIVALRIES = 8;

/** How often each program of the control plane is restarted; each time an upgrade of every course goes on. */
const QUAKES = 2;

const tally = new Tally(process.env['FAULT_ONLY'] ?? '');

afterAll(() => {
  process.stdout.write(tally.table);
});

const times = <T>(count: number, make: (seed: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, seed) => make(seed));

type NamedBlow = Blow & { readonly at: number; readonly request: string };

/** All blows to the runs of each course. */
const allBlows = async (): Promise<readonly NamedBlow[]> => {
  const runs = await atOnce(COURSES.length, COURSES, async (ground, course) => ({
    course,
    requests: await requestsOf(ground, course),
  }));
  return runs.flatMap(({ course, requests }) =>
    (['before', 'after'] as const).flatMap((moment) =>
      requests.map((request, index) => ({ at: index + 1, moment, course, request })),
    ),
  );
};

const killsAt = (blows: readonly NamedBlow[]): readonly Job[] =>
  blows.map((blow) => ({
    fault: `SIGKILL just ${blow.moment} each request (${blow.course.mode}, ${blow.course.pacing})`,
    run: (ground) => killedAt(ground, blow),
  }));

const networks: readonly { readonly name: string; readonly faults: readonly Fault[]; readonly upgrades: number }[] = [
  ...FAULTS.map((fault) => ({ name: fault, faults: [fault], upgrades: SEEDS })),
  { name: 'all of these, mixed', faults: FAULTS, upgrades: SEEDS * MIXED },
];

const troubles: readonly Job[] = networks.flatMap(({ name, faults, upgrades }) =>
  times(upgrades, (seed) => ({
    fault: name,
    run: (ground: Ground) => troubled(ground, { seed, faults, course: courseOf(seed) }),
  })),
);

/**
 * One driver or the other gives way, whatever its clock says. Of all blows at writes as many are taken as one course has: the
 * courses take turns, and of those of a course each kind of blow has every other one.
 */
const rivalriesAt = (all: readonly NamedBlow[]): readonly Job[] => {
  const blows = all.filter(({ at, course, request }) => isWrite(request) && course === courseOf(at));
  const everyOther = (moment: Moment, first: 0 | 1) =>
    COURSES.flatMap((course) =>
      blows
        .filter((blow) => blow.moment === moment && blow.course === course)
        .filter((_, index) => index % 2 === first),
    );
  return [
    ...everyOther('before', 0).map((blow) => ({
      fault: 'SIGKILL at a write, clocks that jump to and fro by 20 minutes',
      run: (ground: Ground) => killedAt(ground, blow, [clockOff(0, 600, -600), clockOff(-600, 600)]),
    })),
    ...everyOther('after', 1).map((blow) => ({
      fault: 'SIGKILL at a write, the clocks of the two drivers 20 minutes apart',
      run: (ground: Ground) => killedAt(ground, blow, [clockOff(600), clockOff(-600)]),
    })),
    ...[...everyOther('before', 1), ...everyOther('after', 0)].map((blow) => ({
      fault: `SIGSTOP just ${blow.moment} a write, for longer than the lease`,
      run: (ground: Ground) => stoppedAt(ground, blow),
    })),
    // The thefts of one course are at different writes, and neither mode nor pacing tells which.
    ...THEFTS.flatMap((theft, turn) =>
      COURSES.map((course, index) => ({
        fault: `leases ${theft}`,
        run: (ground: Ground) => robbed(ground, { theft, write: 1 + ((index + (index >> 1) + turn) % 2), course }),
      })),
    ),
    ...times(RIVALRIES, (seed) => ({
      fault: '--steal at random moments, again and again',
      run: (ground: Ground) => stolenAgain(ground, { at: momentsOfTheft(seed), course: courseOf(seed) }),
    })),
  ];
};

/** Which scale write it is of the first driver, of the one that robs it, and so on; there are four in all. */
const momentsOfTheft = (seed: number): readonly number[] => {
  const random = new Random(seed, 'theft');
  return times(3, () => random.between(1, 2));
};

/** So many crowds of drivers at once as the machine carries. */
const crowds = new Gate(2);

const crowdings: readonly Job[] = times(RIVALRIES, (seed) => ({
  fault: '8 drivers started at once',
  run: async (ground: Ground) => {
    await crowds.enter();
    try {
      return await startedAtOnce(ground, { drivers: 8, course: courseOf(seed) });
    } finally {
      crowds.leave();
    }
  },
}));

/** A control plane that restarts, or goes back to a backup; one of its own. */
const shaken = async (): Promise<readonly string[]> => {
  const plane = await planeWithNodes();
  onTestFinished(() => plane.stop());
  const quake = await Quake.on(plane);
  const rows = [
    ...RESTARTS.map((restart) => ({
      fault: restart.fault,
      shake: (seed: number) => quake.restart(restart, seed),
    })),
    { fault: 'etcd restored from a backup', shake: (seed: number) => quake.restore(seed) },
  ];
  const wrong: string[] = [];
  for (const { fault, shake } of rows.filter((row) => tally.counts(row.fault))) {
    const ends: Suffered[] = [];
    for (let seed = 0; seed < QUAKES; seed++)
      ends.push(...(await shake(seed).catch((error: unknown) => [unjudged(error)])));
    wrong.push(...tally.add({ fault, ends }));
  }
  return wrong;
};

/** In one pool, and what takes longest first: the upgrades of some faults take ten times as long as those of others. */
const suffered = async (): Promise<readonly string[]> => {
  const blows = await allBlows();
  const jobs = [...rivalriesAt(blows), ...troubles, ...killsAt(blows)];
  // A crowd after each twenty, so that few have to wait for another.
  return tally.suffered(
    AT_ONCE,
    jobs.flatMap((job, at) => [job, ...crowdings.filter((_, crowd) => 20 * (crowd + 1) === at + 1)]),
  );
};

it('whatever breaks, nothing is lost and nothing is done twice', async () => {
  const ends = await Promise.allSettled([shaken(), suffered()]);
  expect(ends).toEqual(ends.map(() => ({ status: 'fulfilled', value: [] })));
});
