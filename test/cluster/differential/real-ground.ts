import { type Connection, connect } from '../../../src/cluster/kubernetes/connect.ts';
import { perSide, SIDES } from '../../../src/upgrade/side.ts';
import { clock } from '../../sandbox/given.ts';
import type { PodBehaviour } from '../behaviour.ts';
import { auditLog, plane } from '../fixtures.ts';
import { Judge } from '../judge.ts';
import { TestNamespace } from '../workload.ts';
import { EDITOR, type Ground, NAMES, OTHER_IMAGE, SCALER, sideOf, type Write } from './ground.ts';
import type { ForeignAct, Scenario, SideScenario } from './scenario.ts';

/** A scenario on the real control plane: the scale writes are those of the audit log, the pods those of a judge. */
export const realGround = async (given: Scenario): Promise<Ground> => {
  const client = plane.client('admin');
  const namespace = await TestNamespace.make(client, 'differential');
  const connections: Connection[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(connections.map((connection) => connection.close()));
    try {
      await namespace.delete();
    } finally {
      client.close();
    }
  };
  try {
    const judge = await settled(namespace, given);
    return {
      namespace: namespace.name,
      clock,
      connect: () => {
        const connection = connect({ kubeconfig: plane.kubeconfig('cli'), env: {}, note: () => undefined });
        connections.push(connection);
        return connection.cluster;
      },
      does: (act) => doesTo(namespace, act),
      wait: (play) => play,
      seen: async () => {
        const { minReady: lowestReady, maxExisting: highestPods, gaps } = await judge.stop();
        if (gaps > 0) throw new Error('the judge has not seen everything');
        const there = new Map((await namespace.list('deployments')).map((each) => [each.metadata.name, each]));
        const counts = perSide((side) => there.get(NAMES[side])?.spec.replicas);
        return { writes: await writesIn(namespace), lowestReady, highestPods, counts };
      },
      close: () => judge.stop().then(close, close),
    };
  } catch (error) {
    await close();
    throw error;
  }
};

/** Makes both Deployments, waits until they have come to rest, and has a judge watch from then on. */
const settled = async (namespace: TestNamespace, given: Scenario): Promise<Judge> => {
  for (const side of SIDES) {
    const { from: replicas, gpus } = given[side];
    await namespace.createDeployment({
      name: NAMES[side],
      replicas,
      behaviour: behaviourOf(given[side]),
      ...(gpus && { gpus }),
    });
  }
  for (const side of SIDES) await namespace.untilReady(NAMES[side], given[side].from);
  if (given.quota !== undefined) await namespace.setQuota({ pods: String(given.quota) });
  return Judge.of(namespace);
};

const MODES = {
  'never-ready': 'never-ready',
  'crash-loop': 'crashloop',
  'image-pull': 'image-pull',
  'turn-unready': 'degrade',
} as const;

const behaviourOf = ({ readySeconds = 1, terminateSeconds = 1, failure }: SideScenario): PodBehaviour => ({
  readySeconds,
  terminateSeconds,
  ...(failure && { mode: MODES[failure] }),
  ...(failure === 'turn-unready' && { degradeSeconds: 2 }),
});

const doesTo = async (namespace: TestNamespace, act: ForeignAct): Promise<void> => {
  switch (act.foreign) {
    case 'scale':
      await namespace.scale(NAMES[act.side], act.replicas, SCALER);
      return;
    case 'set-image':
      return namespace.setImage(NAMES[act.side], OTHER_IMAGE, EDITOR);
    case 'delete-deployment':
      return namespace.remove('deployments', NAMES[act.side]);
    case 'set-quota':
      return namespace.setQuota({ pods: String(act.pods) });
  }
};

const writesIn = async (namespace: TestNamespace): Promise<readonly Write[]> =>
  (await auditLog().scaleWrites(namespace.name))
    .filter(({ code }) => code === 200)
    .map(({ deployment, replicas }) => ({ side: sideOf(deployment), replicas: replicas ?? Number.NaN }));
