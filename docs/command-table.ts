import type { Argument, Command, Option } from 'commander';
import type { CommandTable, Flag, Place } from '../src/cli/command-table.ts';

/** What the completions have to know of a program all of whose commands are loaded. */
export const commandTableOf = (program: Command): CommandTable => ({
  flags: flagsOf(program),
  commands: program
    .createHelp()
    .visibleCommands(program)
    .map((command) => ({
      names: [command.name(), ...command.aliases()],
      note: command.summary() || command.description(),
      flags: flagsOf(command),
      operands: command.registeredArguments.map((argument) => placeOf(argument, argument.name())),
    })),
});

const flagsOf = (command: Command): readonly Flag[] =>
  command
    .createHelp()
    .visibleOptions(command)
    .map((option) => ({
      names: [option.long, option.short].filter((name) => name != null),
      note: option.description,
      ...(option.required && { value: placeOf(option, nounOf(option)) }),
    }));

/** An option is called by its name, but where its value is a Deployment: `--main` takes a count elsewhere. */
const nounOf = (option: Option): string =>
  option.flags.endsWith('<deployment>') ? 'deployment' : option.attributeName();

const placeOf = ({ argChoices, variadic }: Option | Argument, noun: string): Place => ({
  noun,
  ...(argChoices && { choices: argChoices }),
  ...(variadic && { repeated: true }),
});
