import type { SharedOptions } from './options.ts';
import type { Session } from './session.ts';

/** Makes a command's action of a function that answers with an exit code. */
export type Act = <T extends unknown[]>(work: (...args: T) => Promise<number>) => (...args: T) => Promise<void>;

/** An `act` and the exit code of the command that was carried out. */
export const actions = (session: Session): { readonly act: Act; readonly exitCode: () => number } => {
  let exitCode = 0;
  const act: Act =
    (work) =>
    async (...args) => {
      try {
        exitCode = await work(...args);
      } catch (error) {
        const [{ errorText }, { failureOf }] = await Promise.all([
          import('../output/error-text.ts'),
          import('./failure.ts'),
        ]);
        const failure = failureOf(error);
        exitCode = failure.exitCode;
        // Commander hands over the options behind the arguments.
        const options = args.find(isOptions);
        const frame = {
          ...failure,
          program: session.program,
          json: options?.output === 'json',
          verbosity: options?.verbose ?? 0,
        };
        session.err.write(errorText(error, frame));
      }
    };
  return { act, exitCode: () => exitCode };
};

const isOptions = (given: unknown): given is SharedOptions =>
  typeof given === 'object' && given !== null && 'output' in given;
