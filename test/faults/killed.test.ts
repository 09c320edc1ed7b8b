import { MODES, PACINGS } from '../../src/upgrade/leg.ts';
import { killedAtEveryRequest } from './killed.ts';

for (const mode of MODES) for (const pacing of PACINGS) killedAtEveryRequest(mode, pacing);
