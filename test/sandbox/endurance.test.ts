/** A long upgrade in miniature, by the whole program: what it holds does not grow with what happens. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { VirtualClock } from '../../src/cluster/virtual/clock.ts';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import { serveCluster } from '../../src/sandbox/sandbox.ts';
import { BrokenWatches } from './broken-watches.ts';
import type { Gauge } from './gauge.ts';
import { clock, dupgrade, scenarioOf, TOKEN } from './given.ts';

const PODS = 20;
const NAMESPACE = 'serving';

const SPEC = JSON.stringify({
  apiVersion: 'dupgrade.dev/v1',
  kind: 'DeploymentUpgrade',
  metadata: { name: 'model-v2', namespace: NAMESPACE },
  spec: {
    main: { deployment: 'model-v1', target: 0 },
    grey: { deployment: 'model-v2', target: PODS },
    step: PODS,
    // One pod of grey is never ready: nothing is taken from main before somebody says how to go on.
    pacing: 'batch',
  },
});

/** Pods live a thousand times as fast, and the server ends a watch after a tenth of a second instead of minutes. */
const serve = async () => {
  const { nodes, deployments, ...scenario } = scenarioOf([{ kind: 'never-ready', pods: [1] }]);
  const roomy = nodes.map((each) => ({ ...each, gpus: 2 * PODS }));
  const sized = deployments.map((each) => ({ ...each, replicas: each.replicas === 0 ? 0 : PODS }));
  const virtual = new VirtualCluster({ ...scenario, nodes: roomy, deployments: sized }, new VirtualClock(clock.now()));
  const hurried = { ...clock, after: (ms: number, call: () => void) => clock.after(ms > 2000 ? ms / 2000 : ms, call) };
  const sandbox = await serveCluster(virtual, NAMESPACE, { speed: 1000, port: 0, token: TOKEN, clock: hurried });
  onTestFinished(() => sandbox.close());
  let events = 0;
  virtual.api.watch('pods', () => (events += 1));
  return { sandbox, events: () => events };
};

/** A process that drives the upgrade, and says what it holds. */
const startDriver = (kubeconfig: string) => {
  const program = join(import.meta.dirname, '../../bin/dupgrade.js');
  const child = fork(program, ['start', '-', '--on-hold', 'wait'], {
    execArgv: ['--expose-gc', '--import', join(import.meta.dirname, 'gauge.ts')],
    env: { ...process.env, KUBECONFIG: kubeconfig, CI: 'true' },
    silent: true,
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const errors = child.stderr === null ? '' : text(child.stderr);
  child.stdout?.resume();
  const exit = once(child, 'close');
  child.stdin?.end(SPEC);
  const gauge = async (): Promise<Gauge> => {
    child.send('read');
    const [held] = (await once(child, 'message')) as [Gauge];
    return held;
  };
  return { gauge, exit, errors };
};

/** The least of each: what stands for a moment in a buffer or before a collection is no growth. */
const least = (gauges: readonly Gauge[]): Gauge => ({
  heapBytes: Math.min(...gauges.map(({ heapBytes }) => heapBytes)),
  sockets: Math.min(...gauges.map(({ sockets }) => sockets)),
  timers: Math.min(...gauges.map(({ timers }) => timers)),
});

const SETTLING_ROUNDS = 10;
const ROUNDS = 48;
const SAMPLES = 8;

/**
 * It holds 25 MB, give or take 1. Between the samples are more than 5000 events of pods and 200 watches, so this catches a
 * kilobyte kept of each event, 20 KB of each watch, and a socket or a timer left of every fortieth watch.
 */
const ALLOWED = { heapBytes: 4_000_000, sockets: 5, timers: 5 };

it('memory, sockets and timers do not grow with 10,000 events and hundreds of broken watches while it is held', {
  timeout: 300_000,
}, async () => {
  const { sandbox, events } = await serve();
  const watches = new BrokenWatches();
  const driver = startDriver(sandbox.kubeconfig);
  // Of pods, ReplicaSets, both Deployments and the record.
  await watches.asked.when(({ length }) => length >= 5);
  expect((await dupgrade(sandbox, ['pause', 'model-v2']).exit).code).toBe(0);

  const gauges: Gauge[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of ['model-v1', 'model-v2'])
      sandbox.do({ kind: 'delete-pods', deployment: { namespace: NAMESPACE, name }, pods: PODS });
    // The five of before, and some that the server has ended.
    await watches.reset(8);
    gauges.push(await driver.gauge());
  }
  const before = least(gauges.slice(SETTLING_ROUNDS, SETTLING_ROUNDS + SAMPLES));
  const after = least(gauges.slice(-SAMPLES));
  expect(events()).toBeGreaterThan(10_000);
  expect(watches.asked.count).toBeGreaterThan(8 * ROUNDS);
  expect(watches.resets).toBeGreaterThan(2 * ROUNDS);
  expect(after.heapBytes - before.heapBytes).toBeLessThan(ALLOWED.heapBytes);
  expect(after.sockets - before.sockets).toBeLessThan(ALLOWED.sockets);
  expect(after.timers - before.timers).toBeLessThan(ALLOWED.timers);

  // It has seen all of it, and still does what it is told.
  const rollback = dupgrade(sandbox, ['rollback', 'model-v2']);
  expect([0, 6], rollback.stderr).toContain((await rollback.exit).code);
  expect(await driver.exit, await driver.errors).toEqual([6, null]);
});
