import type { UpgradeEvent } from '../../src/upgrade/events.ts';
import { beginLeg } from '../../src/upgrade/leg.ts';
import { after, EVENTS, LEG, SUMMARY, standing, UNSCHEDULABLE } from './samples.ts';

const CRASH = {
  reason: 'crash',
  side: 'grey',
  pods: 1,
  example: 'llama-v2-x',
  message: 'container main exited with 1',
} as const;
const STARTING = { reason: 'starting', side: 'grey', pods: 3 } as const;

/** The events of one run: steps, obstacles, a pause, other targets, the end. */
export const RUN: readonly UpgradeEvent[] = [
  EVENTS.started,
  { at: after(0), type: 'leg', leg: LEG, cause: 'start', by: 'anna@laptop' },
  { at: after(1), type: 'observed', standing: standing([30, 30, 0], [0, 0, 0]) },
  { at: after(1), type: 'scaled', side: 'grey', from: 0, to: 3 },
  // Only what is asked for has changed: the write said so.
  { at: after(1), type: 'observed', standing: { ...standing([30, 30, 0], [0, 0, 0]), waiting: [] } },
  { at: after(2), type: 'observed', standing: standing([30, 30, 0], [3, 0, 0], [STARTING]) },
  { at: after(32), type: 'alive', standing: standing([30, 30, 0], [3, 0, 0], [STARTING]), idleMs: 31_000, held: false },
  { at: after(40), type: 'observed', standing: standing([30, 30, 0], [3, 2, 0], [STARTING]) },
  { at: after(40), type: 'scaled', side: 'main', from: 30, to: 28 },
  { at: after(41), type: 'observed', standing: standing([28, 28, 2], [3, 2, 0]) },
  { at: after(41), type: 'limited', side: 'grey', limit: 'maxPods', value: 33 },
  { at: after(42), type: 'note', level: 'detail', message: 'the lease was renewed' },
  { at: after(43), type: 'note', level: 'warning', message: 'a watch fell silent and was begun anew' },
  { at: after(50), type: 'observed', standing: standing([28, 28, 0], [3, 2, 0]) },
  // The same limit again is no news.
  { at: after(50), type: 'limited', side: 'grey', limit: 'maxPods', value: 33 },
  { at: after(51), type: 'scaled', side: 'grey', from: 3, to: 5 },
  { at: after(52), type: 'observed', standing: standing([28, 28, 0], [5, 3, 0], [UNSCHEDULABLE]) },
  // Another count and another message of a cause that was told.
  {
    at: after(53),
    type: 'observed',
    standing: standing([28, 28, 0], [5, 3, 0], [{ ...UNSCHEDULABLE, message: '0/9' }]),
  },
  { at: after(60), type: 'observed', standing: standing([28, 28, 0], [5, 3, 0], [CRASH]) },
  { at: after(70), type: 'observed', standing: standing([28, 28, 0], [5, 3, 0], [UNSCHEDULABLE]) },
  {
    at: after(83),
    type: 'alive',
    standing: standing([28, 28, 0], [5, 3, 0], [UNSCHEDULABLE]),
    idleMs: 90_000,
    held: false,
  },
  { at: after(90), type: 'leg', leg: { ...LEG, from: { main: 28, grey: 5 } }, cause: 'pause', by: 'ben@desk' },
  { at: after(90), type: 'held', reason: 'paused', by: 'ben@desk' },
  { at: after(120), type: 'alive', standing: standing([28, 28, 0], [5, 3, 0]), idleMs: 127_000, held: true },
  {
    at: after(130),
    type: 'leg',
    leg: beginLeg({ main: 28, grey: 5 }, { main: 28, grey: 3 }, { ...LEG, step: { main: 3, grey: '10%' } }),
    cause: 'set-target',
    by: 'ben@desk',
  },
  { at: after(130), type: 'scaled', side: 'grey', from: 5, to: 3 },
  { at: after(131), type: 'held', reason: 'off-spec', by: 'ben@desk' },
  { at: after(140), type: 'leg', leg: { ...LEG, from: { main: 28, grey: 3 } }, cause: 'resume', by: 'anna@laptop' },
  {
    at: after(150),
    type: 'leg',
    leg: { ...LEG, from: { main: 27, grey: 3 } },
    cause: 'scaled-by-others',
    by: 'anna@laptop',
  },
  { at: after(160), type: 'leg', leg: { ...LEG, from: LEG.to, to: LEG.from }, cause: 'rollback', by: 'anna@laptop' },
  { at: after(724), type: 'observed', standing: standing([30, 30, 0], [0, 0, 1]) },
  { at: after(754), type: 'alive', standing: standing([30, 30, 0], [0, 0, 0]), idleMs: 30_000, held: false },
  { at: after(760), type: 'ended', outcome: { kind: 'rolled-back' }, exitCode: 6, summary: SUMMARY },
];
