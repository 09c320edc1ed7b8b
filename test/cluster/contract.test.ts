/** The contract of the port, over the real adapter on the real control plane. */
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { connect } from '../../src/cluster/kubernetes/connect.ts';
import type { Cluster } from '../../src/cluster/port.ts';
import { guardedContract } from '../contract/port-contract.ts';
import type { Guarded } from '../contract/rights-contract.ts';
import { freshNamespace, plane } from './fixtures.ts';
import type { PlaneUser } from './users.ts';

const portOf = (user: PlaneUser): Cluster => {
  const connection = connect({ kubeconfig: plane.kubeconfig(user), env: {}, note: () => undefined });
  onTestFinished(() => connection.close());
  return connection.cluster;
};

const make = async (): Promise<Guarded> => {
  const namespace = await freshNamespace();
  return {
    cluster: portOf('cli'),
    stranger: portOf('limited'),
    namespace: namespace.name,
    deploy: async ({ name, replicas, gpus = 0, readySeconds = 0, terminateSeconds = 0 }) => {
      const behaviour = { readySeconds, terminateSeconds };
      await namespace.createDeployment({ name, replicas, gpus, behaviour });
    },
    scaleAs: async (manager, name, replicas) => {
      await namespace.scale(name, replicas, manager);
    },
    setImageAs: (manager, name, image) => namespace.setImage(name, image, manager),
    deletePod: (name) => namespace.remove('pods', name),
    deleteNamespace: () => namespace.beginToLeave(),
    deleteDeployment: (name) => namespace.remove('deployments', name),
    setQuota: (pods) => namespace.setQuota({ pods: String(pods) }),
    until: async (what, holds) => {
      const giveUp = Date.now() + 60_000;
      while (!(await holds())) {
        if (Date.now() > giveUp) throw new Error(`${what} did not come`);
        await pause(20);
      }
    },
  };
};

guardedContract('the adapter to an API server', make);
