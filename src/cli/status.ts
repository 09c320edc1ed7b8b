import type { Command } from 'commander';
import { findUpgrade } from '../drive/find.ts';
import { inspect } from '../drive/inspect.ts';
import { withCauseSteps } from '../output/cause-json.ts';
import { renderStatus } from '../output/status-text.ts';
import { renderStructured } from '../output/structured.ts';
import type { Act } from './act.ts';
import { CommandError } from './command-error.ts';
import { type CiOptions, ciOption, type SharedOptions, upgradeName, withSharedOptions } from './options.ts';
import type { Session } from './session.ts';

type Options = SharedOptions & CiOptions & { readonly watch?: boolean };

export const addStatus = (command: Command, session: Session, act: Act): void => {
  command
    .description('Shows where an upgrade is, from any machine, whether or not a driver runs.')
    .argument('[name]', 'the upgrade (default: the unfinished one of the namespace)', upgradeName)
    .option('-w, --watch', 'go on showing it until it ends; the exit code is then that of its end')
    .addOption(ciOption())
    .addHelpText(
      'after',
      `\nExamples:\n  $ ${session.program} status\n  $ ${session.program} status llama-v2 -n serving -w\n  $ ${session.program} status -o json | jq .standing.ready`,
    );
  withSharedOptions(command, ['text', 'json', 'yaml']).action(
    act((name: string | undefined, options: Options) => status(session, name, options)),
  );
};

const status = async (session: Session, name: string | undefined, options: Options): Promise<number> => {
  if (options.watch && options.output === 'yaml')
    throw new CommandError(2, '-w prints events, one a line: give -o text or -o json');
  const connected = await session.connect(options);
  try {
    const { cluster, namespace } = connected;
    const stored = await findUpgrade(cluster, namespace, name, { ended: true });
    const { clock, program } = session;
    if (options.watch) {
      const { watchStatus } = await import('./watch-status.ts');
      return await watchStatus(session, connected, stored, options);
    }
    const found = await inspect({ cluster, clock }, stored);
    const { out, color, unicode, columns } = session.terminal(options);
    out.write(
      options.output === 'text'
        ? renderStatus(found, { program, now: clock.now(), color, unicode, columns: columns() })
        : await renderStructured(withCauseSteps(found, { program, upgrade: found }), options.output),
    );
    return 0;
  } finally {
    await connected.close();
  }
};
