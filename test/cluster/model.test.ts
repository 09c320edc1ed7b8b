/**
 * The model of test/model over a real control plane: the program runs in this process over its real adapter, since to begin
 * a process for every command would take longer than what is tested.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { connect } from '../../src/cluster/kubernetes/connect.ts';
import type { Clock } from '../../src/drive/clock.ts';
import { decodeRecord } from '../../src/drive/record-codec.ts';
import { readRecord, recordRef } from '../../src/drive/records.ts';
import { Play, UPGRADE, type World } from '../model/play.ts';
import { playAll, type Stage } from '../model/play-property.ts';
import { type Scale, specText } from '../model/steps.ts';
import { clientOf, plane } from './fixtures.ts';
import { GREY, MAIN } from './upgrade.ts';
import { TestNamespace } from './workload.ts';

const SCALE: Scale = { mostReplicas: 3, mostStep: 1, passMs: [10, 100, 500], isVirtual: false };

/** How many upgrades are played at once, each in a namespace of its own, and how often. */
const AT_ONCE = 10;
const RUNS_EACH = 20;

const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, Math.min(ms, 2_147_483_647));
    return () => clearTimeout(timer);
  },
};

const open = () => connect({ kubeconfig: plane.kubeconfig('cli'), env: process.env, note: () => undefined });

/** Two Deployments whose pods are ready and gone at once. */
const stage: Stage = async (given) => {
  const namespace = await TestNamespace.make(clientOf('admin'));
  await namespace.createDeployment({ name: MAIN, replicas: given.before.main });
  await namespace.createDeployment({ name: GREY, replicas: given.before.grey });
  await namespace.untilReady(MAIN, given.before.main);
  await namespace.untilReady(GREY, given.before.grey);

  const { cluster, close } = open();
  const counts: World['counts'] = async () => {
    const [main, grey] = await Promise.all([MAIN, GREY].map((name) => namespace.get('deployments', name)));
    return { main: main?.spec.replicas ?? 0, grey: grey?.spec.replicas ?? 0 };
  };
  const world: World = {
    namespace: namespace.name,
    clock,
    connect: open,
    counts,
    record: async () => (await readRecord(cluster, namespace.name, UPGRADE))?.record,
    until: (promise) => promise,
    pass: (ms) => sleep(ms),
    quiet: async (exits) => {
      await Promise.all(exits);
    },
    setQuota: () => undefined,
  };
  const text = specText(given, { main: MAIN, grey: GREY, namespace: namespace.name });
  const play = new Play(world, given, text);
  const records = cluster.follow('configmaps', recordRef(namespace.name, UPGRADE), () => {
    const [map] = records.objects();
    if (map !== undefined) play.saw(decodeRecord(map));
  });
  await records.synced;
  const over = async (): Promise<void> => {
    records.close();
    await close();
    await namespace.delete();
  };
  return { play, over };
};

it(`answers as ARCHITECTURE.md says on a real cluster, in ${AT_ONCE} namespaces at once`, async () => {
  const codes = await Promise.all(
    Array.from({ length: AT_ONCE }, (_, i) =>
      playAll(SCALE, stage, {
        runs: RUNS_EACH,
        seed: 1 + i,
        most: 6,
        replay: 'npx vitest run --project cluster test/cluster/model.test.ts',
      }),
    ),
  );
  // What else drivers come to here depends on how quick they were: on the virtual cluster they come to all there is.
  expect(codes.flat()).toContain(0);
}, 600_000);
