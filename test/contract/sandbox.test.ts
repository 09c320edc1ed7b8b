/** The contract of the port, over the real adapter and HTTPS, on the cluster in memory. */
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { connect } from '../../src/cluster/kubernetes/connect.ts';
import { VirtualClock } from '../../src/cluster/virtual/clock.ts';
import type { Action } from '../../src/cluster/virtual/scenario.ts';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import { serveCluster } from '../../src/sandbox/sandbox.ts';
import { NAMESPACE as namespace, pool, scenario } from '../cluster-virtual/given.ts';
import { ask, clock, TOKEN } from '../sandbox/given.ts';
import type { Contracted } from './contracted.ts';
import { portContract } from './port-contract.ts';
import { setupOf } from './virtual-workload.ts';

const ref = (name: string) => ({ namespace, name });

const GIVE_UP_MS = 25_000;

/** Whoever knows its token may do everything in a sandbox: it has no users without rights. */
const make = async (): Promise<Contracted> => {
  const given = scenario({ nodes: [pool({ pods: 250 })], deployments: [], quotas: [{ namespace }] });
  const virtual = new VirtualCluster(given, new VirtualClock(clock.now()));
  // At the pace of life: the contract has pods that take seconds, and looks at them on their way.
  const sandbox = await serveCluster(virtual, namespace, { speed: 1, port: 0, token: TOKEN, clock });
  const connection = connect({ kubeconfig: sandbox.kubeconfig, env: {}, note: () => undefined });
  onTestFinished(async () => {
    await connection.close();
    await sandbox.close();
  });
  const act = async (action: Action): Promise<void> => sandbox.do(action);
  return {
    cluster: connection.cluster,
    namespace,
    deploy: async (wanted) => {
      virtual.addDeployment(setupOf(wanted));
    },
    scaleAs: (manager, name, replicas) => act({ kind: 'scale', deployment: ref(name), replicas, manager }),
    setImageAs: (manager, name, image) => act({ kind: 'set-image', deployment: ref(name), image, manager }),
    deletePod: async (name) => {
      await ask(sandbox, `/api/v1/namespaces/${namespace}/pods/${name}`, { method: 'DELETE' });
    },
    deleteNamespace: async () => virtual.api.remove('namespaces', { namespace: '', name: namespace }),
    deleteDeployment: (name) => act({ kind: 'delete-deployment', deployment: ref(name) }),
    setQuota: (pods) => act({ kind: 'set-quota', quota: { namespace, pods } }),
    until: async (what, holds) => {
      const giveUp = Date.now() + GIVE_UP_MS;
      while (!(await holds())) {
        if (Date.now() > giveUp) throw new Error(`${what} did not come`);
        await pause(20);
      }
    },
  };
};

portContract('the adapter to a sandbox', make);
