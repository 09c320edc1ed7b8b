import type { Scenario } from '../cluster/virtual/scenario.ts';

/** From so many pods on a rehearsal takes long enough to be waited for. */
const MANY_PODS = 2000;
const SECOND_MS = 1000;

/**
 * A scenario of many pods, of which several become ready or go in the same second: in it they do so at whole seconds, which
 * is as exactly as a rehearsal tells a duration. Each is at most half a second early or late, the one as often as the other.
 */
export const coarse = (scenario: Scenario): Scenario => {
  const pods = scenario.deployments.reduce((sum, { replicas }) => sum + replicas, 0);
  return pods < MANY_PODS ? scenario : { ...scenario, grainMs: SECOND_MS };
};
