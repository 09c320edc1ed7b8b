import type { Eta } from '../upgrade/eta.ts';
import { durationText } from './wording.ts';

/** `about 25m00s to go (20m00s to 41m00s)`; `elapsedMs` after it was told. */
export const etaText = (eta: Eta, elapsedMs = 0): string => {
  const [least, typical, most] = [eta.leastMs, eta.typicalMs, eta.mostMs].map((ms) => durationText(ms - elapsedMs));
  return least === most ? `about ${typical} to go` : `about ${typical} to go (${least} to ${most})`;
};
