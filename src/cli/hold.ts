import type { Command } from 'commander';
import { findUpgrade } from '../drive/find.ts';
import type { Act } from './act.ts';
import { type SharedOptions, upgradeName, withSharedOptions } from './options.ts';
import type { Session } from './session.ts';
import { giveCommand } from './steering.ts';

/** `pause` and `abort`: commands that only say something to the driver. */
export const addPause = (command: Command, session: Session, act: Act): void => {
  command
    .description('Holds an upgrade where it is: nothing more is asked for until `resume`, `set-target` or `rollback`.')
    .addHelpText('after', `\nExample:\n  $ ${session.program} pause llama-v2 -n serving`);
  addSaid(command, session, act, 'pause');
};

export const addAbort = (command: Command, session: Session, act: Act): void => {
  command
    .description(
      'Ends an upgrade and leaves both Deployments as they stand. `rollback` still goes back to the counts before the start.',
    )
    .addHelpText('after', `\nExample:\n  $ ${session.program} abort llama-v2 -n serving`);
  addSaid(command, session, act, 'abort');
};

const addSaid = (command: Command, session: Session, act: Act, verb: 'pause' | 'abort'): void => {
  command
    .argument('[name]', 'the upgrade (default: the unfinished one of the namespace)', upgradeName)
    .option('--dry-run', 'only say what would change');
  withSharedOptions(command, ['text', 'json']).action(
    act(async (name: string | undefined, options: SharedOptions & { dryRun?: boolean }) => {
      const connected = await session.connect(options);
      try {
        const stored = await findUpgrade(connected.cluster, connected.namespace, name, { ended: false });
        await giveCommand(session, connected, stored, { verb }, options);
        return 0;
      } finally {
        await connected.close();
      }
    }),
  );
};
