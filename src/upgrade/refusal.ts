import type { Leg } from './leg.ts';
import type { Limits } from './limits.ts';
import { route } from './route.ts';
import type { PerSide, Side } from './side.ts';
import type { DeploymentRef } from './spec.ts';

/** Why an upgrade may not begin, as preflight finds it. */
export type Refusal =
  | { readonly check: 'deployment-missing'; readonly side: Side; readonly deployment: DeploymentRef }
  | { readonly check: 'deployment-deleting'; readonly side: Side; readonly deployment: DeploymentRef }
  /** Its controller has not seen its newest version: is there one at work? */
  | { readonly check: 'not-observed'; readonly side: Side; readonly deployment: DeploymentRef }
  /** Pods of another template than the current one still run. */
  | { readonly check: 'rolling-out'; readonly side: Side; readonly deployment: DeploymentRef; readonly oldPods: number }
  /** The selector of one side takes in the pods of the other: the two would fight over them. */
  | { readonly check: 'selectors-overlap' }
  /** The limits end the way at these counts, short of the targets, even when every pod is ready at once. */
  | { readonly check: 'limits'; readonly limit: keyof Limits; readonly value: number; readonly at: PerSide<number> }
  | {
      readonly check: 'other-upgrade';
      readonly name: string;
      readonly namespace: string;
      readonly deployment: DeploymentRef;
    };

/** The refusal of a leg whose limits end it short of its targets. */
export const blockedByLimits = (
  leg: Leg,
  limits: Limits,
): Extract<Refusal, { readonly check: 'limits' }> | undefined => {
  const { arrives, blockedBy, waypoints } = route(leg, limits);
  if (arrives || blockedBy === undefined) return undefined;
  return { check: 'limits', limit: blockedBy, value: limits[blockedBy] ?? 0, at: waypoints.at(-1) ?? leg.from };
};
