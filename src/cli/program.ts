import { Command, CommanderError } from 'commander';
import { EXIT_CODES } from '../output/exit-codes.ts';
import { printable } from '../output/printable.ts';
import { type Act, actions } from './act.ts';
import { COMMANDS, type CommandEntry, commandAsked } from './commands.ts';
import type { Session } from './session.ts';
import { optionsBehind, usageErrorText, withoutVainHelp } from './usage.ts';

/** Runs a command line, without the names of node and the script. Answers with the exit code. */
export const runProgram = async (argv: readonly string[], session: Session, version: string): Promise<number> => {
  const { act, exitCode } = actions(session);
  const meant = optionsBehind(argv);
  if (meant !== undefined) {
    session.err.write(printable(`error: options stand behind the command: ${session.program} ${meant.join(' ')}\n`));
    return 2;
  }
  const words = withoutVainHelp(argv);
  const program = await programOf(session, version, act, commandAsked(words));
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    // Commander has already said what is wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  return exitCode();
};

/** The program with one of its commands, or with all: with `none` they are there to be listed and not loaded. */
export const programOf = async (
  session: Session,
  version: string,
  act: Act,
  wanted: CommandEntry | 'all' | 'none' = 'all',
): Promise<Command> => {
  const program = new Command(session.program)
    .description(
      'Moves a service from one Kubernetes Deployment (main) to another (grey), step by step.\nNothing is installed in the cluster; pause, steer or resume it from any machine.',
    )
    .configureHelp({ subcommandTerm: (command) => [command.name(), ...command.aliases()].join(', ') })
    .version(version, '--version', 'print the version')
    .addHelpText(
      'after',
      `
Examples:
  $ ${session.program} plan upgrade.yaml
  $ ${session.program} start upgrade.yaml
  $ ${session.program} set-target --ready        # get out of a step that never completes

Exit codes:
${exitCodesText()}`,
    )
    .showHelpAfterError(`(\`${session.program} --help\` shows the commands)`)
    .configureOutput({
      writeOut: (text) => session.out.write(text),
      writeErr: (text) => session.err.write(text),
      outputError: (text, write) => write(usageErrorText(text)),
    })
    .exitOverride();
  for (const { name, alias, summary, group, load } of typeof wanted === 'string' ? COMMANDS : [wanted]) {
    const command = program.command(name).summary(summary).helpGroup(group);
    if (alias !== undefined) command.alias(alias);
    command.showHelpAfterError(`(\`${session.program} ${name} --help\` shows what it takes)`);
    // One by one, so that the order of the help is that of the table.
    if (wanted !== 'none') (await load())(command, session, act);
  }
  return program.commandsGroup('More:').helpCommand('help [command]', 'help for a command');
};

const exitCodesText = (): string =>
  EXIT_CODES.map(({ code, meaning }) => `  ${String(code).padEnd(5)}${meaning}`).join('\n');
