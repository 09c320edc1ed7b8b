import { type Cluster, ClusterError, type ConfigMap, type ObjectRef } from '../cluster/port.ts';
import type { UpgradeRecord } from '../upgrade/record.ts';
import { namespaceOf } from '../upgrade/spec.ts';
import { decodeRecord, encodeRecord } from './record-codec.ts';
import { RecordUnreadable } from './record-unreadable.ts';

/** A record and the version of the ConfigMap that holds it. */
export type Stored = { readonly map: ConfigMap; readonly record: UpgradeRecord };

const LABELS = { 'app.kubernetes.io/managed-by': 'dupgrade' };
const PREFIX = 'dupgrade-';

export const recordRef = (namespace: string, name: string): ObjectRef => ({ namespace, name: PREFIX + name });

/** Reads one; throws RecordUnreadable where it cannot be understood. */
export const readRecord = async (cluster: Cluster, namespace: string, name: string): Promise<Stored | undefined> => {
  const map = await cluster.get('configmaps', recordRef(namespace, name));
  return map && { map, record: decodeRecord(map) };
};

/** Every record of a namespace or of all; those that cannot be understood are told beside. */
export const listRecords = async (
  cluster: Cluster,
  namespace?: string,
): Promise<{ readonly records: readonly Stored[]; readonly unreadable: readonly RecordUnreadable[] }> => {
  const maps = await cluster.list('configmaps', {
    labels: { matchLabels: LABELS },
    ...(namespace === undefined ? {} : { namespace }),
  });
  const records: Stored[] = [];
  const unreadable: RecordUnreadable[] = [];
  for (const map of maps) {
    try {
      records.push({ map, record: decodeRecord(map) });
    } catch (error) {
      if (!(error instanceof RecordUnreadable)) throw error;
      unreadable.push(error);
    }
  }
  return { records, unreadable };
};

/** Rejects with a ClusterError `exists` where an upgrade of that name has begun in the meantime. */
export const createRecord = async (cluster: Cluster, record: UpgradeRecord): Promise<Stored> => {
  const ref = recordRef(namespaceOf(record.spec), record.spec.name);
  const data = encodeRecord(record);
  try {
    return { map: await cluster.create('configmaps', { metadata: { ...ref, labels: LABELS }, data }), record };
  } catch (error) {
    // The answer to a write that was done may have been lost on the way: then what stands there is what was written.
    const map =
      error instanceof ClusterError && error.fault === 'exists' ? await cluster.get('configmaps', ref) : undefined;
    if (map === undefined || !sameData(map.data, data)) throw error;
    return { map, record };
  }
};

/**
 * Changes the newest version of a record. `change` is called again for every newer one that somebody else wrote in
 * between; where it answers undefined nothing is written, and neither where `mayWrite` says no: it is asked before each change, and
 * before every attempt to write it, which may come long after. Answers with what stands in the cluster, or undefined where the record is gone.
 */
export const updateRecord = async (
  cluster: Cluster,
  stored: Stored,
  change: (record: UpgradeRecord) => UpgradeRecord | undefined,
  mayWrite: () => boolean = () => true,
): Promise<Stored | undefined> => {
  for (let latest: Stored | undefined = stored; latest !== undefined; ) {
    const record = mayWrite() ? change(latest.record) : undefined;
    if (record === undefined) return latest;
    const data = encodeRecord(record);
    try {
      return { map: await cluster.replace('configmaps', { ...latest.map, data }, mayWrite), record };
    } catch (error) {
      if (!(error instanceof ClusterError) || (error.fault !== 'conflict' && error.fault !== 'not-found')) throw error;
    }
    const map: ConfigMap | undefined = await cluster.get('configmaps', latest.map.metadata);
    // The answer to a write that was done may have been lost on the way: then what stands there is what was to be written.
    if (map !== undefined && sameData(map.data, data)) return { map, record };
    latest = map && { map, record: decodeRecord(map) };
  }
  return undefined;
};

const sameData = (a: Readonly<Record<string, string>> = {}, b: Readonly<Record<string, string>>): boolean =>
  Object.keys(b).every((key) => a[key] === b[key]);
