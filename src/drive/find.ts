import type { Cluster } from '../cluster/port.ts';
import { NoSuchUpgrade } from './no-such-upgrade.ts';
import { listRecords, readRecord, type Stored } from './records.ts';

/**
 * The upgrade of a name. Without a name: the one unfinished upgrade of the namespace, or where none is unfinished and
 * `ended` ones will do, the one that there is.
 */
export const findUpgrade = async (
  cluster: Cluster,
  namespace: string,
  name: string | undefined,
  { ended }: { ended: boolean },
): Promise<Stored> => {
  if (name !== undefined) {
    const stored = await readRecord(cluster, namespace, name);
    if (stored !== undefined) return stored;
    throw new NoSuchUpgrade(`there is no upgrade "${name}" in namespace ${namespace}`, { elsewhere: true });
  }
  const { records, unreadable } = await listRecords(cluster, namespace);
  const [broken] = unreadable;
  const unfinished = records.filter(({ record }) => record.phase === 'active');
  const candidates = unfinished.length === 0 && ended ? records : unfinished;
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1 && broken === undefined) return only;
  if (candidates.length === 0 && broken !== undefined) throw broken;
  const named = candidates.map(
    ({ record }) => `  ${record.spec.name} (${record.phase === 'active' ? 'unfinished' : record.phase})`,
  );
  if (candidates.length > 1 || (candidates.length === 1 && broken !== undefined)) {
    throw new NoSuchUpgrade(
      `namespace ${namespace} has ${candidates.length} upgrades; which one?\n${named.join('\n')}`,
      { ambiguous: true },
    );
  }
  const past = records.map(({ record }) => `${record.spec.name} (${record.phase})`);
  const others = past.length > 0 ? `; those that have ended: ${past.join(', ')}` : '';
  throw new NoSuchUpgrade(`namespace ${namespace} has no unfinished upgrade${others}`, {
    elsewhere: past.length === 0,
  });
};
