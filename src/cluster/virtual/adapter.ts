import { type Cluster, ClusterError, FIELD_MANAGER, type Kind, type ObjectRef, type Selection } from '../port.ts';
import { follow } from './follow.ts';
import { type Conditions, type Intent, Requests } from './requests.ts';
import type { VirtualCluster } from './virtual-cluster.ts';

export type PortOptions = Conditions & {
  /** The name in managedFields of who writes through this port. */
  readonly manager?: string;
};

/** The port, over a virtual cluster: for one user of it, of whom there may be many. */
export const virtualClusterPort = (cluster: VirtualCluster, options: PortOptions = {}): Cluster => {
  const { api, clock } = cluster;
  const { manager = FIELD_MANAGER } = options;
  const requests = new Requests(clock, cluster.random(`requests of ${manager}`), options);
  return {
    get: (kind, ref) => requests.send(about('get', kind, ref), () => api.get(kind, ref)),
    list: (kind, selection) => requests.send(aboutAll('list', kind, selection), () => api.list(kind, selection).items),
    create: (kind, object) =>
      requests.send(about('create', kind, object.metadata), () => api.create(kind, object, manager)),
    replace: async (kind, object, mayWrite) => {
      const { name, resourceVersion } = object.metadata;
      // Without it the server would overwrite whatever is there.
      if (resourceVersion === undefined) {
        throw new ClusterError('invalid', `To replace ${name} takes the version that is to be replaced.`);
      }
      return requests.send(about('update', kind, object.metadata), () => api.replace(kind, object), mayWrite);
    },
    scale: async (ref, replicas, resourceVersion, mayWrite) => {
      const intent: Intent = { ...about('patch', 'deployments', ref), subresource: 'scale' };
      const write = () => api.scale(ref, replicas, { manager, resourceVersion });
      const { metadata } = await requests.send(intent, write, mayWrite);
      return { resourceVersion: metadata.resourceVersion ?? '' };
    },
    log: (pod, request) => {
      const intent: Intent = { ...about('get', 'pods', pod), subresource: 'log' };
      return requests.send(intent, () => cluster.log(pod, request));
    },
    follow: (kind, selection, changed) => {
      const intent = aboutAll('list', kind, selection);
      const line = {
        request: <T>(read: () => T) => requests.send(intent, read),
        event: (call: () => void) => requests.event(kind, call),
      };
      return follow(api, line, kind, selection, changed);
    },
    denied: (wanted) => requests.denied(wanted),
  };
};

const about = (verb: Intent['verb'], kind: Kind, { namespace, name }: ObjectRef): Intent => ({
  verb,
  kind,
  namespace,
  name,
});

const aboutAll = (verb: Intent['verb'], kind: Kind, { namespace, name }: Selection): Intent => ({
  verb,
  kind,
  ...(namespace !== undefined && { namespace }),
  ...(name !== undefined && { name }),
});
