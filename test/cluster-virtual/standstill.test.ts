import { describe, expect, it } from 'vitest';
import type { Access, Kind } from '../../src/cluster/port.ts';
import type { DeploymentSetup, NodePool } from '../../src/cluster/virtual/scenario.ts';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import type { UpgradeEvent } from '../../src/upgrade/events.ts';
import type { Cause } from '../../src/upgrade/health.ts';
import { deployment, driveTo, fixed, GREY, pool, scenario, upgrade } from './given.ts';

const clusterOf = (grey: Partial<DeploymentSetup>, nodes: readonly NodePool[] = [pool()]): VirtualCluster =>
  new VirtualCluster(scenario({ nodes, deployments: [deployment(), deployment({ ...GREY, replicas: 0, ...grey })] }));

const OUT_OF_MEMORY = 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.';

const FAIL_FAST = { run: { failFast: true } };
const ALL_AT_ONCE = upgrade({ way: { mode: 'scaleOutPriority', step: { main: 3, grey: 3 }, pacing: 'window' } });

/** The causes that were told, each at its first time. */
const told = (events: readonly UpgradeEvent[]): readonly (Cause & { readonly at: number })[] =>
  events.flatMap((event) =>
    event.type === 'observed' ? event.standing.causes.map((cause) => ({ ...cause, at: event.at })) : [],
  );

const firstOf = (events: readonly UpgradeEvent[], is: (cause: Cause) => boolean) => told(events).find(is);

describe('a run that cannot go on', () => {
  it('ends fast where an image is not there, with that reason', async () => {
    const cluster = clusterOf({ failures: [{ kind: 'image-pull' }] });
    const { outcome } = await driveTo(cluster, ALL_AT_ONCE, FAIL_FAST);
    expect(outcome).toMatchObject({ kind: 'stuck', reason: 'image', failedFast: true, causes: [{ doomed: true }] });
    // 0.5 s to the first failure, 15 s to the back-off, 10 s of grace.
    expect(cluster.clock.monotonic()).toBeLessThan(30_000);
  });

  it('ends fast where containers crash for the third time, with what they wrote', async () => {
    const { outcome, events } = await driveTo(
      clusterOf({ failures: [{ kind: 'crash-loop' }] }),
      ALL_AT_ONCE,
      FAIL_FAST,
    );
    // Never with what another run of the container wrote.
    const lastLines = told(events).flatMap(({ reason, log }) => (reason === 'crash' && log ? [log.at(-1)] : []));
    expect(new Set(lastLines)).toEqual(new Set([OUT_OF_MEMORY]));
    expect(outcome).toMatchObject({ kind: 'stuck', reason: 'crash', failedFast: true });
    expect('causes' in outcome && outcome.causes[0]).toMatchObject({
      detail: { kind: 'exit', exitCode: 1, restarts: 2 },
      log: expect.arrayContaining([OUT_OF_MEMORY]),
    });
  });

  it('waits for its deadline where it is not to end fast', async () => {
    const { outcome } = await driveTo(clusterOf({ failures: [{ kind: 'image-pull' }] }), ALL_AT_ONCE);
    expect(outcome).toMatchObject({ kind: 'stuck', reason: 'image', idleMs: 600_000 });
    expect(outcome).not.toHaveProperty('failedFast');
  });

  it('goes on as long as a pod of the step comes, and ends when none does', async () => {
    const cluster = clusterOf({ failures: [{ kind: 'image-pull', pods: [1] }], readyAfter: fixed(60_000) });
    const { outcome, events } = await driveTo(cluster, ALL_AT_ONCE, FAIL_FAST);
    expect(outcome).toMatchObject({ kind: 'stuck', reason: 'image', failedFast: true });
    const ready = events.flatMap((event) => (event.type === 'observed' ? [event.standing.sides.grey.ready] : []));
    expect(Math.max(...ready)).toBe(2);
  });

  it.each<[string, Partial<DeploymentSetup>, NodePool[]]>([
    ['without room', { requests: { cpuMilli: 0, memoryBytes: 0, gpus: 16 } }, [pool()]],
    ['that never turn ready', { failures: [{ kind: 'never-ready' }] }, [pool()]],
  ])('waits for pods %s, which may heal', async (_, grey, nodes) => {
    const { outcome } = await driveTo(clusterOf(grey, nodes), ALL_AT_ONCE, FAIL_FAST);
    expect(outcome).toMatchObject({ kind: 'stuck', idleMs: 600_000 });
  });
});

describe('a standstill', () => {
  it('is told with what is missing', async () => {
    const cluster = clusterOf({ requests: { cpuMilli: 0, memoryBytes: 0, gpus: 8 } }, [pool({ count: 3 })]);
    const { events } = await driveTo(cluster, ALL_AT_ONCE);
    expect(firstOf(events, ({ reason }) => reason === 'unschedulable')).toMatchObject({
      pods: 3,
      detail: { kind: 'shortage', resource: 'nvidia.com/gpu', needed: 8, nodes: 3, short: 3 },
    });
  });

  it('is told with the model that is being loaded, from the log of one pod for all', async () => {
    const { events } = await driveTo(clusterOf({ readyAfter: fixed(120_000) }), ALL_AT_ONCE);
    expect(firstOf(events, ({ detail }) => detail?.kind === 'start' && detail.server === 'vLLM')).toMatchObject({
      reason: 'starting',
      pods: 3,
      detail: { stage: 'loading-model' },
    });
  });

  it('is told with the probe that fails, within a second of its Event', async () => {
    const failures = [{ kind: 'turn-unready', afterMs: 3000 }] as const;
    const cluster = clusterOf({ failures, readyAfter: fixed(5000) });
    const { events } = await driveTo(cluster, upgrade());
    const found = firstOf(events, ({ detail }) => detail?.kind === 'probe');
    expect(found).toMatchObject({ reason: 'not-ready', detail: { probe: 'readiness' } });
    const [said] = cluster.api.list('events', { fields: { 'involvedObject.name': found?.example ?? '' } }).items;
    // The API's times are whole seconds.
    expect((found?.at ?? 0) - Date.parse(said?.firstTimestamp ?? '')).toBeLessThan(2000);
  });

  it.each<Kind | 'pods/log'>(['events', 'pods/log', 'nodes'])(
    'is told without %s that may not be read',
    async (what) => {
      const denied: Access[] = [];
      const may = (access: Access): boolean => {
        const name = access.subresource === undefined ? access.resource : `${access.resource}/${access.subresource}`;
        const isDenied = name === what && access.verb !== 'create';
        if (isDenied) denied.push(access);
        return !isDenied;
      };
      const cluster = clusterOf({ failures: [{ kind: 'crash-loop' }] });
      const { outcome } = await driveTo(cluster, ALL_AT_ONCE, { may });
      expect(outcome).toMatchObject({ kind: 'stuck', reason: 'crash' });
      // Asked once, and not again.
      expect(denied.length).toBeLessThanOrEqual(1);
    },
  );

  it('costs no more where more pods stand still', async () => {
    const requests = async (pods: number): Promise<number> => {
      let count = 0;
      const cluster = clusterOf({ failures: [{ kind: 'never-ready' }] }, [pool({ count: 40 })]);
      const step = { main: pods, grey: pods };
      const spec = upgrade({
        targets: { main: 0, grey: pods },
        way: { mode: 'scaleOutPriority', step, pacing: 'window' },
      });
      await driveTo(cluster, spec, {
        mishap: ({ kind, subresource, verb }) => {
          if (kind === 'nodes' || subresource === 'log' || (kind === 'events' && verb === 'list')) count += 1;
          return undefined;
        },
      });
      return count;
    };
    const [some, many] = [await requests(50), await requests(100)];
    expect(some).toBeGreaterThan(0);
    expect(many).toBe(some);
  });
});

describe('how long it takes yet', () => {
  it('is told from the first pod on that is ready, falls, and is about right', async () => {
    const cluster = clusterOf({ readyAfter: { kind: 'range', fromMs: 50_000, toMs: 70_000 } });
    const { events } = await driveTo(cluster, upgrade({ targets: { main: 0, grey: 10 } }));
    const endAt = events.at(-1)?.at ?? 0;
    const etas = events.flatMap((event) =>
      event.type === 'observed' && event.standing.eta !== undefined ? [{ at: event.at, ...event.standing.eta }] : [],
    );
    const firstReady =
      events.find((event) => event.type === 'observed' && event.standing.sides.grey.ready > 0)?.at ?? 0;
    const known = etas.filter(({ at }) => at > firstReady + 1000);
    expect(known.length).toBeGreaterThan(5);
    for (const { at, leastMs, mostMs } of known) {
      expect(leastMs).toBeLessThanOrEqual(1.3 * (endAt - at));
      expect(mostMs).toBeGreaterThanOrEqual(0.7 * (endAt - at));
    }
  });
});
