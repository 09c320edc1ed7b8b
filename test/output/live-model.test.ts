import { describe, expect, it } from 'vitest';
import { EMPTY_MODEL, type LiveModel, reduce } from '../../src/output/live-model.ts';
import type { UpgradeEvent } from '../../src/upgrade/events.ts';
import { RUN } from './run.ts';
import { after, EVENTS, LEG, standing } from './samples.ts';

const afterAll = (...events: readonly UpgradeEvent[]): LiveModel => events.reduce(reduce, EMPTY_MODEL);
const observed = (seconds: number, ready: number): UpgradeEvent => ({
  at: after(seconds),
  type: 'observed',
  standing: standing([30, 30, 0], [3, ready, 0]),
});
const scaled = (seconds: number): UpgradeEvent => ({ ...EVENTS.scaled, at: after(seconds) });

describe('the model of the live view', () => {
  it('keeps the last that was seen of both sides', () => {
    expect(afterAll(observed(1, 0), observed(2, 1)).standing).toEqual(standing([30, 30, 0], [3, 1, 0]));
    expect(afterAll(observed(1, 0), EVENTS.alive).standing).toEqual(EVENTS.alive.standing);
  });

  it('counts fewer pods to wait for as progress, and the return of a pod that flapped as none', () => {
    const seen = [scaled(0), observed(1, 0), observed(10, 2), observed(20, 1), observed(30, 2)];
    expect(afterAll(...seen).progressAt).toBe(after(10));
    expect(afterAll(...seen, observed(40, 3)).progressAt).toBe(after(40));
  });

  it('begins to wait anew with a write and a leg', () => {
    expect(afterAll(observed(10, 2), scaled(20)).progressAt).toBe(after(20));
    expect(afterAll(observed(10, 2), scaled(20), observed(21, 1)).progressAt).toBe(after(21));
    expect(afterAll(observed(10, 2), { ...EVENTS.leg, at: after(30) }).progressAt).toBe(after(30));
  });

  it('believes the driver in how long there was no progress', () => {
    expect(afterAll(observed(10, 2), EVENTS.alive).progressAt).toBe(EVENTS.alive.at - EVENTS.alive.idleMs);
  });

  it('is held until a leg begins or the driver lives without being held', () => {
    expect(afterAll(EVENTS.held).held).toEqual(EVENTS.held);
    expect(afterAll(EVENTS.held, { ...EVENTS.alive, held: true }).held).toEqual(EVENTS.held);
    expect(afterAll(EVENTS.held, EVENTS.alive).held).toBeUndefined();
    expect(afterAll(EVENTS.held, EVENTS.leg).held).toBeUndefined();
  });

  it('knows what a limit holds back until that side is scaled or a leg begins', () => {
    const grey = { ...EVENTS.scaled, side: 'grey' } as const;
    expect(afterAll(EVENTS.limited).limited).toEqual({ grey: EVENTS.limited });
    expect(afterAll(EVENTS.limited, EVENTS.scaled).limited).toEqual({ grey: EVENTS.limited });
    expect(afterAll(EVENTS.limited, grey).limited).toEqual({});
    expect(afterAll(EVENTS.limited, EVENTS.leg).limited).toEqual({});
  });

  it('remembers the last ten things that were done, and not what another event says too', () => {
    const writes = Array.from({ length: 12 }, (_, at) => scaled(at));
    expect(afterAll(...writes).recent).toEqual(writes.slice(2));
    expect(afterAll({ ...EVENTS.leg, cause: 'start' }, { ...EVENTS.leg, cause: 'pause' }).recent).toEqual([]);
    expect(
      afterAll(...RUN)
        .recent.map(({ type }) => type)
        .join(' '),
    ).toBe('scaled observed scaled observed leg scaled leg leg leg observed');
  });

  it('remembers what came of a write: pods that became ready or unready, and nothing else', () => {
    const same = { ...observed(3, 1), at: after(4) };
    const going: UpgradeEvent = { at: after(5), type: 'observed', standing: standing([28, 30, 2], [9, 1, 0]) };
    expect(afterAll(observed(1, 0), observed(2, 1), same, going).recent).toEqual([observed(2, 1)]);
  });

  it('keeps the pods over time', () => {
    expect(afterAll(EVENTS.started, observed(1, 0), observed(2, 1)).curve.points).toMatchObject([
      { atMs: 1000, main: 30, grey: 0, ready: 30 },
      { atMs: 2000, main: 30, grey: 1, ready: 31 },
    ]);
  });

  it('knows whether it goes back', () => {
    expect(afterAll({ ...EVENTS.leg, cause: 'rollback' }).leg).toEqual({ leg: LEG, back: true });
    expect(afterAll(EVENTS.leg).leg).toEqual({ leg: LEG, back: false });
  });

  it('learns nothing from notes and from the end, and changes nothing that it was given', () => {
    const model = afterAll(EVENTS.started, EVENTS.leg);
    const frozen = Object.freeze({ ...model, limited: Object.freeze({}), recent: Object.freeze([...model.recent]) });
    expect(reduce(frozen, EVENTS.note)).toBe(frozen);
    expect(reduce(frozen, EVENTS.ended)).toBe(frozen);
    for (const event of RUN) reduce(frozen, event);
  });
});
