import type { Command } from 'commander';
import { inspect } from '../drive/inspect.ts';
import { listRecords } from '../drive/records.ts';
import { printable } from '../output/printable.ts';
import { renderList } from '../output/list-text.ts';
import { renderStructured } from '../output/structured.ts';
import type { Act } from './act.ts';
import { type SharedOptions, withSharedOptions } from './options.ts';
import type { Session } from './session.ts';

type Options = SharedOptions & { readonly allNamespaces?: boolean };

export const addList = (command: Command, session: Session, act: Act): void => {
  command
    .description('Lists the upgrades of a namespace, finished ones too. MAIN and GREY: ready/asked→target.')
    .option('-A, --all-namespaces', 'those of all namespaces')
    .addHelpText('after', `\nExample:\n  $ ${session.program} list -A`);
  withSharedOptions(command, ['text', 'json', 'yaml']).action(act((options: Options) => list(session, options)));
};

const list = async (session: Session, options: Options): Promise<number> => {
  const { allNamespaces = false } = options;
  const connected = await session.connect(options);
  try {
    const { cluster, namespace } = connected;
    const { clock } = session;
    const { records, unreadable } = await listRecords(cluster, allNamespaces ? undefined : namespace);
    const found = await Promise.all(records.map((stored) => inspect({ cluster, clock }, stored)));
    const sorted = found.toSorted((a, b) => `${a.namespace}/${a.name}`.localeCompare(`${b.namespace}/${b.name}`));
    const { out, err, unicode } = session.terminal(options);
    for (const { message } of unreadable) err.write(printable(`warning: ${message}\n`));
    out.write(
      options.output === 'text'
        ? renderList(sorted, { now: clock.now(), unicode, allNamespaces })
        : await renderStructured(sorted, options.output),
    );
    return 0;
  } finally {
    await connected.close();
  }
};
