import type { Cluster, ConfigMap, Follower } from '../cluster/port.ts';
import type { Standing, Told, UpgradeEvent } from '../upgrade/events.ts';
import { bareLeg } from '../upgrade/leg.ts';
import { exitCodeOf, interruptedBy, type Outcome } from '../upgrade/outcome.ts';
import { doneTotal, ProgressClock, progressedAtMs } from '../upgrade/progress.ts';
import { beforeOf, type UpgradeRecord } from '../upgrade/record.ts';
import { type PerSide, sameCounts, SIDES } from '../upgrade/side.ts';
import { standingOf } from '../upgrade/standing.ts';
import { type Attended, type Waited, type WaitFor, waited } from '../upgrade/wait.ts';
import { causesOfBoth } from './causes.ts';
import { type Clock, unlessInterrupted } from './clock.ts';
import { endingOf, summaryOf } from './ending.ts';
import { Expectation } from './expectation.ts';
import type { FollowedSide } from './followed-side.ts';
import { FollowedSides } from './followed-sides.ts';
import { Inquiry } from './inquiry.ts';
import { driverOf } from './inspect.ts';
import { observeSide } from './observe.ts';
import { decodeRecord } from './record-codec.ts';
import type { Stored } from './records.ts';
import { ALIVE_MS } from './teller.ts';

export type AttendDeps = {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly emit: (event: UpgradeEvent) => void;
};

/** How often it is looked who drives, and everything is read again whatever the watches say. */
const LOOK_MS = 10_000;

/**
 * Tells what happens to an upgrade, from any machine, without driving it: the same events as its driver tells, made from
 * what the cluster shows. Ends with the upgrade, or when it cannot be followed any more; that too is told as its end.
 */
export const attend = async (deps: AttendDeps, stored: Stored): Promise<Outcome> => {
  const { clock, signal } = deps;
  const tell = (event: Told): void => deps.emit({ ...event, at: clock.now() });
  const attendance = new Attendance(deps, stored, tell);
  let outcome: Outcome;
  try {
    outcome = (await unlessInterrupted(clock, signal, attendance.toItsEnd(endOf))) ?? interruptedBy(signal);
  } catch (error) {
    const expected = endingOf(error);
    if (expected === undefined) throw error;
    outcome = expected;
  } finally {
    attendance.close();
  }
  // Who stops looking has not ended anything.
  if (outcome.kind === 'interrupted') return outcome;
  tell({ type: 'ended', outcome, exitCode: exitCodeOf(outcome), summary: summaryOf(attendance.record, clock) });
  return outcome;
};

/**
 * Waits, from any machine, until an upgrade is what is wished for, or will not be unless somebody does something; what
 * keeps it from being followed ends it, too. What is told meanwhile are the events of `attend`.
 */
export const waitFor = async (deps: AttendDeps, stored: Stored, wish: WaitFor): Promise<Waited | Outcome> => {
  const { clock, signal } = deps;
  const attendance = new Attendance(deps, stored, (event) => deps.emit({ ...event, at: clock.now() }));
  try {
    const over = attendance.toItsEnd((now) => waited(wish, now));
    return (await unlessInterrupted(clock, signal, over)) ?? interruptedBy(signal);
  } catch (error) {
    const expected = endingOf(error);
    if (expected === undefined) throw error;
    return expected;
  } finally {
    attendance.close();
  }
};

class Attendance {
  record: UpgradeRecord;
  readonly #deps: AttendDeps;
  readonly #tell: (event: Told) => void;
  readonly #sides: FollowedSides;
  readonly #follower: Follower<ConfigMap>;
  readonly #inquiry: Inquiry;
  #driver: string | undefined;
  #cancelLook: () => void = () => undefined;
  #closed = false;
  #failure: unknown;

  constructor(deps: AttendDeps, { map, record }: Stored, tell: (event: Told) => void) {
    this.#deps = deps;
    this.#tell = tell;
    this.record = record;
    this.#sides = new FollowedSides(deps.cluster, record.spec.deployments);
    const wake = (): void => this.#sides.wakeup.wake();
    this.#inquiry = new Inquiry(deps, wake);
    const { namespace, name } = map.metadata;
    this.#follower = deps.cluster.follow('configmaps', { namespace, name }, wake);
    deps.signal.addEventListener('abort', wake, { once: true });
  }

  close(): void {
    this.#closed = true;
    this.#cancelLook();
    this.#follower.close();
    this.#inquiry.close();
    this.#sides.close();
  }

  /** Goes on until `end` says that it is over, or it cannot be followed any more. */
  async toItsEnd<T>(end: (now: Attended) => T | undefined): Promise<T | Outcome> {
    const { clock, signal } = this.#deps;
    await this.#follower.synced;
    // Of an upgrade that has ended the Deployments may be gone; its end is in the record.
    const over = end({ record: this.record, standing: undefined, isDriven: true });
    if (over !== undefined) return over;
    const opened = await this.#sides.both();
    if ('kind' in opened) return opened;
    this.#driver = (await driverOf(this.#deps, this.record.spec))?.holder;
    this.#tell(startedEvent(this.record, this.#driver));
    this.#scheduleLook();
    const seen = new Seen(this.record, clock, this.#inquiry);
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      const map = this.#follower.objects()[0];
      if (map === undefined) return { kind: 'record-gone' };
      this.#tellRun(decodeRecord(map));
      const gone = SIDES.find((side) => opened[side].objects() === undefined);
      for (const event of gone === undefined ? seen.changes(this.record, opened) : []) this.#tell(event);
      const isDriven = this.#driver !== undefined;
      const ended = end({ record: this.record, standing: seen.standing, isDriven });
      if (ended !== undefined) return ended;
      if (gone !== undefined) return { kind: 'deployment-gone', side: gone, replaced: false };
      if (signal.aborted) return interruptedBy(signal);
      await this.#sides.wakeup.sleep(clock, ALIVE_MS);
    }
  }

  /** Takes the newest record, and tells of a run that has ended short of the upgrade's end. */
  #tellRun(record: UpgradeRecord): void {
    const { lastRun } = record;
    const isNew = lastRun !== undefined && lastRun.at !== this.record.lastRun?.at;
    this.record = record;
    if (!isNew || record.phase !== 'active') return;
    this.#driver = undefined;
    this.#warn(`${lastRun.by} does not drive it any more: ${lastRun.reason ?? lastRun.outcome}`);
  }

  #scheduleLook(): void {
    if (!this.#closed) this.#cancelLook = this.#deps.clock.after(LOOK_MS, () => void this.#look());
  }

  async #look(): Promise<void> {
    try {
      const driver = (await driverOf(this.#deps, this.record.spec))?.holder;
      if (driver !== this.#driver) {
        this.#warn(
          driver === undefined ? `${this.#driver} drives it no more, and nobody else does` : `${driver} drives it now`,
        );
      }
      this.#driver = driver;
      this.#sides.wakeup.wake();
      await Promise.all([this.#sides.refresh(), this.#follower.refresh()]);
      this.#scheduleLook();
    } catch (error) {
      this.#failure = error;
      this.#sides.wakeup.wake();
    }
  }

  #warn(message: string): void {
    this.#tell({ type: 'note', level: 'warning', message });
  }
}

const startedEvent = (record: UpgradeRecord, driver: string | undefined): Told => ({
  type: 'started',
  resumed: true,
  driver: driver ?? 'nobody',
  startedAt: record.startedAt,
  deployments: record.spec.deployments,
  before: beforeOf(record),
  counts: record.asked,
  targets: record.intent.targets,
  way: record.intent.way,
  limits: record.spec.limits,
});

const endOf = ({ record }: Attended): Outcome | undefined => {
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
  standing: Standing | undefined;
  readonly #clock: Clock;
  readonly #inquiry: Inquiry;
  readonly #expectation: Expectation;
  #revision: number;
  #asked: PerSide<number> | undefined;
  #held: 'paused' | 'off-spec' | undefined;
  readonly #progress: ProgressClock;
  /** When progress was made before anything was seen here. */
  readonly #progressedMs: number;
  #toldMs: number;
  #toldStanding = '';

  constructor(record: UpgradeRecord, clock: Clock, inquiry: Inquiry) {
    this.#clock = clock;
    this.#inquiry = inquiry;
    this.#expectation = new Expectation(record.spec);
    this.#revision = record.leg.revision;
    this.#toldMs = clock.monotonic();
    this.#progressedMs = clock.monotonic() - Math.max(0, clock.now() - progressedAtMs(record));
    this.#progress = new ProgressClock(this.#progressedMs);
  }

  changes(record: UpgradeRecord, sides: PerSide<FollowedSide>): readonly Told[] {
    const events = [...this.#leg(record), ...this.#counts(record, sides), ...this.#hold(record)];
    const nowMs = this.#clock.monotonic();
    if (events.length === 0 && this.standing !== undefined && nowMs - this.#toldMs >= ALIVE_MS) {
      events.push({
        type: 'alive',
        standing: this.standing,
        idleMs: this.#progress.idleMs(nowMs),
        held: this.#held !== undefined,
      });
    }
    if (events.some(({ type }) => type !== 'alive')) this.#toldMs = nowMs;
    return events;
  }

  #leg({ leg, intent, journal }: UpgradeRecord): readonly Told[] {
    if (leg.revision === this.#revision) return [];
    this.#revision = leg.revision;
    this.#progress.restart(this.#clock.monotonic());
    const verb = journal.findLast((entry) => entry.did === 'verb')?.verb ?? 'start';
    return [{ type: 'leg', leg: bareLeg(leg), cause: verb, by: intent.by }];
  }

  #counts(record: UpgradeRecord, sides: PerSide<FollowedSide>): readonly Told[] {
    const main = sides.main.objects();
    const grey = sides.grey.objects();
    if (main === undefined || grey === undefined) return [];
    const policy = record.spec.podReplacementPolicy;
    const seen = { main: observeSide(main, policy), grey: observeSide(grey, policy) };
    const causes = causesOfBoth({ main, grey }, this.#inquiry.about);
    const standing = standingOf(record.leg, seen, causes);
    const before = this.#asked;
    this.#asked = { main: seen.main.asked, grey: seen.grey.asked };
    const nowMs = this.#clock.monotonic();
    if (before !== undefined && !sameCounts(before, this.#asked)) this.#progress.asked(nowMs);
    this.#progress.observed(doneTotal(record.leg, seen), before === undefined ? this.#progressedMs : nowMs);
    const isMoving = record.phase === 'active' && !record.intent.paused && record.leg.arrivedAt === undefined;
    const wait = { ...standing, idleMs: this.#progress.idleMs(nowMs) };
    const eta = isMoving ? this.#expectation.eta(record.leg, seen, { main, grey }, wait) : undefined;
    this.standing = { ...standing, ...(eta && { eta }) };
    // How long it takes yet changes by itself, and is told along with the rest.
    const told = JSON.stringify(standing);
    if (told === this.#toldStanding) return [];
    this.#toldStanding = told;
    const scaled = SIDES.flatMap((side): Told[] => {
      const from = before?.[side] ?? seen[side].asked;
      return from === seen[side].asked ? [] : [{ type: 'scaled', side, from, to: seen[side].asked }];
    });
    return [...scaled, { type: 'observed', standing: this.standing }];
  }

  #hold({ intent, leg, phase }: UpgradeRecord): readonly Told[] {
    const arrived = leg.arrivedAt !== undefined && leg.revision === intent.revision;
    const held = phase !== 'active' ? undefined : intent.paused ? 'paused' : arrived ? 'off-spec' : undefined;
    const told = this.#held;
    this.#held = held;
    return held === undefined || held === told ? [] : [{ type: 'held', reason: held, by: intent.by }];
  }
}
