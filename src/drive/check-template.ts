import type { Container, PodSpec } from '../cluster/port.ts';
import { SIDES, type Side } from '../upgrade/side.ts';
import type { Check, Said } from './said.ts';
import type { Snapshot } from './snapshot.ts';

/** What makes a step longer than it looks, or lets it say nothing. */
export const template: Check = (snapshot) => SIDES.flatMap((side) => ofSide(snapshot, side));

const ofSide = ({ spec, sides, capacity }: Snapshot, side: Side): readonly Said[] => {
  const { progressDeadlineMs } = spec;
  const { spec: own } = sides[side].deployment;
  const of = { side, deployment: spec.deployments[side] };
  const containers = own.template.spec?.containers ?? [];
  const unprobed = containers.filter(({ readinessProbe }) => readinessProbe === undefined);
  const delay = Math.max(0, ...containers.map(({ readinessProbe }) => readinessProbe?.initialDelaySeconds ?? 0));
  const graceMs = capacity.graceMs[side];
  const slow = (because: 'grace-period' | 'readiness-delay', seconds: number): Said => ({
    level: 'warning',
    fact: { check: 'slow-step', ...of, because, seconds, progressDeadlineMs },
  });
  return [
    // A pod is ready when all of its containers are: one probe is enough to wait for the server.
    ...(unprobed.length > 0 && unprobed.length === containers.length
      ? [said({ check: 'no-readiness-probe', ...of, containers: unprobed.map(({ name }) => name) })]
      : []),
    ...((own.minReadySeconds ?? 0) > 0 ? [said({ check: 'min-ready', ...of, seconds: own.minReadySeconds ?? 0 })] : []),
    ...(graceMs >= progressDeadlineMs ? [slow('grace-period', graceMs / 1000)] : []),
    ...(delay * 1000 >= progressDeadlineMs ? [slow('readiness-delay', delay)] : []),
  ];
};

const said = (fact: Said['fact']): Said => ({ level: 'warning', fact });

/** The same image on both sides need be no mistake: flags and nodes may differ. All the same is one. */
export const image: Check = ({ sides }) => {
  const { main, grey } = { main: containersOf(sides.main), grey: containersOf(sides.grey) };
  const images = grey.map((each) => each.image);
  if (
    main
      .map((each) => each.image)
      .toSorted()
      .join('\n') !== images.toSorted().join('\n')
  )
    return [];
  const isAllSame = JSON.stringify(podSpecOf(sides.main)) === JSON.stringify(podSpecOf(sides.grey));
  return [{ level: isAllSame ? 'warning' : 'note', fact: { check: 'same-image', images } }];
};

const podSpecOf = ({ deployment }: Snapshot['sides']['main']): PodSpec => deployment.spec.template.spec ?? {};
const containersOf = (side: Snapshot['sides']['main']): readonly Container[] => podSpecOf(side).containers ?? [];
