import { atLeastVersion, type Cluster, ClusterError, type ConfigMap, type Follower } from '../cluster/port.ts';
import { arrived, type Decision, decide, type Scale } from '../upgrade/decide.ts';
import { CurveNotes } from '../upgrade/curve.ts';
import type { Told, Waiting } from '../upgrade/events.ts';
import { hopeless, VainClock } from '../upgrade/fail-fast.ts';
import type { Cause, Reason } from '../upgrade/health.ts';
import { bareLeg, beginLeg, leadsTo } from '../upgrade/leg.ts';
import { existingTotal, type Observation, readyTotal } from '../upgrade/observation.ts';
import { interruptedBy, type Outcome } from '../upgrade/outcome.ts';
import { doneTotal, ProgressClock } from '../upgrade/progress.ts';
import { beforeOf, journaled, tallied, type UpgradeRecord, withRunEnded, withSeen } from '../upgrade/record.ts';
import { type Envelope, envelope } from '../upgrade/route.ts';
import { type PerSide, perSide, SIDES, type Side, sameCounts } from '../upgrade/side.ts';
import { standingOf } from '../upgrade/standing.ts';
import { type Announcer, scaledMessage } from './announce.ts';
import { causesOfBoth } from './causes.ts';
import { type Clock, isoTime } from './clock.ts';
import { Departure } from './departure.ts';
import { Namespaces } from './namespaces.ts';
import { Expectation } from './expectation.ts';
import { Contact } from './contact.ts';
import type { FollowedSide } from './followed-side.ts';
import { Inquiry } from './inquiry.ts';
import type { Lock } from './lock.ts';
import { foreignWrite, isOurWrite, replaced, scaledSince } from './intrusion.ts';
import { gpusOfPod, observeSide, replicasOf, type SideObjects } from './observe.ts';
import { decodeRecord } from './record-codec.ts';
import { type Stored, updateRecord } from './records.ts';
import { Teller } from './teller.ts';
import type { Wakeup } from './wakeup.ts';

export type RunOptions = {
  /** What to do when the upgrade is paused or stands at targets that are not the spec's. */
  readonly onHold: 'wait' | 'exit';
  /** How often everything is read again, whatever the watches say; never, where it is left out. */
  readonly pollIntervalMs?: number;
  readonly timeoutMs?: number;
  /** Whether to end when what is waited for cannot heal by itself, before the progress deadline does. */
  readonly failFast: boolean;
  /** Whether single pods that stand still are asked about, so that causes have their detail; they are, unless told. */
  readonly asksAboutPods?: boolean;
};

/** What is moved on, and whether it had begun before this process took it on. */
type Upgrade = { readonly stored: Stored; readonly resumed: boolean };

export type RunDeps = {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly holder: string;
  readonly signal: AbortSignal;
  readonly tell: (event: Told) => void;
  readonly lock: Lock;
  readonly wakeup: Wakeup;
  readonly announcer: Announcer;
  readonly sides: PerSide<FollowedSide>;
};

/** How often at most the curve goes along with what is written of a record. */
const CURVE_EVERY_MS = 10_000;

/** The least that a turn waits: events wake it at once, deadlines need no more. */
const LEAST_SLEEP_MS = 100;

type Turn = Outcome | { readonly kind: 'again' } | { readonly kind: 'wait' };
const AGAIN: Turn = { kind: 'again' };
const WAIT: Turn = { kind: 'wait' };

/** One run of the driver, with the lock held: observe, decide, act, tell, until it ends. */
export class Run {
  readonly #deps: RunDeps;
  readonly #resumed: boolean;
  readonly #options: RunOptions;
  readonly #follower: Follower<ConfigMap>;
  readonly #startedMs: number;
  /** Of the upgrade, in ms since the epoch. */
  readonly #upgradeStartedMs: number;
  readonly #progress: ProgressClock;
  readonly #teller: Teller;
  readonly #inquiry: Inquiry;
  readonly #vain = new VainClock();
  readonly #departure = new Departure();
  readonly #namespaces: Namespaces;
  /** A namespace that is being deleted. */
  #leaving: string | undefined;
  readonly #expectation: Expectation;
  readonly #curve: CurveNotes;
  #curveWrittenMs: number;
  #stored: Stored;
  /** What `spec.replicas` must be, since nobody else is to write it. */
  #expected: PerSide<number> | undefined;
  #bounds: { readonly leg: UpgradeRecord['leg']; readonly envelope: Envelope } | undefined;
  #causes: readonly Cause[] = [];
  #waiting: readonly Waiting[] = [];
  readonly #contact: Contact;
  #failure: unknown;

  constructor(deps: RunDeps, { stored, resumed }: Upgrade, options: RunOptions) {
    this.#deps = deps;
    this.#resumed = resumed;
    this.#options = options;
    this.#stored = stored;
    this.#startedMs = deps.clock.monotonic();
    this.#upgradeStartedMs = Date.parse(stored.record.startedAt);
    this.#progress = new ProgressClock(this.#startedMs);
    this.#curve = new CurveNotes(stored.record.curve);
    this.#curveWrittenMs = this.#startedMs;
    this.#teller = new Teller(deps.clock, deps.tell);
    this.#inquiry = new Inquiry(deps, () => deps.wakeup.wake());
    this.#expectation = new Expectation(stored.record.spec);
    const { namespace, name } = stored.map.metadata;
    this.#follower = deps.cluster.follow('configmaps', { namespace, name }, () => {
      if (!this.#isOwnRecord()) deps.wakeup.wake();
    });
    this.#namespaces = new Namespaces(deps.cluster, stored.record.spec, this.#leave);
    deps.signal.addEventListener('abort', () => deps.wakeup.wake(), { once: true });
    const { main, grey } = deps.sides;
    const contact = {
      ...deps,
      refresh: () => Promise.all([main.refresh(), grey.refresh(), this.#follower.refresh()]),
      turned: (isCutOff: boolean) =>
        this.#teller.warn(
          isCutOff ? 'the cluster does not answer; nothing is written until it does' : 'the cluster answers again',
        ),
      looked: () => this.#teller.alive(this.#progress.idleMs(deps.clock.monotonic())),
      // That the cluster cannot be reached ends the loop.
      lost: this.#fail,
    };
    this.#contact = new Contact(contact, options.pollIntervalMs);
  }

  readonly #fail = (error: unknown): void => {
    this.#failure = error;
    this.#deps.wakeup.wake();
  };

  readonly #leave = (namespace: string): void => {
    this.#leaving = namespace;
    this.#deps.wakeup.wake();
  };

  /** The record as this run knows it, with its tally and its curve up to now. */
  get stored(): Stored {
    return { ...this.#stored, record: { ...this.#stored.record, curve: this.#curve.points } };
  }

  close(): void {
    this.#contact.close();
    this.#namespaces.close();
    this.#follower.close();
    this.#inquiry.close();
  }

  async toItsEnd(): Promise<Outcome> {
    await this.#follower.synced;
    this.#tellStart();
    this.#contact.keep();
    this.#namespaces.open().catch(this.#fail);
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      const turn = await this.#turn();
      if (turn.kind === 'again') continue;
      if (turn.kind !== 'wait') return turn;
      await this.#deps.wakeup.sleep(this.#deps.clock, this.#sleepMs());
    }
  }

  /** Looks at everything once, and does at most one thing. Safety first; the last line is the normal case. */
  async #turn(): Promise<Turn> {
    const ended = this.#endedByOthers();
    if (ended !== undefined) return ended;
    const objects = this.#objects();
    if ('kind' in objects) return objects;
    if (this.#expected === undefined) return this.#takeStock(objects);
    const foreign = foreignWrite(this.#expected, objects);
    if (foreign?.kind === 'other-driver') return this.#otherDriver(foreign.side, objects);
    if (foreign !== undefined) return foreign;
    if (!this.#legServesIntent()) return this.#beginLeg(perSide((side) => replicasOf(objects[side].deployment)));

    const { record } = this.#stored;
    const seen = this.#observe(objects);
    if (this.#departure.isNew(objects)) this.askForNamespaces();
    const nowMs = this.#deps.clock.monotonic();
    // Having arrived counts once: a pod that fails while the upgrade is held is nothing that a driver could mend.
    if (record.leg.arrivedAt !== undefined) return this.#held(record.intent.paused ? 'paused' : 'off-spec');
    const isKnown = this.#isKnown(objects);
    if (isKnown && arrived(record.leg, seen, beforeOf(record))) return this.#arrived(record);
    if (record.intent.paused) return this.#held('paused');
    if (this.#teller.isHeld) this.#goOn(nowMs);
    this.#progress.observed(doneTotal(record.leg, seen), nowMs);

    const decision = decide(record.leg, seen, record.spec.limits);
    const [scale] = decision.scales;
    // A lease that was not renewed in time may be somebody else's by now: nothing is written until it is known to be ours.
    if (!this.#deps.lock.holds()) {
      // What is seen may be old, and nobody can say that there was no progress.
      this.#progress.asked(nowMs);
      this.#vain.observed(false, nowMs);
      return this.#wait();
    }
    if (scale !== undefined && isKnown) return this.#scale(scale);
    this.#teller.limits(decision.held, record.spec.limits);
    // Past every write: a forecast takes time.
    const wait = { idleMs: this.#progress.idleMs(nowMs), waiting: this.#waiting, causes: this.#causes };
    this.#teller.expects(this.#expectation.eta(record.leg, seen, objects, wait));
    return this.#pastHealing(nowMs) ?? this.#overdue(nowMs, decision) ?? this.#wait();
  }

  /** Whether the record is there as this run wrote or read it last. */
  #isOwnRecord(): boolean {
    return this.#follower.objects()[0]?.metadata.resourceVersion === this.#stored.map.metadata.resourceVersion;
  }

  /** Whether one of them is being deleted. It is asked beside the loop: no answer may come for as long as the cluster gives none. */
  askForNamespaces(): void {
    const answered = (namespace: string | undefined): void => {
      if (namespace !== undefined) this.#leave(namespace);
    };
    void this.#deps.lock.leaving().then(answered, this.#fail);
  }

  #endedByOthers(): Outcome | undefined {
    const { signal, lock } = this.#deps;
    if (signal.aborted) return interruptedBy(signal);
    const lost = lock.lostTo();
    if (lost !== undefined) {
      return {
        kind: 'locked',
        holder: lost.holder,
        deployment: `${lost.deployment.namespace}/${lost.deployment.name}`,
      };
    }
    if (this.#leaving !== undefined) return { kind: 'namespace-gone', namespace: this.#leaving };
    const map = this.#follower.objects()[0];
    if (map === undefined) return { kind: 'record-gone' };
    if (map.metadata.uid !== this.#stored.map.metadata.uid) return { kind: 'record-gone' };
    if (isNewer(map, this.#stored.map))
      this.#stored = { map, record: withSeen(decodeRecord(map), this.#stored.record) };
    const { record } = this.#stored;
    if (record.phase === 'aborted')
      return { kind: 'aborted', by: record.journal.findLast((entry) => entry.did === 'verb')?.by ?? 'somebody' };
    const { timeoutMs } = this.#options;
    const runMs = this.#deps.clock.monotonic() - this.#startedMs;
    if (timeoutMs === undefined || runMs < timeoutMs) return undefined;
    if (this.#contact.isCutOff)
      return { kind: 'unreachable', message: 'the cluster did not answer any more when the time was up' };
    return { kind: 'timed-out', afterMs: runMs, causes: this.#causes };
  }

  #objects(): PerSide<SideObjects> | Outcome {
    const main = this.#deps.sides.main.objects();
    const grey = this.#deps.sides.grey.objects();
    if (main === undefined) return { kind: 'deployment-gone', side: 'main', replaced: false };
    if (grey === undefined) return { kind: 'deployment-gone', side: 'grey', replaced: false };
    const objects = { main, grey };
    return replaced(this.#stored.record, objects) ?? objects;
  }

  /** At the beginning of a run: are the counts those that the last one left? If others scaled since, that is where a new leg begins. */
  async #takeStock(objects: PerSide<SideObjects>): Promise<Turn> {
    const found = perSide((side) => replicasOf(objects[side].deployment));
    const byOthers = scaledSince(this.#stored.record.asked, objects);
    const managers = [...new Set(byOthers.map(({ manager }) => manager))];
    const turn = managers.length > 0 ? await this.#beginLeg(found, managers.join(' and ')) : await this.#own(found);
    if (turn !== AGAIN) return turn;
    this.#expected = found;
    for (const { side, from, to, manager } of byOthers) {
      this.#teller.warn(
        `${side} was scaled from ${from} to ${to} by ${manager} while no driver ran; going on from there`,
      );
    }
    return AGAIN;
  }

  /** Puts counts into the record that the last driver wrote, and could not record any more. */
  async #own(asked: PerSide<number>): Promise<Turn> {
    if (sameCounts(asked, this.#stored.record.asked)) return AGAIN;
    return (await this.#record((record) => ({ ...record, asked }))) ? AGAIN : WAIT;
  }

  /** Another driver has written: one that took the lock, or one that it was taken from and that had a write under way. */
  async #otherDriver(side: Side, objects: PerSide<SideObjects>): Promise<Turn> {
    await this.#deps.lock.verify();
    if (this.#deps.lock.lostTo() !== undefined) return AGAIN;
    const found = perSide((each) => replicasOf(objects[each].deployment));
    this.#teller.warn(
      `another dupgrade, which has lost the lock, has scaled ${side} to ${found[side]}; going on from there`,
    );
    const turn = await this.#own(found);
    if (turn === AGAIN) this.#expected = found;
    return turn;
  }

  /** Whether the leg was begun, or kept, for the intent as it is. */
  #legServesIntent(): boolean {
    const { leg, intent } = this.#stored.record;
    return leg.revision === intent.revision && sameCounts(leg.to, intent.targets);
  }

  async #beginLeg(from: PerSide<number>, byOthers?: string): Promise<Turn> {
    const changed = await this.#record((record) => {
      const { targets, way, revision } = record.intent;
      if (byOthers === undefined && leadsTo(record.leg, targets, way))
        return { ...record, leg: { ...record.leg, revision } };
      const leg = { ...beginLeg(from, targets, way), revision };
      return { ...journaled(record, this.#entry({ did: 'leg', from, to: targets })), leg, asked: from };
    });
    if (!changed) return WAIT;
    const { leg, intent, journal } = this.#stored.record;
    const verb = journal.findLast((entry) => entry.did === 'verb')?.verb ?? 'start';
    this.#progress.restart(this.#deps.clock.monotonic());
    this.#teller.tell({
      type: 'leg',
      leg: bareLeg(leg),
      cause: byOthers === undefined ? verb : 'scaled-by-others',
      by: byOthers ?? intent.by,
    });
    return AGAIN;
  }

  #observe(objects: PerSide<SideObjects>): Observation {
    const { record } = this.#stored;
    const policy = record.spec.podReplacementPolicy;
    const seen = { main: observeSide(objects.main, policy), grey: observeSide(objects.grey, policy) };
    const counted = tallied(record, { ready: readyTotal(seen), pods: existingTotal(seen) });
    if (counted !== record) this.#stored = { ...this.#stored, record: counted };
    this.#note(seen, objects);

    this.#causes = causesOfBoth(objects, this.#options.asksAboutPods === false ? undefined : this.#inquiry.about);
    if (this.#bounds?.leg !== record.leg) this.#bounds = { leg: record.leg, envelope: envelope(record.leg) };
    const standing = standingOf(record.leg, seen, this.#causes, this.#bounds.envelope);
    this.#waiting = standing.waiting;
    this.#teller.standing(standing);
    return seen;
  }

  /**
   * Whether it is known what a side has to go on from. A leg that begins amid another may turn a side around: pods that
   * the last leg removed may be seen as ready still, and pods that it asked for may be yet to come. Once a side was asked
   * for something on its leg, all of that was known, and what is old can only hold it back.
   */
  #isKnown(objects: PerSide<SideObjects>): boolean {
    const { from } = this.#stored.record.leg;
    return SIDES.every(
      (side) => replicasOf(objects[side].deployment) !== from[side] || this.#deps.sides[side].isActedOn(),
    );
  }

  #note(seen: Observation, objects: PerSide<SideObjects>): void {
    const { podReplacementPolicy: policy } = this.#stored.record.spec;
    // What holds a GPU is drawn, whatever the policy counts.
    const podsOn = (side: Side): number =>
      seen[side].existing + (policy === 'TerminationStarted' ? seen[side].terminating : 0);
    const [main, grey] = [podsOn('main'), podsOn('grey')];
    this.#curve.note({
      atMs: Math.max(0, Math.round(this.#deps.clock.now() - this.#upgradeStartedMs)),
      main: seen.main.ready,
      grey: seen.grey.ready,
      ready: readyTotal(seen),
      pods: main + grey,
      gpus: main * gpusOfPod(objects.main.deployment) + grey * gpusOfPod(objects.grey.deployment),
    });
  }

  async #scale({ side, from, to }: Scale): Promise<Turn> {
    const { cluster, sides, announcer, lock } = this.#deps;
    const followed = sides[side];
    const version = followed.objects()?.deployment.metadata.resourceVersion;
    if (version === undefined) return AGAIN;
    try {
      const { resourceVersion } = await cluster.scale(followed.ref, to, version, () => lock.holds());
      followed.wrote(to, resourceVersion);
    } catch (error) {
      if (!(error instanceof ClusterError) || (error.fault !== 'conflict' && error.fault !== 'not-found')) throw error;
      const deployment = (error.fault === 'conflict' && followed.since(version)) || (await followed.reread());
      if (deployment === undefined) return { kind: 'deployment-gone', side, replaced: false };
      // The answer to a write that was done may have been lost: then it was ours. Otherwise, and where it was that of a
      // successor, which the lease tells: look again, decide again.
      if (!isOurWrite(deployment, to)) return AGAIN;
      if (!lock.holds()) await lock.verify();
      if (!lock.holds()) return AGAIN;
    }
    if (this.#expected !== undefined) this.#expected = { ...this.#expected, [side]: to };
    this.#progress.asked(this.#deps.clock.monotonic());
    this.#vain.observed(false, this.#deps.clock.monotonic());
    this.#teller.tell({ type: 'scaled', side, from, to });
    const { spec, deployments } = this.#stored.record;
    announcer.announce(
      { ...followed.ref, uid: deployments[side].uid },
      'UpgradeScaled',
      scaledMessage(spec.name, side, from, to),
    );
    await this.#record((record) => ({
      ...journaled(record, this.#entry({ did: 'scaled', side, from, to })),
      asked: { ...record.asked, [side]: to },
      tally: { ...record.tally, writes: record.tally.writes + 1 },
    }));
    return AGAIN;
  }

  async #arrived(record: UpgradeRecord): Promise<Turn> {
    const back = record.intent.course === 'back';
    const wanted = back ? beforeOf(record) : record.spec.targets;
    if (sameCounts(record.leg.to, wanted)) {
      const phase = back ? 'rolled-back' : 'completed';
      const outcome: Outcome = { kind: back ? 'rolled-back' : 'reached' };
      const ended = this.#entry({});
      // What somebody has said in the meantime counts, also that it is over.
      const written = await this.#record(
        (newest) =>
          newest.phase === 'active' && newest.intent.revision === record.intent.revision
            ? withRunEnded({ ...newest, phase, endedAt: ended.at }, outcome, ended)
            : undefined,
        { isLast: true },
      );
      if (!written || this.#stored.record.phase !== phase) return written ? AGAIN : WAIT;
      return outcome;
    }
    const arrivedAt = isoTime(this.#deps.clock);
    const written = await this.#record((newest) =>
      newest.leg.revision === record.leg.revision ? { ...newest, leg: { ...newest.leg, arrivedAt } } : undefined,
    );
    return written ? AGAIN : WAIT;
  }

  #held(reason: 'paused' | 'off-spec'): Turn {
    this.#teller.expects(undefined);
    this.#teller.held(reason, this.#stored.record.intent.by);
    if (this.#options.onHold === 'exit') return { kind: 'held', reason };
    return this.#wait();
  }

  #goOn(nowMs: number): void {
    this.#vain.observed(false, nowMs);
    this.#teller.goesOn();
    this.#progress.restart(nowMs);
  }

  /** The end of a wait that is in vain, once it has been so for a while. */
  #pastHealing(nowMs: number): Outcome | undefined {
    const cause = this.#options.failFast ? hopeless(this.#waiting, this.#causes) : undefined;
    this.#vain.observed(cause !== undefined, nowMs);
    if (cause === undefined || this.#vain.isOverInMs(nowMs) > 0) return undefined;
    const idleMs = this.#progress.idleMs(nowMs);
    return { kind: 'stuck', reason: cause.reason, idleMs, causes: this.#causes, failedFast: true };
  }

  #overdue(nowMs: number, decision: Decision): Outcome | undefined {
    const idleMs = this.#progress.idleMs(nowMs);
    if (idleMs < this.#stored.record.spec.progressDeadlineMs) return undefined;
    const limit = decision.held[0]?.limitedBy;
    const [cause] = this.#causes;
    // Pods that start without an end are, by now, pods that do not become ready.
    const ofPods = cause === undefined || cause.reason === 'starting' ? 'not-ready' : cause.reason;
    const reason: Reason = limit === undefined ? ofPods : 'limit';
    return { kind: 'stuck', reason, idleMs, causes: this.#causes, ...(limit === undefined ? {} : { limit }) };
  }

  /** Waits, with a sign of life when nothing was told for a while. */
  #wait(): Turn {
    this.#teller.alive(this.#progress.idleMs(this.#deps.clock.monotonic()));
    return WAIT;
  }

  #sleepMs(): number {
    const nowMs = this.#deps.clock.monotonic();
    const { timeoutMs } = this.#options;
    const deadlineMs = this.#stored.record.spec.progressDeadlineMs - this.#progress.idleMs(nowMs);
    const due = Math.min(
      this.#teller.aliveInMs,
      this.#teller.isHeld ? Number.POSITIVE_INFINITY : Math.min(deadlineMs, this.#vain.isOverInMs(nowMs)),
      timeoutMs === undefined ? Number.POSITIVE_INFINITY : this.#startedMs + timeoutMs - nowMs,
    );
    return Math.max(due, LEAST_SLEEP_MS);
  }

  /** Changes the record, if the lock is held. False: not now, or not any more. */
  async #record(
    change: (record: UpgradeRecord) => UpgradeRecord | undefined,
    { isLast = false } = {},
  ): Promise<boolean> {
    if (!this.#deps.lock.holds()) return false;
    const nowMs = this.#deps.clock.monotonic();
    const isDue = isLast || nowMs - this.#curveWrittenMs >= CURVE_EVERY_MS;
    if (isDue) this.#curveWrittenMs = nowMs;
    const mine = isDue ? this.stored.record : this.#stored.record;
    // Asked anew for every newer version: who has written that one may have the lock by now.
    const latest = await updateRecord(
      this.#deps.cluster,
      this.#stored,
      (newest) => change(withSeen(newest, mine)),
      () => this.#deps.lock.holds(),
    );
    if (latest === undefined) return false;
    this.#stored = latest;
    return true;
  }

  #entry<T extends object>(did: T): T & { at: string; by: string } {
    return { at: isoTime(this.#deps.clock), by: this.#deps.holder, ...did };
  }

  #tellStart(): void {
    const { record } = this.#stored;
    const { spec, intent } = record;
    this.#teller.tell({
      type: 'started',
      startedAt: this.#stored.record.startedAt,
      resumed: this.#resumed,
      driver: this.#deps.holder,
      deployments: spec.deployments,
      before: beforeOf(record),
      counts: record.asked,
      targets: intent.targets,
      way: intent.way,
      limits: spec.limits,
    });
  }
}

const isNewer = (a: ConfigMap, b: ConfigMap): boolean =>
  a.metadata.resourceVersion !== b.metadata.resourceVersion &&
  atLeastVersion(a.metadata.resourceVersion, b.metadata.resourceVersion);
