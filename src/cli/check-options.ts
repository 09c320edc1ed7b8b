import { type Command, InvalidArgumentError } from 'commander';
import { CHECKS, type CheckName, type Choices, REQUIRED } from '../upgrade/finding.ts';

export type CheckOptions = { readonly skipCheck?: readonly CheckName[]; readonly strict?: boolean };

const SKIPPABLE = CHECKS.filter((name) => !REQUIRED.has(name));

export const withCheckOptions = (command: Command): Command =>
  command
    .optionsGroup('Checks:')
    .option('--skip-check <name>', `leave out a check (repeat for more): ${SKIPPABLE.join(', ')}`, skipped)
    .option('--strict', 'refuse where a check warns, too');

const skipped = (text: string, before: readonly CheckName[] = []): readonly CheckName[] => {
  const name = CHECKS.find((each) => each === text);
  const choices = `what can be skipped is ${SKIPPABLE.join(', ')}`;
  if (name === undefined) throw new InvalidArgumentError(`there is no such check; ${choices}.`);
  if (REQUIRED.has(name)) throw new InvalidArgumentError(`no upgrade can do without this check; ${choices}.`);
  return before.includes(name) ? before : [...before, name];
};

export const choicesOf = ({ skipCheck = [], strict = false }: CheckOptions): Choices => ({ skip: skipCheck, strict });
