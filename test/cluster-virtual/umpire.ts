import { isReady, isTerminating } from '../../src/cluster/virtual/objects.ts';
import type { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import { LEASE_MS, leaseRef } from '../../src/drive/lock.ts';
import { decodeRecord } from '../../src/drive/record-codec.ts';
import { recordRef } from '../../src/drive/records.ts';
import { directionOf } from '../../src/upgrade/leg.ts';
import { exitCodeOf } from '../../src/upgrade/outcome.ts';
import type { UpgradeRecord } from '../../src/upgrade/record.ts';
import { type Envelope, envelope } from '../../src/upgrade/route.ts';
import { otherSide, type PerSide, perSide, SIDES, type Side } from '../../src/upgrade/side.ts';
import type { UpgradeSpec } from '../../src/upgrade/spec.ts';
import { type Said, saidBy, unfitting } from '../model/ending.ts';
import type { Process } from '../model/process.ts';
import { MAIN } from './given.ts';

type Counts = { asked: number; ready: number; existing: number; terminating: number };

const sideOf = (name: string | undefined): Side => (name === MAIN.name ? 'main' : 'grey');

/** Who works on the upgrade: all processes that there were, and those of them that drive. */
export type Crew = { readonly processes: readonly Process[]; readonly drivers: readonly Process[] };

/** A lease that was not renewed for longer than its term, and the time that a write takes to arrive, is nobody's any more. */
const LAPSED_MS = LEASE_MS + 100;

/** Within this time a driver knows what the record says, also where its watch is silent: it polls every 15 s. */
const KNOWN_MS = 20_000;

/**
 * Judges an upgrade after every event of a cluster, from its objects alone. It writes down what was broken and throws
 * nothing: a watcher that throws would stop the cluster in the middle of a change.
 */
export class Umpire {
  readonly broken: string[] = [];
  writes = 0;
  readonly #cluster: VirtualCluster;
  readonly #crew: Crew;
  readonly #spec: UpgradeSpec;
  /** Pods that fail by themselves leave only what does not count them. */
  readonly #isFailing: boolean;
  readonly #counts = perSide<Counts>(() => ({ asked: 0, ready: 0, existing: 0, terminating: 0 }));
  readonly #said: Said[] = [];
  #leg: UpgradeRecord['leg'] | undefined;
  /** The bounds of a leg that began settled. */
  #envelope: Envelope | undefined;
  #pausedMs: number | undefined;
  /** Who drove when somebody else wrote a side: they may not write it any more. */
  readonly #barred: PerSide<Set<Process>> = { main: new Set(), grey: new Set() };

  constructor(cluster: VirtualCluster, crew: Crew, spec: UpgradeSpec, isFailing: boolean) {
    this.#cluster = cluster;
    this.#crew = crew;
    this.#spec = spec;
    this.#isFailing = isFailing;
    const { api } = cluster;
    for (const { metadata, spec: given } of api.list('deployments', {}).items)
      this.#counts[sideOf(metadata.name)].asked = given.replicas;
    for (const pod of api.list('pods', {}).items) this.#count(pod, 1);
    api.watch('pods', ({ type, object, before }) => {
      if (before !== undefined) this.#count(before, -1);
      if (type !== 'DELETED') this.#count(object, 1);
      this.#judge();
    });
    api.watch('deployments', ({ object, before }) => {
      const side = sideOf(object.metadata.name);
      const from = this.#counts[side].asked;
      const to = object.spec.replicas;
      if (from === to) return;
      const writer = this.#writerOf(side, to, before?.metadata.resourceVersion);
      if (writer === undefined) for (const each of crew.drivers) this.#barred[side].add(each);
      else this.#judgeWrite(writer, side, from, to);
      this.#counts[side].asked = to;
      this.#judge();
    });
    api.watch('configmaps', ({ type, object }) => {
      if (type !== 'DELETED' && object.metadata.name === recordRef('', spec.name).name) this.#read(object);
    });
  }

  get counts(): PerSide<Readonly<Counts>> {
    return this.#counts;
  }

  get isSettled(): boolean {
    return SIDES.every((side) => {
      const { asked, ready, existing } = this.#counts[side];
      return asked === ready && asked === existing;
    });
  }

  /** Whether every process ended as the record said; the codes of `others` come from elsewhere. */
  judgeEndings(others: readonly number[]): void {
    for (const { outcome, endedMs, holder } of this.#crew.processes) {
      if (outcome === undefined) continue;
      const ended = { code: exitCodeOf(outcome), endedMs, isRollback: false };
      const fault = unfitting(ended, this.#said, others);
      if (fault !== undefined) this.#say(`${holder} ends with ${fault}`);
    }
  }

  #count(pod: Parameters<typeof isReady>[0], by: number): void {
    const side = this.#counts[sideOf(pod.metadata.labels?.['app'])];
    side.existing += by;
    if (isTerminating(pod)) side.terminating += by;
    else if (isReady(pod)) side.ready += by;
  }

  #writerOf(side: Side, replicas: number, version: string | undefined): Process | undefined {
    const { name } = this.#spec.deployments[side];
    return this.#crew.processes.find(({ sent }) =>
      [...sent].some((each) => each.ref.name === name && each.replicas === replicas && each.version === version),
    );
  }

  #read(map: Parameters<typeof decodeRecord>[0]): void {
    let record: UpgradeRecord;
    try {
      record = decodeRecord(map);
    } catch (error) {
      this.#say(`the record cannot be read: ${String(error)}`);
      return;
    }
    this.#said.push(saidBy(record, this.#cluster.clock.monotonic()));
    this.#pausedMs = record.intent.paused ? (this.#pausedMs ?? this.#cluster.clock.monotonic()) : undefined;
    const last = this.#leg;
    const { leg } = record;
    const isSame = last?.revision === leg.revision && JSON.stringify(last.from) === JSON.stringify(leg.from);
    this.#leg = leg;
    if (isSame) return;
    const startsHere = SIDES.every((side) => this.#counts[side].asked === leg.from[side]);
    this.#envelope = this.isSettled && startsHere ? envelope(leg) : undefined;
  }

  #judge(): void {
    if (this.#isFailing || this.#envelope === undefined || this.#leg === undefined) return;
    const { main, grey } = this.#counts;
    if (main.ready + grey.ready < this.#envelope.minReady) this.#say('too few are ready');
    if (main.existing + grey.existing > this.#envelope.maxExisting) this.#say('too many exist');
  }

  #judgeWrite(writer: Process, side: Side, from: number, to: number): void {
    this.writes += 1;
    const told = `${writer.holder} writes ${side} from ${from} to ${to}`;
    for (const each of SIDES) {
      const lease = this.#cluster.api.get('leases', leaseRef(this.#spec.deployments[each]));
      if (lease?.spec?.holderIdentity !== writer.holder) this.#say(`${told} without the lock of ${each}`);
      const ageMs = this.#cluster.clock.now() - Date.parse(lease?.spec?.renewTime ?? '');
      if (ageMs > LAPSED_MS) this.#say(`${told} where the lock of ${each} was last renewed ${ageMs} ms ago`);
    }
    if (this.#barred[side].has(writer)) this.#say(`${told} after somebody else wrote it`);
    if (this.#leg === undefined) this.#say(`${told} without a record`);
    const pausedForMs = this.#cluster.clock.monotonic() - (this.#pausedMs ?? Number.POSITIVE_INFINITY);
    if (pausedForMs > KNOWN_MS) this.#say(`${told} while it is paused`);
    if (this.#isFailing || this.#leg === undefined) return;
    const here = this.#counts[side];
    const there = this.#counts[otherSide(side)];
    const direction = directionOf(this.#leg, side);
    const inFlight = direction === 'adds' ? to - here.ready : here.existing - to;
    if (inFlight > this.#leg.step[side]) this.#say(`${told}: ${inFlight} are in flight`);
    const { minReady, maxPods } = this.#spec.limits;
    if (minReady !== undefined && to < from && to < here.ready && to + there.ready < minReady)
      this.#say(`${told}: fewer than minReady stay ready`);
    const pods = Math.max(here.existing, to) + Math.max(there.existing, there.asked);
    if (maxPods !== undefined && to > from && pods > maxPods) this.#say(`${told}: more than maxPods exist`);
  }

  #say(what: string): void {
    const state = JSON.stringify({ counts: this.#counts, leg: this.#leg, envelope: this.#envelope });
    this.broken.push(`at ${this.#cluster.clock.monotonic()} ms: ${what}: ${state}`);
  }
}
