import type { Cluster } from '../cluster/port.ts';
import type { Standing, Told, UpgradeEvent } from '../upgrade/events.ts';
import { exitCodeOf, interruptedBy, type Outcome } from '../upgrade/outcome.ts';
import { beforeOf, type UpgradeRecord } from '../upgrade/record.ts';
import { type PerSide, SIDES } from '../upgrade/side.ts';
import { standingOf } from '../upgrade/standing.ts';
import { causesOf } from './causes.ts';
import type { Clock } from './clock.ts';
import { endingOf, openSides, summaryOf } from './drive.ts';
import type { FollowedSide } from './followed-side.ts';
import { driverOf } from './inspect.ts';
import { observeSide } from './observe.ts';
import { decodeRecord } from './record-codec.ts';
import type { Stored } from './records.ts';
import { ALIVE_MS } from './teller.ts';
import { Wakeup } from './wakeup.ts';

export type AttendDeps = {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly emit: (event: UpgradeEvent) => void;
};

/**
 * Tells what happens to an upgrade, from any machine, without driving it: the same events as its driver tells, made from
 * what the cluster shows. Ends with the upgrade.
 */
export const attend = async (deps: AttendDeps, stored: Stored): Promise<Outcome> => {
  const { cluster, clock, signal } = deps;
  const tell = (event: Told): void => deps.emit({ ...event, at: clock.now() });
  const wakeup = new Wakeup();
  const wake = (): void => wakeup.wake();
  signal.addEventListener('abort', wake, { once: true });
  const driver = await driverOf(deps, stored.record.spec);
  const { namespace, name } = stored.map.metadata;
  const follower = cluster.follow('configmaps', { namespace, name }, wake);
  let sides: PerSide<FollowedSide> | undefined;
  let { record } = stored;
  try {
    await follower.synced;
    const opened = await openSides(cluster, record, wake);
    if ('kind' in opened) return opened;
    sides = opened;
    tell(startedEvent(record, driver?.holder));
    const seen = new Seen(record, clock);
    for (;;) {
      const map = follower.objects()[0];
      if (map === undefined) return { kind: 'record-gone' };
      record = decodeRecord(map);
      for (const event of seen.changes(record, sides)) tell(event);
      const ended = endOf(record);
      if (ended !== undefined) {
        tell({ type: 'ended', outcome: ended, exitCode: exitCodeOf(ended), summary: summaryOf(record, clock) });
        return ended;
      }
      if (signal.aborted) return interruptedBy(signal);
      await wakeup.sleep(clock, ALIVE_MS);
    }
  } catch (error) {
    const expected = endingOf(error);
    if (expected === undefined) throw error;
    return expected;
  } finally {
    follower.close();
    for (const side of SIDES) sides?.[side].close();
  }
};

const startedEvent = ({ spec, intent, ...record }: UpgradeRecord, driver: string | undefined): Told => ({
  type: 'started',
  resumed: true,
  driver: driver ?? 'nobody',
  deployments: spec.deployments,
  before: beforeOf({ spec, intent, ...record }),
  targets: intent.targets,
  way: intent.way,
  limits: spec.limits,
});

const endOf = (record: UpgradeRecord): Outcome | undefined => {
  switch (record.phase) {
    case 'completed':
      return { kind: 'reached' };
    case 'rolled-back':
      return { kind: 'rolled-back' };
    case 'aborted':
      return { kind: 'aborted', by: record.journal.findLast((entry) => entry.did === 'verb')?.by ?? 'somebody' };
    case 'active':
      return undefined;
  }
};

/** What was told last, to tell only what is new. */
class Seen {
  readonly #clock: Clock;
  #revision: number;
  #asked: PerSide<number> | undefined;
  #held: 'paused' | 'off-spec' | undefined;
  #standing: Standing | undefined;
  #toldMs: number;

  constructor(record: UpgradeRecord, clock: Clock) {
    this.#clock = clock;
    this.#revision = record.leg.revision;
    this.#toldMs = clock.monotonic();
  }

  changes(record: UpgradeRecord, sides: PerSide<FollowedSide>): readonly Told[] {
    const events = [...this.#leg(record), ...this.#counts(record, sides), ...this.#hold(record)];
    const nowMs = this.#clock.monotonic();
    if (events.length === 0 && this.#standing !== undefined && nowMs - this.#toldMs >= ALIVE_MS) {
      events.push({
        type: 'alive',
        standing: this.#standing,
        idleMs: nowMs - this.#toldMs,
        held: this.#held !== undefined,
      });
    }
    if (events.some(({ type }) => type !== 'alive')) this.#toldMs = nowMs;
    return events;
  }

  #leg({ leg, intent, journal }: UpgradeRecord): readonly Told[] {
    if (leg.revision === this.#revision) return [];
    this.#revision = leg.revision;
    const verb = journal.findLast((entry) => entry.did === 'verb')?.verb ?? 'start';
    return [{ type: 'leg', leg, cause: verb, by: intent.by }];
  }

  #counts(record: UpgradeRecord, sides: PerSide<FollowedSide>): readonly Told[] {
    const main = sides.main.objects();
    const grey = sides.grey.objects();
    if (main === undefined || grey === undefined) return [];
    const policy = record.spec.podReplacementPolicy;
    const seen = { main: observeSide(main, policy), grey: observeSide(grey, policy) };
    const causes = [...causesOf('main', main), ...causesOf('grey', grey)];
    const standing = standingOf(record.leg, seen, causes);
    if (JSON.stringify(standing) === JSON.stringify(this.#standing)) return [];
    this.#standing = standing;
    const before = this.#asked;
    this.#asked = { main: seen.main.asked, grey: seen.grey.asked };
    const scaled = SIDES.flatMap((side): Told[] => {
      const from = before?.[side] ?? seen[side].asked;
      return from === seen[side].asked ? [] : [{ type: 'scaled', side, from, to: seen[side].asked }];
    });
    return [...scaled, { type: 'observed', standing }];
  }

  #hold({ intent, leg, phase }: UpgradeRecord): readonly Told[] {
    const arrived = leg.arrivedAt !== undefined && leg.revision === intent.revision;
    const held = phase !== 'active' ? undefined : intent.paused ? 'paused' : arrived ? 'off-spec' : undefined;
    const told = this.#held;
    this.#held = held;
    return held === undefined || held === told ? [] : [{ type: 'held', reason: held, by: intent.by }];
  }
}
