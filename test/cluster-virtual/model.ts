import { COMMANDS } from '../../src/cli/commands.ts';
import { virtualClusterPort } from '../../src/cluster/virtual/adapter.ts';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import { decodeRecord } from '../../src/drive/record-codec.ts';
import { recordRef } from '../../src/drive/records.ts';
import type { PerSide } from '../../src/upgrade/side.ts';
import { playAll, type Runs, type Stage } from '../model/play-property.ts';
import { Play, UPGRADE, type World } from '../model/play.ts';
import type { Process } from '../model/process.ts';
import { type Scale, specText } from '../model/steps.ts';
import { countsOf, deployment, fixed, GREY, MAIN, NAMESPACE, pool, scenario, upgrade } from './given.ts';
import { Umpire } from './umpire.ts';

const SCALE: Scale = {
  mostReplicas: 5,
  mostStep: 3,
  passMs: [1, 10, 50, 3_000, 14_000, 20_000, 26_000, 60_000, 1_200_000],
  isVirtual: true,
};

/** Longer than any upgrade of these sizes takes, and than one that makes no progress is waited for. */
const QUIET_MS = 2 * 3_600_000;

const OPEN = 1000;

/** A virtual cluster in which pods take 20 s to become ready and 5 s to go, judged after every event. */
const stage: Stage = async (given) => {
  // The program loads them when they are needed; virtual time would not wait for a file.
  await Promise.all([import('../../src/output/json-view.ts'), ...COMMANDS.map(({ load }) => load())]);
  const side = { readyAfter: fixed(20_000), termination: fixed(5_000) };
  const cluster = new VirtualCluster(
    scenario({
      nodes: [pool({ count: 5 })],
      deployments: [
        deployment({ ...side, ...MAIN, replicas: given.before.main }),
        deployment({ ...side, ...GREY, replicas: given.before.grey }),
      ],
    }),
  );
  const spec = upgrade(given);
  const processes: Process[] = [];
  const umpire = new Umpire(
    cluster,
    {
      processes,
      get drivers() {
        return processes.filter(({ isAlive, isDriving }) => isAlive && isDriving);
      },
    },
    spec,
    false,
  );
  const text = specText(given, { main: MAIN.name, grey: GREY.name, namespace: NAMESPACE });
  const play = new Play(worldOf(cluster, processes), given, text);
  const ref = recordRef(NAMESPACE, UPGRADE);
  cluster.api.watch('configmaps', ({ type, object }) => {
    if (type !== 'DELETED' && object.metadata.name === ref.name) play.saw(decodeRecord(object));
  });
  const over = (): Promise<void> => {
    const [first] = umpire.broken;
    return first === undefined ? Promise.resolve() : Promise.reject(new Error(first));
  };
  return { play, over };
};

const worldOf = (cluster: VirtualCluster, processes: Process[]): World => {
  const { clock, api } = cluster;
  const counts = (): PerSide<number> => {
    const [main = 0, grey = 0] = countsOf(cluster);
    return { main, grey };
  };
  return {
    namespace: NAMESPACE,
    clock,
    connect: () => ({ cluster: virtualClusterPort(cluster), close: () => undefined }),
    counts,
    record: () => {
      const map = api.get('configmaps', recordRef(NAMESPACE, UPGRADE));
      return Promise.resolve(map && decodeRecord(map));
    },
    until: (promise) => clock.runUntil(promise, { mostMs: QUIET_MS }),
    pass: (ms) => clock.advance(ms),
    untilChange: async (kind) => {
      const seen = { isChanged: false };
      const unwatch = api.watch(kind, () => {
        seen.isChanged = true;
      });
      const endMs = clock.monotonic() + 60_000;
      while (!seen.isChanged && clock.monotonic() < endMs) await clock.advance(clock.untilNextMs ?? endMs);
      unwatch();
    },
    quiet: () => clock.advance(QUIET_MS),
    setQuota: (isOpen) => {
      const pods = isOpen ? OPEN : api.list('pods', { namespace: NAMESPACE }).items.length;
      cluster.do({ kind: 'set-quota', quota: { namespace: NAMESPACE, pods } });
    },
    began: (process) => processes.push(process),
  };
};

export const playVirtually = (runs: Omit<Runs, 'most' | 'replay'>): Promise<readonly number[]> =>
  playAll(SCALE, stage, {
    ...runs,
    most: 14,
    replay: 'npx vitest run --project unit test/cluster-virtual/model.test.ts',
  });
