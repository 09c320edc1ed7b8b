import { type Command, InvalidArgumentError } from 'commander';
import { refuseChoice } from '../spec/choice.ts';
import { listed, refusal } from '../spec/refusal.ts';
import { CHECKS, type CheckName, type Choices, REQUIRED } from '../upgrade/finding.ts';

export type CheckOptions = { readonly skipCheck?: readonly CheckName[]; readonly strict?: boolean };

const SKIPPABLE = CHECKS.filter((name) => !REQUIRED.has(name));
const ALLOWED = listed(SKIPPABLE, 'or');

export const withCheckOptions = (command: Command): Command =>
  command
    .optionsGroup('Checks:')
    .option('--skip-check <name>', `leave out a check (repeat for more): ${SKIPPABLE.join(', ')}`, skipped)
    .option('--strict', 'refuse where a check warns, too');

const skipped = (text: string, before: readonly CheckName[] = []): readonly CheckName[] => {
  const name = CHECKS.find((each) => each === text);
  if (name === undefined) throw new InvalidArgumentError(refuseChoice(text, SKIPPABLE));
  if (REQUIRED.has(name)) throw new InvalidArgumentError(refusal(text, 'is what no upgrade can do without', ALLOWED));
  return before.includes(name) ? before : [...before, name];
};

export const choicesOf = ({ skipCheck = [], strict = false }: CheckOptions): Choices => ({ skip: skipCheck, strict });
