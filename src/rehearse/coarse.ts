import type { Scenario, Spread } from '../cluster/virtual/scenario.ts';

/** Grains that a rehearsal may have: of so many pods, which take at least so many of them to become ready, half of the time. */
const GRAINS = [
  { ms: 5000, pods: 10_000, times: 20 },
  { ms: 1000, pods: 2000, times: 0 },
] as const;

/** Of the pods that a scenario begins with, and that an upgrade is about to replace. */
export const podsOf = ({ deployments }: Scenario): number =>
  deployments.reduce((sum, { replicas }) => sum + replicas, 0);

/**
 * A scenario of many pods, of which several become ready or go in the same second: in it they do so at whole seconds, or at every
 * fifth, which is as exactly as a rehearsal tells a duration. Each is at most half of that early or late, the one as often as the
 * other.
 */
export const coarse = (scenario: Scenario): Scenario => {
  const pods = podsOf(scenario);
  const soonestMs = Math.min(...scenario.deployments.map(({ readyAfter }) => medianOf(readyAfter)));
  const grain = GRAINS.find((each) => pods >= each.pods && soonestMs >= each.times * each.ms);
  return grain === undefined ? scenario : { ...scenario, grainMs: grain.ms };
};

const medianOf = (spread: Spread): number => {
  switch (spread.kind) {
    case 'fixed':
      return spread.ms;
    case 'range':
      return (spread.fromMs + spread.toMs) / 2;
    case 'log-normal':
      return spread.medianMs;
    case 'samples':
      return spread.samplesMs.toSorted((a, b) => a - b)[spread.samplesMs.length >> 1] ?? 0;
  }
};
