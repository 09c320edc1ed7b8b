import { LEASE_MS } from '../../src/drive/lock.ts';
import { GREY, MAIN, type Upgrade } from '../cluster/upgrade.ts';
import { runCli } from '../support/process.ts';
import { type Course, drive, type Driving, REPLICAS } from './course.ts';
import type { Ground } from './ground.ts';
import { faultsOf, judge, placed, type Suffered } from './judged.ts';
import { type Moment, NumberedWay, requestAt } from './numbered-way.ts';

/** How late a lock may be taken after its term: a look at it each half second, and a process that starts on a busy machine. */
const MARGIN_MS = 20_000;

/** The requests of a run that nobody kills, in their order. Many go out together, so another run may have them in another. */
export const requestsOf = async (ground: Ground, course: Course): Promise<readonly string[]> => {
  const upgrade = await ground.upgrade();
  const way = await NumberedWay.open();
  const { code } = await (await drive(upgrade, course, { kubeconfig: way.kubeconfig })).exit;
  await way.close();
  const faults = faultsOf(await judge(upgrade, course));
  if (code !== 0 || faults.length > 0) throw new Error(`a run ended with ${code}: ${faults.join()}`);
  return way.asked.map(({ request }) => request);
};

/** At which request of a run something is done to its driver. */
export interface Blow {
  /** Its number, the first is 1; or what it looks like. */
  readonly at: number | RegExp;
  readonly moment: Moment;
  readonly course: Course;
}

/** The clocks of the two drivers, as clockOff gives them; undefined is the true one. */
export type Clocks = readonly [first: Driving['env'], second: Driving['env']];

/** A driver is killed at a request, and another ends its upgrade. */
export const killedAt = async (
  ground: Ground,
  { at, moment, course }: Blow,
  [clock, secondClock]: Clocks = [undefined, undefined],
): Promise<Suffered> => {
  const upgrade = await ground.upgrade();
  const strike = (): void => first.kill('SIGKILL');
  const way = await NumberedWay.open({ at: requestAt(at), moment, act: strike, isLast: true });
  const first = await drive(upgrade, course, { kubeconfig: way.kubeconfig, ...(clock && { env: clock }) });
  const { code, signal } = await first.exit;
  const { halted } = way;
  await way.close();
  const wrong: string[] = [];
  if (signal !== 'SIGKILL' && code !== 0) wrong.push(`the first ended with ${code}: ${first.stderr}`);

  const from = performance.now();
  const second = await drive(upgrade, course, secondClock && { env: secondClock });
  const ending = await second.exit;
  const recoveryMs = performance.now() - from;
  if (ending.code !== 0) wrong.push(`the second ended with ${ending.code}: ${second.stdout}${second.stderr}`);
  const judged = await judge(upgrade, course);
  wrong.push(...(await wrongLocks(upgrade)));
  return {
    injected: halted === undefined ? 0 : 1,
    recoveriesMs: halted === undefined ? [] : [recoveryMs],
    ...placed(`${course.mode}, ${course.pacing}, killed ${moment} request ${at} (${halted?.request ?? 'none'})`, {
      ...judged,
      wrongEnd: [...wrong, ...judged.wrongEnd],
    }),
  };
};

/**
 * A driver that dies after it has recorded the end leaves leases that nobody needs, so nobody takes them over; they lapse
 * by themselves. Whoever wants the Deployments then, for another upgrade, gets them when the term is over.
 */
const wrongLocks = async (upgrade: Upgrade): Promise<readonly string[]> => {
  const left = (await upgrade.namespace.list('leases')).filter(({ spec }) => spec.holderIdentity);
  if (left.length === 0) return [];
  const next = { name: 'next', namespace: upgrade.namespace.name };
  const spec = {
    main: { deployment: MAIN, target: REPLICAS },
    grey: { deployment: GREY, target: 0 },
    mode: 'scaleOutPriority',
  };
  const input = JSON.stringify({ apiVersion: 'dupgrade.dev/v1', kind: 'DeploymentUpgrade', metadata: next, spec });
  const askedMs = Date.now();
  const another = runCli(['start', '-'], { env: { KUBECONFIG: upgrade.plane.kubeconfig('cli') }, input });
  const { code } = await another.exit;
  if (code !== 0) return [`another upgrade ended with ${code}: ${another.stdout}${another.stderr}`];
  const leases = await upgrade.namespace.list('leases');
  return leases.flatMap(({ metadata, spec: { holderIdentity, acquireTime } }) => {
    if (holderIdentity) return [`${metadata.name} is still held by ${holderIdentity}`];
    const waitedMs = Date.parse(acquireTime ?? '') - askedMs;
    return waitedMs <= LEASE_MS + MARGIN_MS ? [] : [`${metadata.name} was waited for for ${waitedMs} ms`];
  });
};
