import { virtualClusterPort } from '../../../src/cluster/virtual/adapter.ts';
import type { Action, DeploymentSetup, Failure } from '../../../src/cluster/virtual/scenario.ts';
import { VirtualCluster } from '../../../src/cluster/virtual/virtual-cluster.ts';
import { PodTally } from '../../../src/rehearse/pod-tally.ts';
import { perSide, type Side, SIDES } from '../../../src/upgrade/side.ts';
import { NAMESPACE as namespace, pool, scenario } from '../../cluster-virtual/given.ts';
import { setupOf } from '../../contract/virtual-workload.ts';
import { EDITOR, type Ground, NAMES, OTHER_IMAGE, SCALER, sideOf, type Write } from './ground.ts';
import type { ForeignAct, Scenario, SideScenario } from './scenario.ts';

/** A scenario on the virtual cluster, judged by that cluster's own events. */
export const virtualGround = (given: Scenario): Ground => {
  const cluster = new VirtualCluster(
    scenario({
      nodes: [pool({ pods: 250 })],
      deployments: SIDES.map((side) => deploymentOf(side, given[side])),
      quotas: given.quota === undefined ? [] : [{ namespace, pods: given.quota }],
    }),
  );
  const { api, clock } = cluster;
  const tally = new PodTally(cluster, perSide(ref), { withCurve: false });
  const writes: Write[] = [];
  const end = api.watch('deployments', ({ object, before }) => {
    const { replicas } = object.spec;
    if (before !== undefined && before.spec.replicas !== replicas) {
      writes.push({ side: sideOf(object.metadata.name), replicas });
    }
  });
  return {
    namespace,
    clock,
    connect: () => virtualClusterPort(cluster),
    does: async (act) => {
      cluster.do(actionOf(act));
    },
    wait: (play) => clock.runUntil(play),
    seen: async () => ({
      writes,
      lowestReady: tally.lowestReady,
      highestPods: tally.highestPods,
      counts: perSide((side) => api.get('deployments', ref(side))?.spec.replicas),
    }),
    close: async () => end(),
  };
};

const ref = (side: Side) => ({ namespace, name: NAMES[side] });

const deploymentOf = (side: Side, given: SideScenario): DeploymentSetup => {
  const { from, readySeconds = 1, terminateSeconds = 1, failure, gpus } = given;
  const [earliest, latest] = typeof readySeconds === 'number' ? [readySeconds, readySeconds] : readySeconds;
  return {
    ...setupOf({ name: NAMES[side], replicas: from, terminateSeconds, ...(gpus && { gpus }) }),
    readyAfter: { kind: 'range', fromMs: earliest * 1000, toMs: latest * 1000 },
    failures: failure === undefined ? [] : [failureOf(failure)],
  };
};

const failureOf = (kind: Failure['kind']): Failure => (kind === 'turn-unready' ? { kind, afterMs: 2000 } : { kind });

const actionOf = (act: ForeignAct): Action => {
  switch (act.foreign) {
    case 'scale':
      return { kind: 'scale', deployment: ref(act.side), replicas: act.replicas, manager: SCALER };
    case 'set-image':
      return { kind: 'set-image', deployment: ref(act.side), image: OTHER_IMAGE, manager: EDITOR };
    case 'delete-deployment':
      return { kind: 'delete-deployment', deployment: ref(act.side) };
    case 'set-quota':
      return { kind: 'set-quota', quota: { namespace, pods: act.pods } };
  }
};
