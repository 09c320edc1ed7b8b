import { describe, expect, it } from 'vitest';
import { NeverEnds, VirtualClock } from '../../src/cluster/virtual/clock.ts';

const HOUR_MS = 3_600_000;

describe('the virtual clock', () => {
  it('does not wait on where the cluster does nothing by itself any more, whatever somebody outside does', async () => {
    const clock = new VirtualClock();
    const never = new Promise<void>(() => undefined);
    const renew = (): void => {
      clock.after(10_000, renew);
      clock.onRequest(5, () => undefined);
    };
    renew();
    clock.quietly(2 * HOUR_MS, () => undefined);
    const waiting = clock.runUntil(never, { standstillMs: HOUR_MS });
    await expect(waiting).rejects.toThrow('nothing happens any more');
    // What was to come was waited for, however late it was.
    expect(clock.monotonic()).toBeGreaterThan(3 * HOUR_MS - 20_000);
    expect(clock.monotonic()).toBeLessThanOrEqual(3 * HOUR_MS);
  });

  it('calls what is due in the order of time, and of one moment in the order in which it was asked for', async () => {
    const clock = new VirtualClock();
    const calls: string[] = [];
    const note = (what: string) => (): void => {
      calls.push(`${what} at ${clock.monotonic()}`);
    };
    clock.after(20, note('c'));
    clock.after(10, note('a'));
    clock.quietly(10, note('b'));
    clock.after(-5, note('now'));
    await clock.advance(15);
    expect(calls).toEqual(['now at 0', 'a at 10', 'b at 10']);
    expect(clock.monotonic()).toBe(15);
    await clock.advance(5);
    expect(calls.at(-1)).toBe('c at 20');
  });

  it('does not call what was taken back, nor what is due never', async () => {
    const clock = new VirtualClock();
    let calls = 0;
    const cancel = clock.after(10, () => (calls += 1));
    clock.after(Number.POSITIVE_INFINITY, () => (calls += 1));
    cancel();
    expect(clock.untilNextMs).toBeUndefined();
    await clock.advance(1000);
    expect(calls).toBe(0);
  });

  it('lets all that follows from an event be done before the next', async () => {
    const clock = new VirtualClock();
    const steps: string[] = [];
    const deep = async (): Promise<void> => {
      await new Promise<void>((resolve) => clock.after(10, resolve));
      for (let i = 0; i < 50; i += 1) await Promise.resolve();
      steps.push(`deep at ${clock.monotonic()}`);
    };
    clock.after(11, () => steps.push('next'));
    await clock.runUntil(Promise.all([deep(), deep()]));
    await clock.advance(1);
    expect(steps).toEqual(['deep at 10', 'deep at 10', 'next']);
  });

  it('begins at the time of day that it is given, and tells it', async () => {
    const clock = new VirtualClock(Date.UTC(2030, 4, 1));
    await clock.advance(1500);
    expect(new Date(clock.now()).toISOString()).toBe('2030-05-01T00:00:01.500Z');
    expect(new Date(new VirtualClock().now()).toISOString()).toBe('2026-01-01T00:00:00.000Z');
  });

  it('answers as the promise does', async () => {
    const clock = new VirtualClock();
    const later = <T>(what: () => T): Promise<T> =>
      new Promise<void>((resolve) => clock.after(5, resolve)).then(() => what());
    expect(await clock.runUntil(later(() => 7))).toBe(7);
    const failing = later(() => {
      throw new Error('no');
    });
    await expect(clock.runUntil(failing)).rejects.toThrow('no');
  });

  it('says so when what is waited for cannot come any more', async () => {
    const clock = new VirtualClock();
    clock.after(10, () => undefined);
    const never = new Promise<void>(() => undefined);
    await expect(clock.runUntil(never)).rejects.toThrow(
      new NeverEnds('nothing more can happen, and what is waited for has not come'),
    );
  });

  it('says so when it does not come in the time that there is', async () => {
    const clock = new VirtualClock();
    const again = (): void => {
      clock.after(HOUR_MS, again);
    };
    again();
    const never = new Promise<void>(() => undefined);
    await expect(clock.runUntil(never, { mostMs: 5 * HOUR_MS })).rejects.toThrow(
      new NeverEnds('it has not ended after 5 h of virtual time'),
    );
    expect(clock.monotonic()).toBe(5 * HOUR_MS);
    await expect(clock.runUntil(never)).rejects.toThrow('after 168 h');
  });

  it('lets time pass at once for who has an event loop of his own', () => {
    const clock = new VirtualClock();
    const calls: number[] = [];
    clock.after(10, () => {
      calls.push(clock.monotonic());
      clock.after(10, () => calls.push(clock.monotonic()));
    });
    expect(clock.untilNextMs).toBe(10);
    clock.pass(15);
    expect(calls).toEqual([10]);
    expect([clock.monotonic(), clock.untilNextMs]).toEqual([15, 5]);
    clock.pass(5);
    expect(calls).toEqual([10, 20]);
  });
});
