import type { Eta } from '../upgrade/eta.ts';
import { durationText } from './wording.ts';

/** `about 25m00s to go (20m00s to 41m00s)`; `elapsedMs` after it was told. */
export const etaText = (eta: Eta, elapsedMs = 0): string => {
  const [least, most] = [eta.leastMs, eta.mostMs].map((ms) => durationText(ms - elapsedMs));
  const typical = typicalEtaText(eta, elapsedMs);
  return least === most ? typical : `${typical} (${least} to ${most})`;
};

/** The same without the range. */
export const typicalEtaText = ({ typicalMs }: Eta, elapsedMs = 0): string =>
  `about ${durationText(typicalMs - elapsedMs)} to go`;
