import type { Command } from 'commander';
import { findUpgrade } from '../drive/find.ts';
import { historyOf } from '../drive/history.ts';
import { driverOf } from '../drive/inspect.ts';
import { listRecords, type Stored } from '../drive/records.ts';
import { renderHistories, renderHistory } from '../output/history-text.ts';
import { printable } from '../output/printable.ts';
import { renderStructured } from '../output/structured.ts';
import type { UpgradeHistory } from '../upgrade/history.ts';
import type { Act } from './act.ts';
import { CommandError } from './command-error.ts';
import { type SharedOptions, upgradeName, withSharedOptions } from './options.ts';
import type { Connected, Session } from './session.ts';

type Options = SharedOptions & { readonly allNamespaces?: boolean };

export const addHistory = (command: Command, session: Session, act: Act): void => {
  command
    .description(
      'Shows the upgrades that there were; of one that is named also everything that was done in its last upgrade: what, when, by whom.',
    )
    .argument('[name]', 'the upgrade (default: all of the namespace, without what was done)', upgradeName)
    .option('-A, --all-namespaces', 'those of all namespaces')
    .addHelpText(
      'after',
      `\nExamples:\n  $ ${session.program} history\n  $ ${session.program} history llama-v2 -n serving\n  $ ${session.program} history llama-v2 -o json | jq '.journal[] | select(.did == "verb")'`,
    );
  withSharedOptions(command, ['text', 'json', 'yaml']).action(
    act((name: string | undefined, options: Options) => history(session, name, options)),
  );
};

const history = async (session: Session, name: string | undefined, options: Options): Promise<number> => {
  const { allNamespaces = false } = options;
  if (name !== undefined && allNamespaces) throw new CommandError(2, 'an upgrade is of one namespace: give -n, not -A');
  const connected = await session.connect(options);
  try {
    const { cluster, namespace } = connected;
    const { out, err, unicode } = session.terminal(options);
    const frame = { unicode, allNamespaces };
    const show = async (value: unknown, text: () => string): Promise<void> =>
      void out.write(options.output === 'text' ? text() : await renderStructured(value, options.output));
    if (name !== undefined) {
      const found = await read(session, connected, await findUpgrade(cluster, namespace, name, { ended: true }));
      await show(found, () => renderHistory(found, frame));
      return 0;
    }
    const { records, unreadable } = await listRecords(cluster, allNamespaces ? undefined : namespace);
    for (const { message } of unreadable) err.write(printable(`warning: ${message}\n`));
    const found = await Promise.all(records.map((stored) => read(session, connected, stored)));
    await show(found, () => renderHistories(found, frame));
    return 0;
  } finally {
    await connected.close();
  }
};

const read = async ({ clock }: Session, { cluster }: Connected, stored: Stored): Promise<UpgradeHistory> => {
  // Who drives it matters only to one that has not ended.
  const isOver = stored.record.phase !== 'active';
  const driver = isOver ? undefined : await driverOf({ cluster, clock }, stored.record.spec);
  return historyOf(stored, driver, clock);
};
