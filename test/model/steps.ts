import * as fc from 'fast-check';
import type { WayChange } from '../../src/upgrade/command.ts';
import { MODES, PACINGS, type Way } from '../../src/upgrade/leg.ts';
import { type PerSide, SIDES } from '../../src/upgrade/side.ts';
import type { Standstill } from './process.ts';
import { type Changing, type Play, UPGRADE } from './play.ts';
import type { Wanted } from './upgrade-model.ts';

export type Step = fc.AsyncCommand<object, Play>;

/** A step of a play; its name is what a failure prints. */
const step = (name: string, run: (play: Play) => Promise<void> | void): Step => ({
  check: () => true,
  run: async (_, play) => {
    await run(play);
  },
  toString: () => name,
});

/** How large and how long everything is. */
export type Scale = {
  readonly mostReplicas: number;
  readonly mostStep: number;
  /** Times that pass, in ms. */
  readonly passMs: readonly number[];
  /** Whether the world is one that a test holds in its hand: pods can be kept from being made, time can be stopped. */
  readonly isVirtual: boolean;
};

const wayChange = ({ mostStep }: Scale): fc.Arbitrary<WayChange> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    fc.record({ mode: fc.constantFrom(...MODES) }),
    fc.record({ pacing: fc.constantFrom(...PACINGS) }),
    fc.integer({ min: 1, max: mostStep }).map((n) => ({ step: { main: n, grey: n } })),
  );

const wayOptions = ({ mode, pacing, step: steps }: WayChange): readonly string[] => [
  ...(mode === undefined ? [] : ['--mode', mode]),
  ...(pacing === undefined ? [] : ['--pacing', pacing]),
  ...(steps === undefined ? [] : ['--step', String(steps.main)]),
];

const targetOptions = (targets: Partial<PerSide<number>>): readonly string[] =>
  SIDES.flatMap((side) => (targets[side] === undefined ? [] : [`--${side}`, String(targets[side])]));

const setTarget = (scale: Scale): fc.Arbitrary<Step> => {
  const count = fc.integer({ min: 0, max: scale.mostReplicas });
  const targets = fc.oneof(
    fc.record({ main: count, grey: count }),
    fc.record({ main: count }),
    fc.record({ grey: count }),
    fc.constant({}),
  );
  return fc.tuple(targets, wayChange(scale)).map(([to, way]): Step => {
    const options = [...targetOptions(to), ...wayOptions(way)];
    if (options.length === 0) return step('set-target --ready', (play) => play.acceptReady());
    const named = `set-target ${options.join(' ')}`;
    return step(named, (play) => play.tell({ verb: 'set-target', targets: to, way }, ...options));
  });
};

const passing = ({ passMs }: Scale): fc.Arbitrary<Step> =>
  fc.constantFrom(...passMs).map((ms) => step(`${ms} ms pass`, (play) => play.pass(ms)));

const standstill: fc.Arbitrary<Step> = fc
  .constantFrom<Standstill>('stopped', 'asleep')
  .map((how) => step(`the driver is ${how}`, (play) => play.freeze(how)));

const untilChange: fc.Arbitrary<Step> = fc
  .constantFrom<Changing>('pods', 'deployments', 'configmaps', 'leases')
  .map((kind) => step(`until ${kind} change`, (play) => play.untilChange(kind)));

/** Longer than the progress deadline of these upgrades. */
const STUCK_MS = 1_200_000;

/** Anything that people and machines may do, in any order. */
export const steps = (scale: Scale): fc.Arbitrary<Step>[] => {
  const constant = (name: string, run: (play: Play) => Promise<void> | void): fc.Arbitrary<Step> =>
    fc.constant(step(name, run));
  const keep = { verb: 'resume', keepTargets: true } as const;
  return [
    constant('start', (play) => play.start()),
    constant('start', (play) => play.start()),
    constant('pause', (play) => play.tell({ verb: 'pause' })),
    constant('resume', (play) => play.tell({ verb: 'resume', keepTargets: false })),
    constant('resume --keep-targets', (play) => play.tell(keep, '--keep-targets')),
    setTarget(scale),
    setTarget(scale),
    wayChange(scale).map((way) => {
      const options = wayOptions(way);
      return step(`rollback ${options.join(' ')}`, (play) => play.tell({ verb: 'rollback', way }, ...options));
    }),
    constant('abort', (play) => play.tell({ verb: 'abort' })),
    constant('status, list', (play) => play.status()),
    constant('the driver is killed', (play) => play.kill()),
    constant('the driver is interrupted', (play) => play.interrupt()),
    standstill,
    constant('it goes on', (play) => play.thaw()),
    passing(scale),
    passing(scale),
    passing(scale),
    ...(scale.isVirtual
      ? [
          constant('no more pods may be made', (play) => play.setQuota(false)),
          constant('no more pods may be made for longer than a driver waits for them', async (play) => {
            play.setQuota(false);
            await play.pass(STUCK_MS);
          }),
          untilChange,
          untilChange,
          constant('pods may be made again', (play) => play.setQuota(true)),
        ]
      : []),
  ];
};

/** An upgrade, and the counts before it. */
export type Given = Wanted & { readonly before: PerSide<number> };

export const given = ({ mostReplicas, mostStep }: Scale): fc.Arbitrary<Given> => {
  const count = fc.integer({ min: 0, max: mostReplicas });
  const size = fc.integer({ min: 1, max: mostStep });
  return fc.record({
    before: fc.record({ main: fc.integer({ min: 1, max: mostReplicas }), grey: fc.constantFrom(0, 0, 1) }),
    targets: fc.record({ main: fc.oneof(fc.constant(0), count), grey: count }),
    way: fc.record<Way>({
      mode: fc.constantFrom(...MODES),
      pacing: fc.constantFrom(...PACINGS),
      step: size.map((n) => ({ main: n, grey: n })),
    }),
  });
};

/** The spec file of an upgrade between these Deployments. */
export const specText = (
  { targets, way }: Wanted,
  { main, grey, namespace }: { readonly main: string; readonly grey: string; readonly namespace: string },
): string =>
  JSON.stringify({
    apiVersion: 'dupgrade.dev/v1',
    kind: 'DeploymentUpgrade',
    metadata: { name: UPGRADE, namespace },
    spec: {
      main: { deployment: main, target: targets.main },
      grey: { deployment: grey, target: targets.grey },
      mode: way.mode,
      pacing: way.pacing,
      step: way.step.main,
      progressDeadline: '10m',
    },
  });
