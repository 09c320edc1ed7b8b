import type { Cluster } from '../cluster/port.ts';
import { listRecords, readRecord, type Stored } from './records.ts';

/** No upgrade of the name, or more than one where none was named. The message lists what there is. */
export class NoSuchUpgrade extends Error {
  override readonly name = 'NoSuchUpgrade';
  /** Whether a name would have helped. */
  readonly ambiguous: boolean;

  constructor(message: string, ambiguous: boolean) {
    super(message);
    this.ambiguous = ambiguous;
  }
}

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
    throw new NoSuchUpgrade(
      `there is no upgrade "${name}" in namespace ${namespace}; \`dupgrade list -A\` shows those there are`,
      false,
    );
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
      true,
    );
  }
  const past = records.map(({ record }) => `${record.spec.name} (${record.phase})`);
  const hint =
    past.length > 0 ? `; those that have ended: ${past.join(', ')}` : '; `dupgrade list -A` looks in all namespaces';
  throw new NoSuchUpgrade(`namespace ${namespace} has no unfinished upgrade${hint}`, false);
};
