import { describe, expect, it } from 'vitest';
import { RateLimit, type Urgency } from '../../src/cluster/kubernetes/rate-limit.ts';
import { VirtualClock } from '../../src/cluster/virtual/clock.ts';
import { Random } from '../../src/cluster/virtual/random.ts';
import { answered, connectTo, main } from './fixtures.ts';
import { replying } from './server.ts';

const QPS = 10;
const BURST = 20;
const [A, B, C] = [Symbol('a'), Symbol('b'), Symbol('c')];
const URGENCIES = ['lock', 'change', 'other'] as const;

/** A limit in virtual time, and what it let pass. */
const limited = () => {
  const clock = new VirtualClock();
  const limit = new RateLimit({ qps: QPS, burst: BURST }, { now: clock.monotonic, after: clock.after });
  const passed: { readonly what: string; readonly atMs: number }[] = [];
  const never = new AbortController().signal;
  const ask = (what: string, lane: symbol, urgency: Urgency = 'other', signal = never): Promise<void> =>
    limit.turn(lane, urgency, signal).then(() => void passed.push({ what, atMs: clock.monotonic() }));
  /** Takes all that may be had at once. */
  const exhaust = async (): Promise<void> => {
    await Promise.all(Array.from({ length: BURST }, () => limit.turn(A, 'other', never)));
  };
  return { clock, ask, passed, exhaust };
};

describe('the limit of requests', () => {
  it('lets a burst pass at once, and from then on as many as flow in', async () => {
    const { clock, ask, passed } = limited();
    for (let count = 0; count < BURST + 5; count += 1) void ask(String(count), A);
    await clock.advance(0);
    expect(passed).toHaveLength(BURST);
    await clock.advance(100);
    expect(passed).toHaveLength(BURST + 1);
    await clock.advance(400);
    expect(passed).toHaveLength(BURST + 5);
  });

  it('is not exceeded in any span of time, whoever asks when', async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const { clock, ask, passed } = limited();
      const random = new Random(seed, 'rate');
      const lanes = [A, B, C];
      for (let count = 0; count < 300; count += 1) {
        const lane = lanes[random.between(0, 2)] ?? A;
        clock.after(random.between(0, 20_000), () => void ask('', lane, URGENCIES[random.between(0, 2)]));
      }
      await clock.advance(120_000);
      expect(passed).toHaveLength(300);
      const times = passed.map(({ atMs }) => atMs);
      const over = times.flatMap((from, first) =>
        times.slice(first).map((to, more) => more + 1 - (BURST + (QPS * (to - from)) / 1000)),
      );
      expect(Math.max(...over), `seed ${seed}`).toBeLessThanOrEqual(1e-6);
    }
  });

  it('lets what has waited pass as soon as it may, and so wastes none of it', async () => {
    const { clock, ask, passed, exhaust } = limited();
    await exhaust();
    for (let count = 0; count < 50; count += 1) void ask('', A);
    await clock.advance(5000);
    expect(passed).toHaveLength(50);
  });

  it('serves lane by lane, and not by who has asked for most', async () => {
    const { clock, ask, passed, exhaust } = limited();
    await exhaust();
    for (let count = 0; count < 100; count += 1) void ask('a', A);
    for (let count = 0; count < 3; count += 1) void ask('b', B);
    void ask('c', C);
    await clock.advance(1000);
    expect(passed.map(({ what }) => what).join('')).toBe('abcababaaa');
  });

  it('serves what is urgent before all others, also before those that have waited for longer', async () => {
    const { clock, ask, passed, exhaust } = limited();
    await exhaust();
    for (let count = 0; count < 100; count += 1) void ask('a', A);
    await clock.advance(250);
    void ask('!', B, 'lock');
    void ask('!', A, 'lock');
    void ask('v', A, 'change');
    void ask('x', B, 'change');
    await clock.advance(700);
    expect(passed.map(({ what }) => what).join('')).toBe('aavx!!aaa');
  });

  it('has no lock wait for long, however many changes there are, and whoever else has a turn', async () => {
    const { clock, ask, passed, exhaust } = limited();
    await exhaust();
    for (let count = 0; count < 100; count += 1) void ask('w', A, 'change');
    await clock.advance(50);
    for (let count = 0; count < 3; count += 1) void ask('!', B, 'lock');
    void ask('o', C);
    await clock.advance(800);
    // After 0.3 s, when it would be the turn of others.
    expect(passed.map(({ what }) => what).join('')).toBe('www!!!ow');
  });

  it('takes the locks that have waited for long in the order in which they came, and none before', async () => {
    const { clock, ask, passed, exhaust } = limited();
    await exhaust();
    for (let count = 0; count < 100; count += 1) void ask('w', A, 'change');
    void ask('1', A, 'lock');
    void ask('2', A, 'lock');
    await clock.advance(250);
    void ask('3', B, 'lock');
    await clock.advance(450);
    expect(passed.map(({ what }) => what).join('')).toBe('ww12w3w');
  });

  it('has a turn for what else there is after each three changes, however many those are', async () => {
    const { clock, ask, passed, exhaust } = limited();
    await exhaust();
    for (let count = 0; count < 100; count += 1) void ask('w', A, 'change');
    for (let count = 0; count < 2; count += 1) void ask('o', B);
    await clock.advance(1000);
    expect(passed.map(({ what }) => what).join('')).toBe('wwwowwwoww');
  });

  it('lets go of who does not wait any more, and takes no turn for them', async () => {
    const { clock, ask, passed, exhaust } = limited();
    await exhaust();
    const leaving = new AbortController();
    const left = ask('left', A, 'other', leaving.signal);
    const urgent = ask('left', B, 'lock', leaving.signal);
    void ask('stays', A);
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    await expect(urgent).rejects.toThrow('gone');
    await expect(ask('late', A, 'other', leaving.signal)).rejects.toThrow('gone');
    await clock.advance(100);
    expect(passed.map(({ what }) => what)).toEqual(['stays']);
    // Nor later, when a lock that waited would go first.
    await clock.advance(10_000);
    await exhaust();
    void ask('next', A);
    await clock.advance(1000);
    expect(passed.at(-1)).toEqual({ what: 'next', atMs: 10_200 });
  });
});

describe('a connection with a limit', () => {
  it('sends no more than may be: what changes an upgrade first, then leases, then one for each lane by turns', async () => {
    const server = await replying(answered);
    let nowMs = 0;
    let pass = (): void => undefined;
    const after = (ms: number, call: () => void): (() => void) => {
      pass = () => {
        nowMs += ms;
        call();
      };
      return () => undefined;
    };
    const { cluster, lane } = connectTo(server, { qps: 10, timing: { now: () => nowMs, after } });
    const other = lane();
    const get = (name: string) => cluster.get('deployments', { ...main, name });
    const asked = Array.from({ length: 23 }, (_, at) => get(`one-${at + 1}`));
    asked.push(other.get('deployments', { ...main, name: 'other' }));
    const metadata = { ...main, name: 'record', resourceVersion: '1' };
    const record = cluster.replace('configmaps', { metadata });
    const scale = other.scale({ ...main, name: 'scaled' }, 3, '1');
    const lease = cluster.get('leases', { ...main, name: 'lease' });
    // The first burst is of twenty.
    await server.seen.when((seen) => seen.length === 20);
    for (const [at, name] of ['record', 'scaled', 'lease', 'one-21', 'other', 'one-22', 'one-23'].entries()) {
      pass();
      await server.seen.when((seen) => seen.length === 21 + at);
      expect(server.seen.entries[20 + at]?.path).toContain(`/${name}`);
    }
    await Promise.all([...asked, record, scale, lease]);
  });

  it('does not count its own waiting as that of the server', async () => {
    const server = await replying(answered);
    const { cluster } = connectTo(server, { qps: 1, firstContactMs: 2000 });
    const asks = Array.from({ length: 10 }, () => cluster.get('deployments', main));
    await expect(Promise.all(asks)).resolves.toHaveLength(10);
  });

  it('gives up waiting where it is closed, in every lane, also one that is asked for then', async () => {
    const server = await replying(answered);
    const { cluster, lane, close } = connectTo(server, { qps: 1, timing: { after: () => () => undefined } });
    await Promise.all([cluster.get('deployments', main), cluster.get('deployments', main)]);
    const waiting = [cluster, lane()].map((each) => each.get('deployments', main));
    const closed = close();
    const all = [...waiting, lane().get('deployments', main)];
    await Promise.all(all.map((each) => expect(each).rejects.toThrow('was closed')));
    await closed;
  });
});
