import { describe, expect, it } from 'vitest';
import { arrived, decide } from '../../src/upgrade/decide.ts';
import { beginLeg, leadsTo, type Leg, type Mode, type Pacing, type Step } from '../../src/upgrade/leg.ts';
import type { Limits } from '../../src/upgrade/limits.ts';
import type { Observation } from '../../src/upgrade/observation.ts';

type Counts = { asked: number; ready?: number; existing?: number; terminating?: number; leaving?: number };

const side = ({ asked, ready = asked, existing = asked, terminating = existing - asked, ...rest }: Counts) => ({
  asked,
  ready,
  existing,
  terminating,
  ...rest,
});

const seen = (main: Counts, grey: Counts): Observation => ({ main: side(main), grey: side(grey) });

const leg = (mode: Mode, pacing: Pacing, step: Step = 3): Leg =>
  beginLeg({ main: 30, grey: 0 }, { main: 0, grey: 30 }, { mode, pacing, step: { main: step, grey: step } });

const asks = (on: Leg, observed: Observation, limits?: Limits): string =>
  decide(on, observed, limits)
    .scales.map(({ side: which, from, to }) => `${which} ${from}→${to}`)
    .join(', ') || 'waits';

describe('the worked example of the rule: scaleOutPriority, step 3, 30 → 0 / 0 → 30', () => {
  it.each([
    [{ asked: 30 }, { asked: 0 }, 'grey 0→3'],
    [{ asked: 30 }, { asked: 3 }, 'main 30→27'],
    [{ asked: 27 }, { asked: 3 }, 'grey 3→6'],
    [{ asked: 27 }, { asked: 6 }, 'main 27→24'],
    [{ asked: 3 }, { asked: 30 }, 'main 3→0'],
    [{ asked: 0 }, { asked: 30 }, 'waits'],
  ])('at main %o, grey %o: %s', (main, grey, expected) => {
    expect(asks(leg('scaleOutPriority', 'batch'), seen(main, grey))).toBe(expected);
    expect(asks(leg('scaleOutPriority', 'window'), seen(main, grey))).toBe(expected);
  });
});

describe('pacing', () => {
  const two = seen({ asked: 30 }, { asked: 3, ready: 2, existing: 3 });
  it('batch waits for the whole step', () => expect(asks(leg('scaleOutPriority', 'batch'), two)).toBe('waits'));
  it('window refills a slot as soon as it is free', () => {
    expect(asks(leg('scaleOutPriority', 'window'), two)).toBe('main 30→28');
    expect(asks(leg('scaleOutPriority', 'window'), seen({ asked: 28 }, { asked: 3, ready: 2, existing: 3 }))).toBe(
      'grey 3→5',
    );
  });
});

describe('a window with steps that differ', () => {
  const way = { pacing: 'window', step: { main: 2, grey: 7 } } as const;
  const on = beginLeg({ main: 7, grey: 4 }, { main: 1, grey: 6 }, { ...way, mode: 'scaleInPriority' });
  it('takes of the little rest of a way no more than the other side has earned', () => {
    expect(asks(on, seen({ asked: 5, existing: 6 }, { asked: 4 }))).toBe('grey 4→5');
    expect(asks(on, seen({ asked: 5 }, { asked: 5 }))).toBe('grey 5→6');
  });
});

describe('what counts as done', () => {
  it('a removed pod counts until it is gone', () => {
    const leaving = seen({ asked: 27, existing: 30 }, { asked: 3 });
    expect(asks(leg('scaleOutPriority', 'batch'), leaving)).toBe('waits');
    expect(asks(leg('scaleInPriority', 'batch'), seen({ asked: 27, existing: 30 }, { asked: 0 }))).toBe('waits');
    expect(asks(leg('scaleInPriority', 'batch'), seen({ asked: 27 }, { asked: 0 }))).toBe('grey 0→3');
  });

  it('a main pod that is not ready blocks nothing', () => {
    expect(asks(leg('scaleOutPriority', 'batch'), seen({ asked: 30, ready: 29 }, { asked: 3 }))).toBe('main 30→27');
  });

  it('lost ready pods are waited for, nothing is undone', () => {
    expect(asks(leg('scaleOutPriority', 'window'), seen({ asked: 24 }, { asked: 6, ready: 1 }))).toBe('waits');
  });
});

describe('both sides at once', () => {
  it('scaleSimultaneously moves both in one turn', () => {
    expect(asks(leg('scaleSimultaneously', 'batch'), seen({ asked: 30 }, { asked: 0 }))).toBe('main 30→27, grey 0→3');
  });

  it('two sides that go the same way do not wait for each other', () => {
    const surge = beginLeg(
      { main: 10, grey: 10 },
      { main: 20, grey: 20 },
      { mode: 'scaleOutPriority', pacing: 'batch', step: { main: 4, grey: 2 } },
    );
    expect(asks(surge, seen({ asked: 10 }, { asked: 12, ready: 10 }))).toBe('main 10→14');
  });
});

describe('a step in per cent', () => {
  it.each([
    ['10%', 30, 3],
    ['10%', 25, 3],
    ['1%', 30, 1],
    ['7%', 100, 7],
    ['100%', 30, 30],
    ['12.5%', 8, 1],
    ['10%', 0, 1],
  ] as const)('%s of a way of %i is %i', (step, way, expected) => {
    const begun = beginLeg(
      { main: way, grey: 0 },
      { main: 0, grey: 0 },
      { mode: 'scaleInPriority', pacing: 'batch', step: { main: step, grey: 1 } },
    );
    expect(begun.step.main).toBe(expected);
  });
});

describe('limits', () => {
  it('hold a removal at the count that keeps minReady', () => {
    const decision = decide(leg('scaleInPriority', 'batch'), seen({ asked: 30 }, { asked: 0 }), { minReady: 28 });
    expect(decision).toEqual({
      scales: [{ side: 'main', from: 30, to: 28 }],
      held: [{ side: 'main', limitedBy: 'minReady' }],
    });
  });

  it('let pods that are not ready be removed', () => {
    const on = leg('scaleInPriority', 'batch');
    expect(asks(on, seen({ asked: 30, ready: 27 }, { asked: 0 }), { minReady: 28 })).toBe('main 30→27');
    expect(asks(on, seen({ asked: 30, ready: 28 }, { asked: 0 }), { minReady: 28 })).toBe('main 30→28');
  });

  it('count a ready pod once that was asked to go', () => {
    // Three ready grey pods, but only one is still asked for: main may not lean on the other two.
    const back = beginLeg(
      { main: 10, grey: 0 },
      { main: 0, grey: 0 },
      { mode: 'scaleInPriority', pacing: 'batch', step: { main: 10, grey: 1 } },
    );
    expect(asks(back, seen({ asked: 10 }, { asked: 1, ready: 3, existing: 3 }), { minReady: 4 })).toBe('main 10→3');
  });

  it('hold an addition at what maxPods leaves, terminating pods counted', () => {
    const on = leg('scaleOutPriority', 'batch');
    expect(asks(on, seen({ asked: 30 }, { asked: 0 }), { maxPods: 31 })).toBe('grey 0→1');
    expect(asks(on, seen({ asked: 27, existing: 30 }, { asked: 0 }), { maxPods: 30 })).toBe('waits');
  });

  it('count pods that were asked for and are not made yet', () => {
    const on = leg('scaleSimultaneously', 'window');
    expect(asks(on, seen({ asked: 27 }, { asked: 2, ready: 2, existing: 1 }), { maxPods: 30 })).toBe(
      'main 27→25, grey 2→3',
    );
  });

  it('count those beside the ones that are leaving, which are not what was asked for', () => {
    const surge = beginLeg(
      { main: 1, grey: 7 },
      { main: 6, grey: 1 },
      { mode: 'scaleSimultaneously', pacing: 'window', step: { main: 5, grey: 6 } },
    );
    // Of the four that were asked for two are seen, beside three of those that were there before.
    const main = { asked: 4, ready: 1, existing: 5, leaving: 3 };
    const grey = { asked: 7 };
    expect(asks(surge, seen(main, grey), { maxPods: 14 })).toBe('grey 7→1');
    expect(asks(surge, seen(main, grey), { maxPods: 15 })).toBe('main 4→5, grey 7→1');
    // Not counted: `podReplacementPolicy: TerminationStarted` lets them go by.
    expect(asks(surge, seen({ ...main, existing: 2, leaving: 0 }, grey), { maxPods: 12 })).toBe('main 4→5, grey 7→1');
  });

  it('are checked for the second write of a turn with the first one done', () => {
    const surge = beginLeg(
      { main: 1, grey: 1 },
      { main: 5, grey: 5 },
      { mode: 'scaleOutPriority', pacing: 'batch', step: { main: 4, grey: 4 } },
    );
    expect(asks(surge, seen({ asked: 1 }, { asked: 1 }), { maxPods: 7 })).toBe('main 1→5, grey 1→2');
  });
});

describe('arrival', () => {
  const before = { main: 30, grey: 0 };
  const on = leg('scaleOutPriority', 'window');
  it('needs every added pod ready and every removed pod gone', () => {
    expect(arrived(on, seen({ asked: 0 }, { asked: 30 }), before)).toBe(true);
    expect(arrived(on, seen({ asked: 0 }, { asked: 30, ready: 29 }), before)).toBe(false);
    expect(arrived(on, seen({ asked: 0, existing: 1 }, { asked: 30 }), before)).toBe(false);
    expect(arrived(on, seen({ asked: 3 }, { asked: 30 }), before)).toBe(false);
  });

  it('does not need pods ready that were never this upgrade’s', () => {
    const half = beginLeg(
      before,
      { main: 10, grey: 0 },
      { mode: 'scaleInPriority', pacing: 'batch', step: { main: 20, grey: 1 } },
    );
    expect(arrived(half, seen({ asked: 10, ready: 9 }, { asked: 0 }), before)).toBe(true);
  });

  it('needs the pods of an earlier leg ready', () => {
    const again = beginLeg(
      { main: 0, grey: 30 },
      { main: 0, grey: 30 },
      { mode: 'scaleInPriority', pacing: 'batch', step: { main: 3, grey: 3 } },
    );
    expect(arrived(again, seen({ asked: 0 }, { asked: 30, ready: 28 }), before)).toBe(false);
  });
});

describe('a leg is the way to targets already', () => {
  const way = { mode: 'scaleOutPriority', pacing: 'batch', step: { main: '10%', grey: 3 } } as const;
  const begun = beginLeg({ main: 30, grey: 0 }, { main: 0, grey: 30 }, way);
  it('where nothing but a pause came between', () => expect(leadsTo(begun, { main: 0, grey: 30 }, way)).toBe(true));
  it.each([
    ['other targets', { main: 1, grey: 30 }, way],
    ['another mode', { main: 0, grey: 30 }, { ...way, mode: 'scaleInPriority' }],
    ['another pacing', { main: 0, grey: 30 }, { ...way, pacing: 'window' }],
    ['another step', { main: 0, grey: 30 }, { ...way, step: { main: '20%', grey: 3 } }],
  ] as const)('not with %s', (_, to, other) => expect(leadsTo(begun, to, other)).toBe(false));
});
