import { GREY, type Upgrade } from '../cluster/upgrade.ts';
import type { Cli } from '../support/process.ts';
import { type Course, drive, REPLICAS } from './course.ts';
import type { Blow } from './killed.ts';
import type { Ground } from './ground.ts';
import { judge, placed, type Suffered } from './judged.ts';
import { type Asked, type Halt, isScale, isWrite, NumberedWay, requestAt } from './numbered-way.ts';

const LOCKED = 8;

/** So many drivers start the same upgrade at one moment; all but one end with 8, and without a write. */
export const startedAtOnce = async (
  ground: Ground,
  { drivers, course }: { readonly drivers: number; readonly course: Course },
): Promise<Suffered> => {
  // Nothing is ready, and so nobody is done, before the others are gone.
  const upgrade = await ground.upgrade({ greyBehaviour: { mode: 'never-ready' } });
  const ways = await Promise.all(Array.from({ length: drivers }, () => NumberedWay.open()));
  const from = performance.now();
  const recoveriesMs: number[] = [];
  const all = await Promise.all(
    ways.map(async (way) => ({ way, driver: await drive(upgrade, course, { kubeconfig: way.kubeconfig }) })),
  );
  const othersGone = Promise.withResolvers<void>();
  for (const { driver } of all) {
    void driver.exit.then(() => {
      recoveriesMs.push(performance.now() - from);
      if (recoveriesMs.length >= drivers - 1) othersGone.resolve();
    });
  }
  await othersGone.promise;
  await becomeReadyOneByOne(upgrade);
  const ends = await Promise.all(all.map(async ({ way, driver }) => ({ way, driver, code: (await driver.exit).code })));
  await Promise.all(ways.map((way) => way.close()));
  const others = ends.filter(({ code }) => code !== 0);
  const wrong = [
    ...(others.length === drivers - 1 ? [] : [`${drivers - others.length} of ${drivers} drivers ended with 0`]),
    ...others.flatMap(({ code, driver }) => (code === LOCKED ? [] : [endingOf('one', code, driver)])),
  ];
  const judged = await judge(upgrade, course);
  return {
    injected: drivers - 1,
    recoveriesMs: recoveriesMs.slice(0, drivers - 1),
    ...placed(`${drivers} at once, ${course.mode}, ${course.pacing}`, {
      ...judged,
      wrongWrites: [...judged.wrongWrites, ...others.flatMap(({ way }) => stateWrites(way.asked))],
      wrongEnd: [...wrong, ...judged.wrongEnd],
    }),
  };
};

/**
 * A driver is stopped at one of its requests, which is kept back with it: between its decision and its write, or between a
 * write and its record. Another ends the upgrade; then the request reaches the API server, and the first goes on.
 */
export const stoppedAt = async (ground: Ground, { at, moment, course }: Blow): Promise<Suffered> => {
  const upgrade = await ground.upgrade();
  const recoveriesMs: number[] = [];
  const wrong: string[] = [];
  let overMs = Number.POSITIVE_INFINITY;
  const act = async (): Promise<void> => {
    first.kill('SIGSTOP');
    const from = performance.now();
    const second = await drive(upgrade, course);
    const { code } = await second.exit;
    recoveriesMs.push(performance.now() - from);
    if (code !== 0) wrong.push(endingOf('the second', code, second));
    // Where the end was recorded already, nobody needs the lock any more.
    if (second.stdout.includes('driven by')) overMs = performance.now();
    // The answer is for the first to see when it goes on.
    if (moment === 'after') first.kill('SIGCONT');
  };
  const way = await NumberedWay.open({
    at: requestAt(at),
    moment,
    act,
    ...(moment === 'before' && { passed: () => first.kill('SIGCONT') }),
  });
  const first = await drive(upgrade, course, { kubeconfig: way.kubeconfig });
  const { code } = await first.exit;
  await way.close();
  const { halted } = way;
  // It may also find the upgrade done.
  if (code !== LOCKED && code !== 0) wrong.push(endingOf('the first', code, first));
  const late = way.asked.filter((asked) => asked.askedMs > overMs || (asked === halted && moment === 'before'));
  const judged = await judge(upgrade, course);
  return {
    injected: recoveriesMs.length,
    recoveriesMs,
    ...placed(`${course.mode}, ${course.pacing}, stopped ${moment} request ${at} (${halted?.request ?? 'none'})`, {
      ...judged,
      wrongWrites: [...judged.wrongWrites, ...(Number.isFinite(overMs) ? stateWrites(late) : [])],
      wrongEnd: [...wrong, ...judged.wrongEnd],
    }),
  };
};

/** What is done to the leases, with kubectl and the like, while a driver holds them. */
export const THEFTS = ['taken by hand', 'deleted by hand'] as const;

type Theft = (typeof THEFTS)[number];

/**
 * At one of a driver's scale writes somebody lays hands on its leases. Where another holds them, it ends with 8, and the next
 * goes on; where they are gone, nobody does, and it makes them anew and goes on itself.
 */
export const robbed = async (
  ground: Ground,
  { theft, write, course }: { readonly theft: Theft; readonly write: number; readonly course: Course },
): Promise<Suffered> => {
  // So slow that the driver renews its leases before it is done.
  const upgrade = await ground.upgrade({ behaviour: { readySeconds: SLOW_SECONDS } });
  const way = await NumberedWay.open({
    at: nthScale(write),
    moment: 'before',
    act: () => layHandsOn(upgrade, theft),
  });
  const first = await drive(upgrade, course, { kubeconfig: way.kubeconfig });
  const { code } = await first.exit;
  await way.close();
  const isTaken = theft === 'taken by hand';
  const wrong = code === (isTaken ? LOCKED : 0) ? [] : [endingOf('the first', code, first)];
  const from = performance.now();
  const second = await drive(upgrade, course);
  const ending = await second.exit;
  if (ending.code !== 0) wrong.push(endingOf('the second', ending.code, second));
  const judged = await judge(upgrade, course);
  return {
    injected: way.halted === undefined ? 0 : 1,
    recoveriesMs: [performance.now() - from],
    ...placed(`${course.mode}, ${course.pacing}, leases ${theft} at write ${write}`, {
      ...judged,
      wrongWrites: [...judged.wrongWrites, ...(isTaken ? stateWrites(sinceNoticed(way.asked)) : [])],
      wrongEnd: [...wrong, ...judged.wrongEnd],
    }),
  };
};

/** One driver takes the lock from another, again and again, each time at one of the victim's scale writes: the `at`-th. */
export const stolenAgain = async (
  ground: Ground,
  { at, course }: { readonly at: readonly number[]; readonly course: Course },
): Promise<Suffered> => {
  const upgrade = await ground.upgrade({ behaviour: { readySeconds: SLOW_SECONDS } });
  const ways: NumberedWay[] = [];
  const drivers: Cli[] = [];
  const next = async (): Promise<void> => {
    const turn = drivers.length;
    // It does not wait for the thief: the victim goes on as if nothing were.
    const theft: Halt = { at: nthScale(at[turn] ?? 0), moment: 'before', act: () => void started(next()) };
    const way = await NumberedWay.open(theft);
    ways.push(way);
    drivers.push(await drive(upgrade, course, { kubeconfig: way.kubeconfig, options: turn === 0 ? [] : ['--steal'] }));
  };
  const starts: Promise<void>[] = [];
  const started = (start: Promise<void>): number => starts.push(start);
  await next();
  const codes: (number | null)[] = [];
  for (let turn = 0; turn < drivers.length; turn++) {
    codes.push((await drivers[turn]?.exit)?.code ?? null);
    await Promise.all(starts);
  }
  await Promise.all(ways.map((way) => way.close()));
  const wrong = codes.flatMap((code, turn) =>
    code === 0 || code === LOCKED ? [] : [endingOf(`driver ${turn + 1}`, code, drivers[turn])],
  );
  if (!codes.includes(0)) wrong.push(`all ended with ${codes.join()}`);
  const judged = await judge(upgrade, course);
  return {
    injected: codes.filter((code) => code === LOCKED).length,
    recoveriesMs: [],
    ...placed(`${course.mode}, ${course.pacing}, stolen at writes ${at.join()}`, {
      ...judged,
      wrongWrites: [...judged.wrongWrites, ...ways.flatMap((way) => stateWrites(sinceNoticed(way.asked)))],
      wrongEnd: [...wrong, ...judged.wrongEnd],
    }),
  };
};

/** Longer than it takes a driver to renew its leases. */
const SLOW_SECONDS = 4;

const layHandsOn = async ({ namespace }: Upgrade, theft: Theft): Promise<void> => {
  for (const { metadata } of await namespace.list('leases')) {
    if (theft === 'deleted by hand') await namespace.remove('leases', metadata.name);
    else await namespace.patch('leases', metadata.name, { spec: { holderIdentity: 'somebody' } });
  }
};

const nthScale = (nth: number): Halt['at'] => {
  let count = 0;
  return (_, request) => isScale(request) && ++count === nth;
};

/** Requests that changed replicas or the record, a sentence each. Leases and Events are nothing of an upgrade's state. */
const stateWrites = (asked: readonly Asked[]): readonly string[] =>
  asked
    .filter(({ request, code = 0 }) => isWrite(request) && code < 300 && code > 0)
    .filter(({ request }) => isScale(request) || request.includes('/configmaps'))
    .map(({ request }) => `${request} was accepted of a driver that had no lock`);

/** From when a driver is told that it has lost the lock until it has read that, on a machine with a dozen of them for each core. */
const READ_MS = 1000;

/**
 * What was asked after the API server had refused to renew a lease, and had told who has it, and the driver had the time to
 * read that; a driver that went on would go on for seconds. Who takes a lease that was renewed in the meantime is refused as
 * well, and takes it then: that is nothing that is lost.
 */
const sinceNoticed = (asked: readonly Asked[]): readonly Asked[] => {
  const isPut = ({ request }: Asked): boolean => request.startsWith('PUT') && isOfLease(request);
  const refused = asked.findIndex(
    (each, at) =>
      isPut(each) &&
      each.code !== 200 &&
      !asked.slice(at).some(({ request, code }) => request === each.request && code === 200),
  );
  const told = asked.find(
    ({ request }, index) => refused >= 0 && index > refused && request.startsWith('GET') && isOfLease(request),
  );
  return asked.filter(({ askedMs }) => askedMs > (told?.answeredMs ?? Number.POSITIVE_INFINITY) + READ_MS);
};

const isOfLease = (request: string): boolean => request.includes('/leases');

const endingOf = (who: string, code: number | null, driver: Cli | undefined): string =>
  `${who} ended with ${code}: ${driver?.stdout}${driver?.stderr}`;

/** Lets grey's pods become ready, each as soon as it is there. */
const becomeReadyOneByOne = async ({ namespace }: Upgrade): Promise<void> => {
  for (let count = 1; count <= REPLICAS; count++) {
    const pods = await namespace.untilPods(GREY, (there) => there.length === count);
    for (const { metadata } of pods) await namespace.behave(metadata.name, { mode: 'ready' });
  }
};
