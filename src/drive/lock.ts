import { type Cluster, ClusterError, type Lease, type ObjectRef } from '../cluster/port.ts';
import type { DeploymentRef } from '../upgrade/spec.ts';
import { type Clock, pause } from './clock.ts';

/** How long a lease holds after its last renewal, and how often it is renewed. */
export type LeaseTerm = { readonly termMs: number; readonly renewEveryMs: number };

/** The term that every driver has but a rehearsal. */
export const LEASE_MS = 15_000;
const USUAL_TERM: LeaseTerm = { termMs: LEASE_MS, renewEveryMs: 3_000 };
const LOOK_MS = 1_000;

/** Says of a lease for which upgrade it is held: `namespace/name`. */
export const UPGRADE_ANNOTATION = 'dupgrade.dev/upgrade';

/** Who wants a lease, and for which upgrade. */
export type Claim = { readonly holder: string; readonly upgrade: string };

/** Another driver holds the lease of a Deployment; `upgrade` is what for, where the lease says it. */
export type HeldBy = {
  readonly deployment: DeploymentRef;
  readonly holder: string;
  readonly since?: string;
  readonly upgrade?: string;
};

export type Lock = {
  /** Whether every lease was renewed recently enough to write. */
  readonly holds: () => boolean;
  /** Who took a lease away, if somebody did: then nothing may be written any more. */
  readonly lostTo: () => HeldBy | undefined;
  /** Renews every lease now: after it, `lostTo` is known. */
  readonly verify: () => Promise<void>;
  /**
   * The namespace of a lease that is being deleted, if one is. It rejects for no answer of a cluster: whether it can be reached
   * at all is found out by others.
   */
  readonly leaving: () => Promise<string | undefined>;
  /** Calls when a lease is held again after it was not, and when one is lost. */
  readonly onChange: (call: () => void) => void;
  /** Gives the leases back; never rejects, since they lapse by themselves. */
  readonly release: () => Promise<void>;
};

export type LockDeps = {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** 15 s, renewed every 3 s, unless told. */
  readonly leaseTerm?: LeaseTerm;
};

export const leaseRef = ({ namespace, name }: DeploymentRef): ObjectRef => ({ namespace, name: `dupgrade-${name}` });

/**
 * Takes the leases of both Deployments, in a fixed order so that two drivers cannot each hold one. A lease of another
 * holder is watched: renewed, that driver is alive and the answer is who it is; not renewed for its term, it is taken over.
 * Only this process' own clock measures the term, so clocks that differ between machines do no harm.
 */
export const takeLock = async (
  deps: LockDeps,
  deployments: readonly DeploymentRef[],
  claim: Claim,
  { waiting, steal }: { waiting: (held: HeldBy) => void; steal?: boolean | undefined },
): Promise<Lock | HeldBy> => {
  let changed: (() => void) | undefined;
  const order = deployments.toSorted((a, b) => `${a.namespace}/${a.name}`.localeCompare(`${b.namespace}/${b.name}`));
  const held: HeldLease[] = [];
  const release = async (): Promise<void> => {
    await Promise.all(held.map((lease) => lease.release()));
  };
  // All leases are looked at from the beginning, so that the leases of one dead driver are waited for once.
  const sighted = await Promise.all(
    order.map(async (deployment) => ({ deployment, first: await sight(deps, deployment) })),
  );
  for (const { deployment, first } of sighted) {
    const taken = await takeLease(deps, deployment, claim, first, { waiting, steal }).catch(async (error: unknown) => {
      await release();
      throw error;
    });
    if (!(taken instanceof HeldLease)) {
      await release();
      return taken;
    }
    taken.keep(() => changed?.());
    held.push(taken);
  }
  return {
    holds: () => held.every((lease) => lease.holds()),
    lostTo: () => held.map((lease) => lease.lostTo).find((by) => by !== undefined),
    verify: async () => {
      await Promise.all(held.map((lease) => lease.verify()));
    },
    leaving: async () => {
      const answers = await Promise.all(held.map((lease) => lease.leaving()));
      return answers.find((namespace) => namespace !== undefined);
    },
    onChange: (call) => {
      changed = call;
    },
    release,
  };
};

/** A lease as it was first seen, and when that was by this process' clock. */
type Sighting = { readonly lease: Lease | undefined; readonly atMs: number };

const sight = async ({ cluster, clock }: LockDeps, deployment: DeploymentRef): Promise<Sighting> => ({
  lease: await cluster.get('leases', leaseRef(deployment)),
  atMs: clock.monotonic(),
});

const takeLease = async (
  deps: LockDeps,
  deployment: DeploymentRef,
  claim: Claim,
  first: Sighting,
  { waiting, steal }: { waiting: (held: HeldBy) => void; steal?: boolean | undefined },
): Promise<HeldLease | HeldBy> => {
  const { clock, signal } = deps;
  let told = false;
  let seen = first;
  // The first sighting may be old by now: then it is no longer there in that version, and not taken.
  for (let last = first; ; last = await sight(deps, deployment)) {
    const { lease } = last;
    const heldBy = holderOf(lease, deployment);
    if (heldBy !== undefined && !steal) {
      if (seen.lease === undefined) seen = last;
      if (!isSame(lease, seen.lease)) return heldBy;
      const leftMs = seen.atMs + termMs(lease) - clock.monotonic();
      if (leftMs > 0) {
        if (!told) waiting(heldBy);
        told = true;
        if (signal.aborted) return heldBy;
        await pause(clock, Math.min(LOOK_MS, leftMs), signal);
        continue;
      }
    }
    const taken = await HeldLease.take(deps, deployment, claim, lease);
    if (taken !== undefined) return taken;
  }
};

const holderOf = (lease: Lease | undefined, deployment: DeploymentRef): HeldBy | undefined => {
  const { holderIdentity: holder, acquireTime: since } = lease?.spec ?? {};
  const upgrade = lease?.metadata.annotations?.[UPGRADE_ANNOTATION];
  return holder ? { deployment, holder, ...(since ? { since } : {}), ...(upgrade ? { upgrade } : {}) } : undefined;
};

/** Whether nothing was written to a lease: it was neither renewed nor taken by somebody else. */
const isSame = (a: Lease | undefined, b: Lease | undefined): boolean =>
  a?.metadata.uid === b?.metadata.uid && a?.metadata.resourceVersion === b?.metadata.resourceVersion;

const termMs = (lease: Lease | undefined): number => (lease?.spec?.leaseDurationSeconds ?? LEASE_MS / 1000) * 1000;

/** A lease that this process took, and renews until it is released. */
class HeldLease {
  readonly #deps: LockDeps;
  readonly #term: LeaseTerm;
  readonly #deployment: DeploymentRef;
  #lease: Lease;
  #renewed: { now: number; monotonic: number };
  #cancel: (() => void) | undefined;
  #released = false;
  /** Somebody else wrote the lease, and who holds it now is not known yet. */
  #inDoubt = false;
  #renewing: Promise<unknown> = Promise.resolve();
  /** What was asked about its namespace. */
  #asking: Promise<unknown> = Promise.resolve();
  lostTo: HeldBy | undefined;

  private constructor(deps: LockDeps, deployment: DeploymentRef, lease: Lease, at: { now: number; monotonic: number }) {
    this.#deps = deps;
    this.#term = deps.leaseTerm ?? USUAL_TERM;
    this.#deployment = deployment;
    this.#lease = lease;
    this.#renewed = at;
  }

  /** Undefined where somebody else was quicker. */
  static async take(
    deps: LockDeps,
    deployment: DeploymentRef,
    claim: Claim,
    found: Lease | undefined,
  ): Promise<HeldLease | undefined> {
    const { cluster, clock, leaseTerm = USUAL_TERM } = deps;
    const at = { now: clock.now(), monotonic: clock.monotonic() };
    const time = microTime(at.now);
    const lease: Lease = {
      metadata: {
        ...(found?.metadata ?? { ...leaseRef(deployment), labels: { 'app.kubernetes.io/managed-by': 'dupgrade' } }),
        annotations: { ...found?.metadata.annotations, [UPGRADE_ANNOTATION]: claim.upgrade },
      },
      spec: {
        holderIdentity: claim.holder,
        leaseDurationSeconds: leaseTerm.termMs / 1000,
        acquireTime: time,
        renewTime: time,
        leaseTransitions: (found?.spec?.leaseTransitions ?? 0) + (found ? 1 : 0),
      },
    };
    try {
      const written = await (found ? cluster.replace('leases', lease) : cluster.create('leases', lease));
      return new HeldLease(deps, deployment, written, at);
    } catch (error) {
      if (!isRace(error)) throw error;
      // Somebody else was quicker, or the answer was lost: the lease is taken if it names this very taking.
      const there = await cluster.get('leases', leaseRef(deployment));
      return there && isSameTaking(there, lease) ? new HeldLease(deps, deployment, there, at) : undefined;
    }
  }

  /** Both clocks must agree that the term is not over: one stands still while a machine sleeps, the other may be set. */
  holds(): boolean {
    const { now, monotonic } = this.#deps.clock;
    const age = Math.max(now() - this.#renewed.now, monotonic() - this.#renewed.monotonic);
    return !this.#released && !this.#inDoubt && this.lostTo === undefined && age < this.#term.termMs;
  }

  keep(changed: () => void): void {
    this.#cancel = this.#deps.clock.after(this.#untilRenewalMs(), () => {
      this.#renewInTurn().then(
        (wasHeld) => {
          if (!wasHeld || this.lostTo !== undefined) changed();
          if (!this.#released && this.lostTo === undefined) this.keep(changed);
        },
        // Being cut off is found, and told, by the driver's own requests; the lease lapses meanwhile.
        () => {
          if (!this.#released) this.keep(changed);
        },
      );
    });
  }

  /**
   * Every interval has a moment for it, which its uid decides. So the leases of many upgrades are not all renewed at once, with a
   * crowd every three seconds, when they begin together or have stood still together.
   */
  #untilRenewalMs(): number {
    const { renewEveryMs } = this.#term;
    const { uid = '' } = this.#lease.metadata;
    const momentMs = Math.floor((Number.parseInt(uid.slice(0, 8), 16) / 2 ** 32) * renewEveryMs);
    const sinceMs = (this.#deps.clock.monotonic() + renewEveryMs - momentMs) % renewEveryMs;
    return Number.isNaN(sinceMs) ? renewEveryMs : renewEveryMs - sinceMs;
  }

  /** Renews now, after a renewal that is under way. */
  async verify(): Promise<void> {
    await this.#renewInTurn();
  }

  /** Two at once would take each other for somebody else. */
  #renewInTurn(): Promise<boolean> {
    const renewed = this.#renewing.catch(() => undefined).then(() => this.#renew());
    this.#renewing = renewed;
    return renewed;
  }

  /**
   * Its namespace, where that is being deleted. It is asked by making the lease once more: where it is there nothing comes of
   * it, but an API server says before whether anything could be made. So it takes no right that a driver has not. No renewal
   * waits for it: where nothing can be made, what is there may still be renewed.
   */
  async leaving(): Promise<string | undefined> {
    const asking = this.#renewing.catch(() => undefined).then(() => this.#make());
    this.#asking = Promise.allSettled([this.#asking, asking]);
    try {
      await asking;
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      if (error.fault === 'namespace-leaving') return this.#deployment.namespace;
    }
    return undefined;
  }

  async release(): Promise<void> {
    this.#released = true;
    this.#cancel?.();
    await Promise.allSettled([this.#renewing, this.#asking]);
    if (this.lostTo !== undefined) return;
    const { holderIdentity: _, ...spec } = this.#lease.spec ?? {};
    try {
      await this.#deps.cluster.replace('leases', {
        ...this.#lease,
        spec: { ...spec, renewTime: microTime(this.#deps.clock.now()) },
      });
    } catch {
      // It lapses by itself after its term.
    }
  }

  /** Answers with whether it was held all the time until then. */
  async #renew(): Promise<boolean> {
    if (this.#released || this.lostTo !== undefined) return true;
    const { cluster, clock } = this.#deps;
    const at = { now: clock.now(), monotonic: clock.monotonic() };
    const spec = { ...this.#lease.spec, renewTime: microTime(at.now) };
    try {
      this.#lease = await cluster.replace('leases', { ...this.#lease, spec });
      const wasHeld = this.holds();
      this.#renewed = at;
      this.#inDoubt = false;
      return wasHeld;
    } catch (error) {
      if (!isRace(error)) throw error;
      this.#inDoubt = true;
      await this.#lookAgain();
      this.#inDoubt = false;
      return false;
    }
  }

  /** Somebody else wrote the lease, or the answer to a renewal was lost: it is ours if it still names this very taking. */
  async #lookAgain(): Promise<void> {
    const found = await this.#deps.cluster.get('leases', leaseRef(this.#deployment));
    if (found === undefined) return this.#makeAnew();
    if (isSameTaking(found, this.#lease)) {
      this.#lease = found;
      return;
    }
    const holder = found.spec?.holderIdentity || 'a process that has ended since';
    this.lostTo = { deployment: this.#deployment, holder };
  }

  /** Drivers never delete a lease: one that was deleted by hand is still nobody else's, unless there is a new one. */
  async #makeAnew(): Promise<void> {
    try {
      await this.#make();
    } catch (error) {
      if (!isRace(error)) throw error;
      await this.#lookAgain();
    }
  }

  async #make(): Promise<void> {
    const { namespace, name, labels = {}, annotations = {} } = this.#lease.metadata;
    const metadata = { namespace, name, labels, annotations };
    this.#lease = await this.#deps.cluster.create('leases', { ...this.#lease, metadata });
  }
}

/** Whether a lease is still held by the taking that wrote another version of it. */
const isSameTaking = ({ spec }: Lease, taken: Lease): boolean =>
  spec?.holderIdentity === taken.spec?.holderIdentity && spec?.acquireTime === taken.spec?.acquireTime;

const isRace = (error: unknown): boolean =>
  error instanceof ClusterError &&
  (error.fault === 'conflict' || error.fault === 'exists' || error.fault === 'not-found');

/** A MicroTime wants six digits of a second. */
const microTime = (ms: number): string => new Date(ms).toISOString().replace('Z', '000Z');
