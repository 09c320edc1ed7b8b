import { type Addressee, goBack, goOn } from './next-step.ts';
import type { Steering } from './steered-text.ts';

export const notUnderWayText = ({ upgrade }: Addressee): string =>
  `${upgrade.name} is not under way: nothing was changed\n`;

/** `resume` and `rollback` drive where nobody does; a key that is pressed beside the upgrade only says what is wished for. */
export const undrivenText = ({ verb, driver }: Steering, to: Addressee): string => {
  if (driver !== undefined) return '';
  const step = verb === 'resume' ? goOn : verb === 'rollback' ? goBack : undefined;
  return step === undefined ? '' : `no driver runs; carry it out with: ${step(to).command}\n`;
};
