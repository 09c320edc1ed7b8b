import { Command, CommanderError } from 'commander';
import { EXIT_CODES } from '../output/exit-codes.ts';
import { type Act, actions } from './act.ts';
import { COMMANDS, type CommandEntry, commandAsked } from './commands.ts';
import type { Session } from './session.ts';

/** Runs a command line, without the names of node and the script. Answers with the exit code. */
export const runProgram = async (argv: readonly string[], session: Session, version: string): Promise<number> => {
  const { act, exitCode } = actions(session);
  const asked = commandAsked(argv);
  const program = await programOf(session, version, act, asked === undefined ? [] : [asked]);
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    // Commander has already said what is wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  return exitCode();
};

/** The program with all its commands, of which only those that are `wanted` are loaded; the others are there to be listed. */
export const programOf = async (
  session: Session,
  version: string,
  act: Act,
  wanted: readonly CommandEntry[] = COMMANDS,
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
    .configureOutput({ writeOut: (text) => session.out.write(text), writeErr: (text) => session.err.write(text) })
    .exitOverride();
  for (const entry of COMMANDS) {
    const { name, alias, summary, group, load } = entry;
    const command = program.command(name).summary(summary).helpGroup(group);
    if (alias !== undefined) command.alias(alias);
    command.showHelpAfterError(`(\`${session.program} ${name} --help\` shows what it takes)`);
    // One by one, so that the order of the help is that of the table.
    if (wanted.includes(entry)) (await load())(command, session, act);
  }
  const complete = program.command('complete', { hidden: true }).argument('[words...]').allowUnknownOption();
  complete.action(
    act(async (words: readonly string[]) => {
      const { answerCompletion } = await import('./complete.ts');
      return answerCompletion(program, session, words);
    }),
  );
  return program.commandsGroup('More:').helpCommand('help [command]', 'help for a command');
};

const exitCodesText = (): string =>
  EXIT_CODES.map(({ code, meaning }) => `  ${String(code).padEnd(5)}${meaning}`).join('\n');
