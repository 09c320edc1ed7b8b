import { describe, expect, it } from 'vitest';
import { virtualClusterPort, type PortOptions } from '../../src/cluster/virtual/adapter.ts';
import type { Mishap } from '../../src/cluster/virtual/requests.ts';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import { MAIN, NAMESPACE, scenario } from './given.ts';

const MAP = { metadata: { namespace: NAMESPACE, name: 'one' }, data: { key: '1' } };

/** A port whose next requests meet with these mishaps. */
const portOf = (options: PortOptions = {}, ...mishaps: readonly (Mishap | undefined)[]) => {
  const cluster = new VirtualCluster(scenario());
  const left = [...mishaps];
  return {
    cluster,
    clock: cluster.clock,
    port: virtualClusterPort(cluster, { mishap: () => left.shift(), ...options }),
  };
};

describe('a request on a virtual cluster', () => {
  it('takes the time that it is told to take, there and back', async () => {
    const { clock, port } = portOf({ latencyMs: { from: 40, to: 40 } });
    await clock.runUntil(port.get('deployments', MAIN));
    expect(clock.monotonic()).toBe(80);
  });

  it('that is lost is sent again', async () => {
    const { clock, port } = portOf({}, 'lose-request');
    const made = await clock.runUntil(port.create('configmaps', MAP));
    expect(made.data).toEqual(MAP.data);
    expect(clock.monotonic()).toBeGreaterThan(1000);
  });

  it('whose answer is lost was done, and finds so when it is sent again', async () => {
    const { clock, port, cluster } = portOf({}, 'lose-answer', undefined, 'lose-answer', undefined, 'lose-answer');
    await expect(clock.runUntil(port.create('configmaps', MAP))).rejects.toMatchObject({
      fault: 'exists',
      message: 'Could not create configmaps in namespace serving (one): configmaps "one" already exists.',
    });
    const one = await clock.runUntil(port.get('configmaps', MAP.metadata));
    const other = { ...MAP, ...one, data: { key: '2' } };
    await expect(clock.runUntil(port.replace('configmaps', other))).rejects.toMatchObject({ fault: 'conflict' });
    expect(cluster.api.get('configmaps', MAP.metadata)?.data).toEqual({ key: '2' });

    const main = await clock.runUntil(port.get('deployments', MAIN));
    const scaled = port.scale(MAIN, 5, main?.metadata.resourceVersion ?? '');
    await expect(clock.runUntil(scaled)).rejects.toMatchObject({
      fault: 'conflict',
      message:
        'Could not patch deployments/scale in namespace serving (server-v1): Operation cannot be fulfilled on deployments.apps "server-v1": the object has been modified; please apply your changes to the latest version and try again.',
    });
    expect(cluster.api.get('deployments', MAIN)?.spec.replicas).toBe(5);
  });

  it('is given up where the cluster cannot be reached', async () => {
    const { clock, port, cluster } = portOf({}, 'unreachable');
    await expect(clock.runUntil(port.create('configmaps', MAP))).rejects.toMatchObject({ fault: 'unreachable' });
    expect(cluster.api.get('configmaps', MAP.metadata)).toBeUndefined();
  });

  it('is refused what its user may not do', async () => {
    const { clock, port } = portOf({ may: ({ verb, resource }) => verb !== 'create' || resource !== 'configmaps' });
    await expect(clock.runUntil(port.create('configmaps', MAP))).rejects.toMatchObject({
      fault: 'forbidden',
      message: 'User may not create configmaps in namespace serving (one).',
    });
    expect(await clock.runUntil(port.get('deployments', MAIN))).toBeDefined();
    const access = { verb: 'create', group: '', resource: 'configmaps', namespace: NAMESPACE };
    expect(await clock.runUntil(port.denied([{ ...access, verb: 'get' }, access]))).toEqual([access]);
  });

  it('is known by the name of who sends it', async () => {
    const { clock, port, cluster } = portOf({ manager: 'keda' });
    const { resourceVersion = '' } = cluster.api.get('deployments', MAIN)?.metadata ?? {};
    await clock.runUntil(port.scale(MAIN, 4, resourceVersion));
    const owners = cluster.api.get('deployments', MAIN)?.metadata.managedFields ?? [];
    expect(owners.map(({ manager }) => manager)).toEqual(['kubectl-client-side-apply', 'keda']);
  });
});

const followed = async (options: PortOptions = {}) => {
  const { clock, port, cluster } = portOf(options);
  let changes = 0;
  const follower = port.follow('configmaps', { namespace: NAMESPACE }, () => (changes += 1));
  await clock.runUntil(follower.synced);
  return { clock, cluster, follower, changes: () => changes };
};

describe('a watch of a virtual cluster', () => {
  it('tells of a change after a while, and of all that happened until then at once', async () => {
    const { clock, cluster, follower, changes } = await followed({ watchMs: { from: 50, to: 50 } });
    cluster.api.create('configmaps', MAP);
    await clock.advance(49);
    expect(follower.objects()).toEqual([]);
    cluster.api.create('configmaps', { metadata: { namespace: NAMESPACE, name: 'two' } });
    await clock.advance(1);
    expect(follower.objects().map(({ metadata }) => metadata.name)).toEqual(['one', 'two']);
    expect(changes()).toBe(1);
  });

  it('that is silent tells nothing until a refresh, or until it speaks again', async () => {
    let isSilent = true;
    const { clock, cluster, follower } = await followed({ isSilent: () => isSilent });
    cluster.api.create('configmaps', MAP);
    await clock.advance(3_600_000);
    expect(follower.objects()).toEqual([]);
    await clock.runUntil(follower.refresh());
    expect(follower.objects()).toHaveLength(1);
    cluster.api.create('configmaps', { metadata: { namespace: NAMESPACE, name: 'two' } });
    isSilent = false;
    cluster.api.create('configmaps', { metadata: { namespace: NAMESPACE, name: 'three' } });
    await clock.advance(1000);
    expect(follower.objects()).toHaveLength(3);
  });

  it('that is closed before it is synced stays empty', async () => {
    const { clock, port, cluster } = portOf();
    const follower = port.follow('deployments', {}, () => undefined);
    follower.close();
    await clock.runUntil(follower.synced);
    cluster.do({ kind: 'scale', deployment: MAIN, replicas: 9, manager: 'kubectl' });
    await clock.advance(1000);
    expect(follower.objects()).toEqual([]);
  });

  describe('shows what has arrived, whatever has happened since', () => {
    /** Something has arrived already, and nobody has asked for what there is. */
    const underWay = async () => {
      const { clock, port, cluster } = portOf({ watchMs: { from: 50, to: 50 } });
      const { api } = cluster;
      const make = (name: string, key = '1') =>
        api.create('configmaps', { metadata: { namespace: NAMESPACE, name, labels: { of: 'it' } }, data: { key } });
      const label = (map: ReturnType<typeof make>, of: string) =>
        api.replace('configmaps', { ...map, metadata: { ...map.metadata, labels: { of } } });
      const remove = (name: string) => api.remove('configmaps', { namespace: NAMESPACE, name });
      const maps = { kept: make('kept'), leaving: make('leaving'), there: make('there') };
      for (const name of ['removed', 'anew']) make(name);
      const follower = port.follow('configmaps', { labels: { matchLabels: { of: 'it' } } }, () => undefined);
      await clock.runUntil(follower.synced);
      make('first');
      await clock.advance(50);
      api.replace('configmaps', { ...maps.kept, data: { key: '2' } });
      label(maps.leaving, 'others');
      label(label(maps.there, 'others'), 'it');
      remove('removed');
      make('new');
      make('short');
      remove('short');
      remove('anew');
      make('anew', '2');
      const shown = () => follower.objects().map(({ metadata, data }) => `${metadata.name} ${data?.['key']}`);
      return { clock, follower, shown: () => shown().toSorted() };
    };
    const BEFORE = ['anew 1', 'first 1', 'kept 1', 'leaving 1', 'removed 1', 'there 1'];

    it('what is new, another version, gone, made anew, or of the selection no more', async () => {
      const { clock, shown } = await underWay();
      await clock.advance(49);
      expect(shown()).toEqual(BEFORE);
      await clock.advance(1);
      expect(shown()).toEqual(['anew 2', 'first 1', 'kept 2', 'new 1', 'there 1']);
    });

    it('also once it is closed', async () => {
      const { clock, follower, shown } = await underWay();
      follower.close();
      await clock.advance(1000);
      expect(shown()).toEqual(BEFORE);
    });
  });

  it('arrives together with the others, where they share a connection', async () => {
    const { clock, port, cluster } = portOf({ watchMs: { from: 50, to: 50 }, isBundled: true });
    const told: string[] = [];
    const maps = port.follow('configmaps', {}, () => told.push(`map ${clock.monotonic()}`));
    const leases = port.follow('leases', {}, () => told.push(`lease ${clock.monotonic()}`));
    await clock.runUntil(Promise.all([maps.synced, leases.synced]));
    const fromMs = clock.monotonic();
    cluster.api.create('configmaps', MAP);
    await clock.advance(40);
    cluster.api.create('leases', { metadata: MAP.metadata });
    await clock.advance(10);
    expect(told).toEqual([`map ${fromMs + 50}`, `lease ${fromMs + 50}`]);
    cluster.api.remove('leases', MAP.metadata);
    await clock.advance(50);
    expect(told).toHaveLength(3);
  });
});
