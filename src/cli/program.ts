import { Command, CommanderError } from 'commander';
import { EXIT_CODES } from '../output/exit-codes.ts';
import { actions } from './act.ts';
import { addAbort, addPause } from './hold.ts';
import { addHistory } from './history.ts';
import { addList } from './list.ts';
import { addPlan } from './plan.ts';
import { addRbac } from './rbac.ts';
import { addRehearse } from './rehearse.ts';
import { addResume, addRollback } from './resume.ts';
import { addSandbox } from './sandbox.ts';
import type { Session } from './session.ts';
import { addSetTarget } from './set-target.ts';
import { addStart } from './start.ts';
import { addStatus } from './status.ts';
import { addWait } from './wait.ts';

/** Runs a command line, without the names of node and the script. Answers with the exit code. */
export const runProgram = async (argv: readonly string[], session: Session, version: string): Promise<number> => {
  const { act, exitCode } = actions(session);
  const program = new Command(session.program)
    .description(
      'Moves a service from one Kubernetes Deployment (main) to another (grey), step by step.\nNothing is installed in the cluster; pause, steer or resume it from any machine.',
    )
    .version(version, '--version', 'print the version')
    .helpCommand('help [command]', 'help for a command')
    .addHelpText('after', `\nExit codes:\n${exitCodesText()}`)
    .showHelpAfterError(`(\`${session.program} --help\` shows the commands)`)
    .configureOutput({ writeOut: (text) => session.out.write(text), writeErr: (text) => session.err.write(text) })
    .exitOverride();
  for (const add of [
    addStart,
    addPlan,
    addRehearse,
    addStatus,
    addWait,
    addList,
    addHistory,
    addSetTarget,
    addPause,
    addResume,
    addRollback,
    addAbort,
    addRbac,
    addSandbox,
  ]) {
    add(program, session, act);
  }
  for (const command of program.commands)
    command.showHelpAfterError(`(\`${session.program} ${command.name()} --help\` shows what it takes)`);
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    // Commander has already said what is wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  return exitCode();
};

const exitCodesText = (): string =>
  EXIT_CODES.map(({ code, meaning }) => `  ${String(code).padEnd(5)}${meaning}`).join('\n');
