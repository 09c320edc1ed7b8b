import { nextTick } from 'node:process';
import { Moments } from './moments.ts';

type Entry = {
  readonly atMs: number;
  /** Whether somebody outside of the cluster may hang on it: see `VirtualClock`. */
  readonly outward: boolean;
  /** Whether it is the cluster's own doing: neither somebody's waiting nor somebody's request. */
  readonly inward: boolean;
  call: (() => void) | undefined;
};

/** A run in virtual time that cannot end, or not within the time it was given. */
export class NeverEnds extends Error {
  override readonly name = 'NeverEnds';
}

/** 1 January 2026: the same in every run, so that two runs of one seed write the same times. */
const EPOCH_MS = Date.UTC(2026, 0, 1);

/** A week: longer than any upgrade that somebody waits for. */
const MOST_MS = 7 * 24 * 3_600_000;

/** After so many events the world outside has its turn: signals, and what is written to a terminal. */
const EVENTS_OF_A_TURN = 1000;

/**
 * Time that passes only when it is told to, from one event that is due to the next.
 *
 * An event may resolve promises, and what is done in answer to them must be done before the next event, at the same
 * moment. So after an event Node is left to itself until its next tick: it runs every microtask before, and every one that
 * those make. It takes less than a microsecond, where a turn of Node's event loop takes three, and it is right as long as
 * nobody waits for the world outside. Events that change nothing but the cluster itself (`quietly`) resolve no promise, and
 * go without it.
 */
export class VirtualClock {
  readonly #startMs: number;
  readonly #queue = new Moments<Entry>();
  #nowMs = 0;
  #events = 0;
  /** Of what the cluster does by itself: how much is to come, and when it last did something. */
  #inwardDue = 0;
  #inwardMs = 0;

  /** `startMs` is the time of day at which it begins, in ms since the epoch. */
  constructor(startMs: number = EPOCH_MS) {
    this.#startMs = startMs;
  }

  /** The time of day, in ms since the epoch. */
  readonly now = (): number => this.#startMs + this.#nowMs;

  /** Ms since the clock began. */
  readonly monotonic = (): number => this.#nowMs;

  /** Calls `call` once after `ms`; the answer takes that back. */
  readonly after = (ms: number, call: () => void): (() => void) =>
    this.#add(ms, call, { outward: true, inward: false });

  /** The same for what changes the cluster only: nobody's promise may hang on it. */
  readonly quietly = (ms: number, call: () => void): (() => void) =>
    this.#add(ms, call, { outward: false, inward: true });

  /** As `quietly`, for what somebody outside has the cluster do: it does nothing by itself when that is all that is to come. */
  readonly onRequest = (ms: number, call: () => void): (() => void) =>
    this.#add(ms, call, { outward: false, inward: false });

  /** How many events there were: a measure of work that is the same on every machine. */
  get events(): number {
    return this.#events;
  }

  /** Ms until the next event is due; undefined where there is none. */
  get untilNextMs(): number | undefined {
    const first = this.#first();
    return first && first.atMs - this.#nowMs;
  }

  /**
   * Lets time pass until `promise` is settled, and answers as it does. Rejects with NeverEnds when nothing more is due,
   * after `mostMs` of this clock, or when the cluster has done nothing by itself for `standstillMs` and nothing of it is to come:
   * then only the patience of somebody outside could still run out.
   */
  async runUntil<T>(
    promise: Promise<T>,
    {
      mostMs = MOST_MS,
      standstillMs = Number.POSITIVE_INFINITY,
    }: { readonly mostMs?: number; readonly standstillMs?: number } = {},
  ): Promise<T> {
    const awaited = { isSettled: false };
    const settle = (): void => {
      awaited.isSettled = true;
    };
    promise.then(settle, settle);
    const endMs = this.#nowMs + mostMs;
    await turn();
    while (!awaited.isSettled) {
      const first = this.#first();
      if (first === undefined) throw new NeverEnds('nothing more can happen, and what is waited for has not come');
      if (first.atMs > endMs) throw new NeverEnds(`it has not ended after ${hoursOf(mostMs)} of virtual time`);
      if (this.#inwardDue === 0 && first.atMs > this.#inwardMs + standstillMs)
        throw new NeverEnds('nothing happens any more, and what is waited for has not come');
      if (this.#step(first)) await this.#answers();
    }
    return promise;
  }

  /** Lets `ms` pass. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await turn();
    for (let first = this.#first(); first !== undefined && first.atMs <= endMs; first = this.#first()) {
      if (this.#step(first)) await this.#answers();
    }
    this.#nowMs = Math.max(this.#nowMs, endMs);
  }

  /**
   * Lets `ms` pass at once, without waiting for what is done in answer: for who lets time pass along with real time, in
   * small pieces, and has an event loop that turns in between.
   */
  pass(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (let first = this.#first(); first !== undefined && first.atMs <= endMs; first = this.#first())
      this.#step(first);
    this.#nowMs = Math.max(this.#nowMs, endMs);
  }

  #add(ms: number, call: () => void, { outward, inward }: Pick<Entry, 'outward' | 'inward'>): () => void {
    if (ms === Number.POSITIVE_INFINITY) return () => undefined;
    const entry: Entry = { atMs: this.#nowMs + Math.max(0, ms), outward, inward, call };
    this.#queue.add(entry);
    if (inward) this.#inwardDue += 1;
    return () => {
      if (inward && entry.call !== undefined) this.#inwardDue -= 1;
      entry.call = undefined;
    };
  }

  /** Resolves when everything is done that follows from the event before. */
  #answers(): Promise<void> {
    return this.#events % EVENTS_OF_A_TURN === 0 ? turn() : tick();
  }

  /** The next event that was not taken back. */
  #first(): Entry | undefined {
    for (;;) {
      const first = this.#queue.peek();
      if (first === undefined || first.call !== undefined) return first;
      this.#queue.pop();
    }
  }

  /** Moves to an event and calls it; whether somebody outside may have to answer to it. */
  #step(entry: Entry): boolean {
    this.#queue.pop();
    this.#nowMs = entry.atMs;
    this.#events += 1;
    if (entry.inward) {
      this.#inwardDue -= 1;
      this.#inwardMs = entry.atMs;
    }
    const { call } = entry;
    entry.call = undefined;
    call?.();
    return entry.outward;
  }
}

/**
 * Resolves when no microtask is left. It must be called in one: a tick that is asked for in a tick comes before the
 * microtasks of that one.
 */
const tick = (): Promise<void> =>
  new Promise((resolve) => {
    nextTick(resolve);
  });

const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

const hoursOf = (ms: number): string => `${Math.round(ms / 3_600_000)} h`;
