import { virtualClusterPort } from '../../src/cluster/virtual/adapter.ts';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import type { Cluster } from '../../src/cluster/port.ts';
import type { VirtualClock } from '../../src/cluster/virtual/clock.ts';
import type { Action } from '../../src/cluster/virtual/scenario.ts';
import { NAMESPACE as namespace, pool, scenario } from '../cluster-virtual/given.ts';
import { guardedContract } from './port-contract.ts';
import type { Guarded } from './rights-contract.ts';
import { setupOf } from './virtual-workload.ts';

/** The port with time that passes whenever somebody waits for an answer. */
const running = (port: Cluster, clock: VirtualClock): Cluster => {
  const answer = <T>(promise: Promise<T>): Promise<T> => clock.runUntil(promise);
  return {
    get: (kind, ref) => answer(port.get(kind, ref)),
    list: (kind, selection) => answer(port.list(kind, selection)),
    create: (kind, object) => answer(port.create(kind, object)),
    replace: (kind, object, mayWrite) => answer(port.replace(kind, object, mayWrite)),
    scale: (...args) => answer(port.scale(...args)),
    log: (pod, request) => answer(port.log(pod, request)),
    denied: (wanted) => answer(port.denied(wanted)),
    follow: (kind, selection, changed) => {
      const follower = port.follow(kind, selection, changed);
      const synced = answer(follower.synced);
      synced.catch(() => undefined);
      return { ...follower, synced, refresh: () => answer(follower.refresh()) };
    },
  };
};

const ref = (name: string) => ({ namespace, name });

const MOST_LOOKS = 2000;

const make = async (): Promise<Guarded> => {
  const nodes = [pool({ pods: 250 })];
  const virtual = new VirtualCluster(scenario({ nodes, deployments: [], quotas: [{ namespace }] }));
  const { clock } = virtual;
  const act = async (action: Action): Promise<void> => virtual.do(action);
  return {
    cluster: running(virtualClusterPort(virtual), clock),
    stranger: running(virtualClusterPort(virtual, { manager: 'stranger', may: () => false }), clock),
    namespace,
    deploy: async (wanted) => {
      virtual.addDeployment(setupOf(wanted));
    },
    scaleAs: (manager, name, replicas) => act({ kind: 'scale', deployment: ref(name), replicas, manager }),
    setImageAs: (manager, name, image) => act({ kind: 'set-image', deployment: ref(name), image, manager }),
    deletePod: async (name) => virtual.api.remove('pods', ref(name)),
    deleteNamespace: async () => virtual.api.remove('namespaces', { namespace: '', name: namespace }),
    deleteDeployment: (name) => act({ kind: 'delete-deployment', deployment: ref(name) }),
    setQuota: (pods) => act({ kind: 'set-quota', quota: { namespace, pods } }),
    until: async (what, holds) => {
      for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
        if (await holds()) return;
        await clock.advance(20);
      }
      throw new Error(`${what} did not come`);
    },
  };
};

guardedContract('the virtual cluster', make);
