import type { Cluster, Kind, Kinds, Selection } from '../cluster/port.ts';
import type { Clock } from './clock.ts';

/** What was free so long ago is free now, as far as anybody can know who looks only once. */
const FRESH_MS = 5_000;

type Answer<K extends Kind> = {
  readonly selection: string;
  readonly askedMs: number;
  readonly objects: Promise<readonly Kinds[K][]>;
};

type Ask<K extends Kind> = (cluster: Cluster, selection: Selection) => Promise<readonly Kinds[K][]>;

/**
 * What several upgrades that begin together ask of the whole cluster is asked once for all of them: its nodes, and the pods of
 * all namespaces. Everything else is each one's own.
 */
export const sharedLists = (clock: Clock): ((cluster: Cluster) => Cluster) => {
  const shared: { readonly [K in Kind]?: Ask<K> } = {
    nodes: sharedList('nodes', clock),
    pods: sharedList('pods', clock),
  };
  return (cluster) => ({
    ...cluster,
    list: (kind, selection) => {
      const ask = selection.namespace === undefined ? shared[kind] : undefined;
      return ask === undefined ? cluster.list(kind, selection) : ask(cluster, selection);
    },
  });
};

const sharedList = <K extends Kind>(kind: K, clock: Clock): Ask<K> => {
  let known: Answer<K> | undefined;
  return (cluster, selection) => {
    const text = JSON.stringify(selection);
    const askedMs = clock.monotonic();
    if (known?.selection === text && askedMs - known.askedMs < FRESH_MS) return known.objects;
    const objects = cluster.list(kind, selection);
    known = { selection: text, askedMs, objects };
    objects.catch(() => {
      // Who asks next asks anew.
      if (known?.objects === objects) known = undefined;
    });
    return objects;
  };
};
