import type { ApiServer } from '../cluster/virtual/api-server.ts';
import { isReady, isTerminating, type VirtualDeployment } from '../cluster/virtual/objects.ts';

/** How the pods of a Deployment are. */
export type PodCounts = {
  readonly deployment: string;
  readonly ready: number;
  readonly unready: number;
  /** Deleted and not yet gone. */
  readonly terminating: number;
};

export const podCountsOf = (api: ApiServer): readonly PodCounts[] =>
  api.list('deployments', {}).items.map((deployment) => countsOf(api, deployment));

const countsOf = (api: ApiServer, { metadata, spec }: VirtualDeployment): PodCounts => {
  const { items } = api.list('pods', { namespace: metadata.namespace, labels: spec.selector });
  const staying = items.filter((pod) => !isTerminating(pod));
  const ready = staying.filter(isReady).length;
  const unready = staying.length - ready;
  return { deployment: metadata.name, ready, unready, terminating: items.length - staying.length };
};
