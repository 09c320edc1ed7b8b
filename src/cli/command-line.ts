import type { Session } from './session.ts';

/** Runs a command line, without the names of node and the script. Answers with the exit code. */
export const runCommandLine = async (argv: readonly string[], session: Session, version: string): Promise<number> => {
  const [first, ...rest] = argv;
  // What the scripts of completions/ and kubectl ask at a tab key, from what is known of the program without loading it.
  if (first === 'complete') {
    const [{ answerCompletion }, { default: table }] = await Promise.all([
      import('./complete.ts'),
      import('../../completions/commands.json', { with: { type: 'json' } }),
    ]);
    // Some shells keep the two dashes to themselves.
    return answerCompletion(table, session, rest[0] === '--' ? rest.slice(1) : rest);
  }
  const { runProgram } = await import('./program.ts');
  return runProgram(argv, session, version);
};
