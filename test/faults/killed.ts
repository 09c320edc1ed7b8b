import { LEASE_MS } from '../../src/drive/lock.ts';
import { plane } from '../cluster/fixtures.ts';
import { GREY, MAIN, Upgrade } from '../cluster/upgrade.ts';
import { runCli } from '../support/process.ts';
import { DeadlyPassage, type Moment } from './deadly-passage.ts';
import { type Course, faultsOf, judge, type Judged, REPLICAS } from './judged.ts';

/** So many upgrades go on at once: of more, the programs that start together keep each other from reaching the server in 15 s. */
export const AT_ONCE = 10;

/** How late a lock may be taken after its term: a look at it each half second, and a process that starts on a busy machine. */
const MARGIN_MS = 20_000;

export interface Killed extends Judged {
  /** The request at which the driver was killed; undefined where it had ended before. */
  readonly struck: string | undefined;
  readonly recoveryMs: number;
}

/** The requests of a run that nobody kills, in their order. Many go out together, so another run may have them in another. */
export const requestsOf = async (course: Course): Promise<readonly string[]> => {
  const upgrade = await Upgrade.of({ main: REPLICAS });
  const passage = await DeadlyPassage.open();
  const { code } = await start(upgrade, course, passage.kubeconfig).exit;
  await passage.close();
  const faults = faultsOf(await judge(upgrade, course));
  if (code !== 0 || faults.length > 0) throw new Error(`a run ended with ${code}: ${faults.join()}`);
  return passage.requests;
};

/** The numbers of all writes, and of every `stride`th request: most are reads, a dozen in a row of which none leaves anything. */
export const sampled = (requests: readonly string[], stride: number): readonly number[] =>
  requests
    .map((request, index) => ({ request, at: index + 1 }))
    .filter(({ request, at }) => isWrite(request) || at % stride === 0)
    .map(({ at }) => at);

const isWrite = (request: string): boolean => !request.startsWith('GET ') && !request.includes('/selfsubject');

/** A driver is killed at a request, and another ends its upgrade. */
export const killedAt = async (at: number, moment: Moment, course: Course): Promise<Killed> => {
  const upgrade = await Upgrade.of({ main: REPLICAS });
  const passage = await DeadlyPassage.open({ at, moment, strike: () => first.kill('SIGKILL') });
  const first = start(upgrade, course, passage.kubeconfig);
  const { code, signal } = await first.exit;
  const { struck } = passage;
  await passage.close();
  const wrong: string[] = [];
  if (signal !== 'SIGKILL' && code !== 0) wrong.push(`the first ended with ${code}: ${first.stderr}`);

  const from = performance.now();
  const second = start(upgrade, course, plane.kubeconfig('cli'));
  const ending = await second.exit;
  const recoveryMs = performance.now() - from;
  if (ending.code !== 0) wrong.push(`the second ended with ${ending.code}: ${second.stdout}${second.stderr}`);
  const { violations, wrongWrites, wrongEnd } = await judge(upgrade, course);
  wrong.push(...wrongEnd, ...(await wrongLocks(upgrade)));
  const placed = (fault: string): string => `${moment} request ${at} (${struck ?? 'none'}): ${fault}`;
  return {
    struck,
    recoveryMs,
    violations: violations.map(placed),
    wrongWrites: wrongWrites.map(placed),
    wrongEnd: wrong.map(placed),
  };
};

const start = (upgrade: Upgrade, course: Course, kubeconfig: string): ReturnType<typeof runCli> => {
  const input = upgrade.spec({ targets: [0, REPLICAS], step: 1, ...course });
  return runCli(['start', '-'], { env: { KUBECONFIG: kubeconfig }, input });
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
  const another = runCli(['start', '-'], { env: { KUBECONFIG: plane.kubeconfig('cli') }, input });
  const { code } = await another.exit;
  if (code !== 0) return [`another upgrade ended with ${code}: ${another.stdout}${another.stderr}`];
  const leases = await upgrade.namespace.list('leases');
  return leases.flatMap(({ metadata, spec: { holderIdentity, acquireTime } }) => {
    if (holderIdentity) return [`${metadata.name} is still held by ${holderIdentity}`];
    const waitedMs = Date.parse(acquireTime ?? '') - askedMs;
    return waitedMs <= LEASE_MS + MARGIN_MS ? [] : [`${metadata.name} was waited for for ${waitedMs} ms`];
  });
};
