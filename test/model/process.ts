import type { Cluster, CopyChange, Follower, Kind, Kinds, ObjectRef, Selection } from '../../src/cluster/port.ts';
import type { Clock } from '../../src/drive/clock.ts';
import type { Outcome } from '../../src/upgrade/outcome.ts';

/** A scale that a process has sent and has had no answer to. */
export type Sent = { readonly ref: ObjectRef; readonly replicas: number; readonly version: string };

type Timer = { dueMs: number; cancel: () => void; readonly call: () => void };

/** `stopped` (SIGSTOP): its clocks go on. `asleep` (its machine sleeps): the monotonic one stands still, and its timers. */
export type Standstill = 'stopped' | 'asleep';

/**
 * One process on some machine, over any cluster and clock. It may be killed, and then nothing of it is heard any more; or
 * stand still for a while: what it has sent still arrives, it sends no more, and what comes to it waits for it.
 */
export class Process {
  readonly holder: string;
  readonly sent = new Set<Sent>();
  readonly cluster: Cluster;
  readonly clock: Clock;
  isDriving = false;
  outcome: Outcome | undefined;
  endedMs = Number.POSITIVE_INFINITY;
  readonly #base: Clock;
  readonly #timers = new Set<Timer>();
  #isDead = false;
  #frozen: { readonly how: Standstill; readonly sinceMs: number; readonly waiting: (() => void)[] } | undefined;
  #sleptMs = 0;

  constructor(holder: string, port: Cluster, base: Clock) {
    this.holder = holder;
    this.#base = base;
    this.cluster = this.#reach(port);
    this.clock = {
      now: base.now,
      monotonic: () => base.monotonic() - this.#sleptMs,
      after: (ms, call) => this.#after(ms, call),
    };
  }

  get isAlive(): boolean {
    return !this.#isDead;
  }

  get isFrozen(): boolean {
    return this.#frozen !== undefined;
  }

  kill(): void {
    this.#isDead = true;
    for (const timer of this.#timers) timer.cancel();
  }

  freeze(how: Standstill): void {
    const sinceMs = this.#base.monotonic();
    this.#frozen ??= { how, sinceMs, waiting: [] };
    if (how === 'asleep') for (const timer of this.#timers) timer.cancel();
  }

  /** Goes on, first with what came meanwhile. */
  thaw(): void {
    if (this.#frozen === undefined || this.#isDead) return;
    const { how, sinceMs, waiting } = this.#frozen;
    this.#frozen = undefined;
    if (how === 'asleep') {
      this.#sleptMs += this.#base.monotonic() - sinceMs;
      for (const timer of this.#timers) this.#arm(timer);
    }
    for (const call of waiting) call();
  }

  /** Calls now, or when it goes on; never where it is dead. */
  #reaches(call: () => void): void {
    if (this.#isDead) return;
    if (this.#frozen === undefined) call();
    else this.#frozen.waiting.push(() => this.#reaches(call));
  }

  #after(ms: number, call: () => void): () => void {
    const timer: Timer = { dueMs: this.clock.monotonic() + ms, cancel: () => undefined, call };
    this.#timers.add(timer);
    this.#arm(timer);
    return () => {
      timer.cancel();
      this.#timers.delete(timer);
    };
  }

  #arm(timer: Timer): void {
    timer.cancel = this.#base.after(timer.dueMs - this.clock.monotonic(), () =>
      this.#reaches(() => {
        // What was taken back while it stood still is not called any more.
        if (this.#timers.delete(timer)) timer.call();
      }),
    );
  }

  async #ask<T>(work: () => Promise<T>): Promise<T> {
    await this.#awake();
    return new Promise((resolve, reject) => {
      work().then(
        (answer) => this.#reaches(() => resolve(answer)),
        (error: unknown) => this.#reaches(() => reject(error)),
      );
    });
  }

  /** It sends nothing while it stands still. */
  #awake(): Promise<void> | undefined {
    if (!this.#isDead && this.#frozen === undefined) return undefined;
    return new Promise((resolve) => this.#reaches(resolve));
  }

  /** What it knows is what has reached it: while it stands still its copy grows old. */
  #follow<K extends Kind>(
    port: Cluster,
    kind: K,
    selection: Selection,
    changed: (changes: readonly CopyChange<Kinds[K]>[]) => void,
  ): Follower<Kinds[K]> {
    let objects: readonly Kinds[K][] = [];
    const look = (): void => {
      objects = follower.objects();
    };
    const follower = port.follow(kind, selection, (changes) =>
      this.#reaches(() => {
        look();
        changed(changes);
      }),
    );
    return {
      objects: () => objects,
      synced: this.#ask(() => follower.synced).then(look),
      refresh: () => this.#ask(() => follower.refresh()).then(look),
      close: () => follower.close(),
    };
  }

  #reach(port: Cluster): Cluster {
    return {
      get: (kind, ref) => this.#ask(() => port.get(kind, ref)),
      list: (kind, selection) => this.#ask(() => port.list(kind, selection)),
      create: (kind, object) => this.#ask(() => port.create(kind, object)),
      replace: (kind, object, mayWrite) => this.#ask(() => port.replace(kind, object, mayWrite)),
      denied: (wanted) => this.#ask(() => port.denied(wanted)),
      log: (pod, request) => this.#ask(() => port.log(pod, request)),
      scale: (ref, replicas, version, mayWrite) =>
        this.#ask(async () => {
          const sent = { ref, replicas, version };
          this.sent.add(sent);
          const may = (): boolean => this.isAlive && !this.isFrozen && (mayWrite?.() ?? true);
          try {
            return await port.scale(ref, replicas, version, may);
          } finally {
            this.sent.delete(sent);
          }
        }),
      follow: (kind, selection, changed) => this.#follow(port, kind, selection, changed),
    };
  }
}
