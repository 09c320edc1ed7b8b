import type { Command } from 'commander';
import { printable } from '../output/printable.ts';
import { renderStructured } from '../output/structured.ts';
import type { Act } from './act.ts';
import { type SharedOptions, withSharedOptions } from './options.ts';
import type { Session } from './session.ts';

type Options = SharedOptions & { readonly client?: boolean };

export const addVersion = (command: Command, session: Session, act: Act): void => {
  command
    .description('Prints the version of this program, and that of the cluster’s API server.')
    .option('--client', 'only of this program; no cluster is asked')
    .addHelpText(
      'after',
      `\nExamples:\n  $ ${session.program} version --client\n  $ ${session.program} version -o json`,
    );
  withSharedOptions(command, ['text', 'json', 'yaml']).action(
    act((options: Options) => version(session, command.parent?.version() ?? '', options)),
  );
};

const version = async (session: Session, client: string, options: Options): Promise<number> => {
  const { out } = session.terminal(options);
  const server = options.client ? undefined : await serverVersion(session, options);
  const versions = { client: { version: client }, ...(server === undefined ? {} : { server: { version: server } }) };
  out.write(
    options.output === 'text'
      ? `Client: ${client}\n${server === undefined ? '' : printable(`Server: ${server}\n`)}`
      : await renderStructured(versions, options.output),
  );
  return 0;
};

const serverVersion = async (session: Session, options: Options): Promise<string> => {
  const connected = await session.connect(options);
  try {
    return await connected.serverVersion();
  } finally {
    await connected.close();
  }
};
