import { Fresh } from '../cluster/fresh.ts';
import type { Cluster, Kind, Kinds, Selection } from '../cluster/port.ts';
import type { Clock } from './clock.ts';

type Ask<K extends Kind> = (cluster: Cluster, selection: Selection) => Promise<readonly Kinds[K][]>;

/**
 * What several upgrades that begin together ask of all that surrounds them, in the cluster or in a namespace, is asked once for
 * all of them. What is selected by labels is each one's own, and so are the records, of which one may have come a moment ago.
 */
export const sharedLists = (clock: Clock): ((cluster: Cluster) => Cluster) => {
  const shared: { readonly [K in Kind]?: Ask<K> } = {
    nodes: sharedList('nodes', clock),
    pods: sharedList('pods', clock),
    services: sharedList('services', clock),
    horizontalpodautoscalers: sharedList('horizontalpodautoscalers', clock),
    scaledobjects: sharedList('scaledobjects', clock),
    verticalpodautoscalers: sharedList('verticalpodautoscalers', clock),
    poddisruptionbudgets: sharedList('poddisruptionbudgets', clock),
    resourcequotas: sharedList('resourcequotas', clock),
  };
  return (cluster) => ({
    ...cluster,
    list: (kind, selection) => {
      const ask = selection.labels === undefined ? shared[kind] : undefined;
      return ask === undefined ? cluster.list(kind, selection) : ask(cluster, selection);
    },
  });
};

const sharedList = <K extends Kind>(kind: K, clock: Clock): Ask<K> => {
  const fresh = new Fresh<readonly Kinds[K][]>(clock.monotonic);
  // By selection: that is, by namespace.
  return (cluster, selection) => fresh.answer(JSON.stringify(selection), () => cluster.list(kind, selection));
};
