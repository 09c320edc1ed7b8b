import { expect, it } from 'vitest';
import { plane } from '../cluster/fixtures.ts';
import { Upgrade } from '../cluster/upgrade.ts';
import { runCli } from '../support/process.ts';
import { beginLeg, type Mode, type Pacing } from '../../src/upgrade/leg.ts';
import { envelope } from '../../src/upgrade/route.ts';
import { DeadlyPassage, type Moment } from './deadly-passage.ts';

const REPLICAS = 2;
/** So many upgrades go on at once: most of each is waiting until the dead driver's leases have lapsed. */
const AT_ONCE = 12;
/** Far more than a run of this size asks; it is a net under a run that never ends. */
const MOST_REQUESTS = 400;

interface Killed {
  readonly killedAt: string | undefined;
  readonly faults: readonly string[];
  readonly recoveryMs: number;
}

/** A driver killed at every request of its run, before and after it; another ends the upgrade. Judged from outside. */
export const killedAtEveryRequest = (mode: Mode, pacing: Pacing): void => {
  it.each(['before', 'after'] as const)(`${mode}, ${pacing}: killed just %s each request`, async (moment) => {
    const ends: Killed[] = [];
    let next = 1;
    let isPastTheEnd = false;
    const worker = async (): Promise<void> => {
      while (!isPastTheEnd && next <= MOST_REQUESTS) {
        const end = await killedAt(next++, moment, mode, pacing);
        isPastTheEnd ||= end.killedAt === undefined;
        ends.push(end);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    expect(isPastTheEnd).toBe(true);
    const kills = ends.filter(({ killedAt: at }) => at !== undefined);
    // Preflight, both leases, the record, four scale writes, each with its record: a run asks for more than this.
    expect(kills.length).toBeGreaterThan(20);
    expect(kills.filter(({ killedAt: at }) => at?.startsWith('PATCH') && at.endsWith('/scale'))).not.toEqual([]);
    expect(ends.flatMap(({ faults }) => faults)).toEqual([]);
    const slowestMs = Math.max(...kills.map(({ recoveryMs }) => recoveryMs));
    process.stdout.write(
      `killed ${moment} a request, ${mode}, ${pacing}: ${kills.length} times, ${ends.length} upgrades, ` +
        `0 faults, taken over and ended within ${(slowestMs / 1000).toFixed(1)} s\n`,
    );
  });
};

const killedAt = async (at: number, moment: Moment, mode: Mode, pacing: Pacing): Promise<Killed> => {
  const upgrade = await Upgrade.of({ main: REPLICAS });
  const input = upgrade.spec({ targets: [0, REPLICAS], mode, pacing, step: 1 });
  const passage = await DeadlyPassage.open({ at, moment, strike: () => first.kill('SIGKILL') });
  const first = runCli(['start', '-'], { env: { KUBECONFIG: passage.kubeconfig }, input });
  const { code, signal } = await first.exit;
  const diedAtMs = Date.now();
  const struck = passage.struck;
  await passage.close();
  const wrong: string[] = [];
  if (signal !== 'SIGKILL' && code !== 0) wrong.push(`the first ended with ${code}: ${first.stderr}`);

  const from = performance.now();
  const second = runCli(['start', '-'], { env: { KUBECONFIG: plane.kubeconfig('cli') }, input });
  const ending = await second.exit;
  const recoveryMs = performance.now() - from;
  if (ending.code !== 0) wrong.push(`the second ended with ${ending.code}: ${second.stdout}${second.stderr}`);
  wrong.push(
    ...(await faultsOf(upgrade, mode, pacing)),
    ...(await locksAfter(upgrade, struck === undefined ? undefined : diedAtMs)),
  );
  const where = `${moment} request ${at} (${struck ?? 'none'}): `;
  return { killedAt: struck, faults: wrong.map((fault) => where + fault), recoveryMs };
};

/** What is wrong with an upgrade that has ended: its counts, its envelope, its writes, its record. */
const faultsOf = async (upgrade: Upgrade, mode: Mode, pacing: Pacing): Promise<string[]> => {
  const faults: string[] = [];
  const counts = await upgrade.counts();
  if (counts.join() !== `0,${REPLICAS}`) faults.push(`the counts are ${counts.join()}`);

  const leg = beginLeg(
    { main: REPLICAS, grey: 0 },
    { main: 0, grey: REPLICAS },
    { mode, pacing, step: { main: 1, grey: 1 } },
  );
  const bounds = envelope(leg);
  const { minReady, maxExisting, gaps } = await upgrade.judge.stop();
  if (minReady < bounds.minReady) faults.push(`${minReady} ready, ${bounds.minReady} promised`);
  if (maxExisting > bounds.maxExisting) faults.push(`${maxExisting} pods, at most ${bounds.maxExisting} promised`);
  if (gaps > 0) faults.push('the judge has not seen all of it');

  // With a step of 1 each side is written once for each replica, and never backwards: none lost, none doubled.
  const writes = await upgrade.writes([REPLICAS, 0]);
  const areSingle = writes.slice(1).every(([main, grey], index) => {
    const [mainBefore, greyBefore] = writes[index] ?? [Number.NaN, Number.NaN];
    return main <= mainBefore && grey >= greyBefore && mainBefore - main + grey - greyBefore === 1;
  });
  if (writes.length !== 2 * REPLICAS + 1 || !areSingle) {
    faults.push(`the writes are ${writes.map((write) => write.join()).join(' ')}`);
  }

  const status = await upgrade.command('status', upgrade.name, '-o', 'json');
  if (status.code !== 0 || !status.stdout.includes('"completed"')) faults.push(`the record: ${status.stdout}`);
  return faults;
};

/**
 * Leases that are held longer than they may be. One that names the dead driver stays until somebody needs it, where the
 * upgrade was completed already; it lapses with its term, as nobody has renewed it since.
 */
const locksAfter = async (upgrade: Upgrade, diedAtMs: number | undefined): Promise<string[]> =>
  (await upgrade.namespace.list('leases'))
    .filter(({ spec }) => spec.holderIdentity && !(Date.parse(spec.renewTime ?? '') <= (diedAtMs ?? 0)))
    .map(({ metadata }) => `${metadata.name} is still held`);
