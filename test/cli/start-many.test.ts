import { beforeAll, describe, expect, it } from 'vitest';
import type { Cluster } from '../../src/cluster/port.ts';
import type { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import { LEASE_MS, leaseRef } from '../../src/drive/lock.ts';
import { NAMESPACE } from '../cluster-virtual/given.ts';
import { clusterOf, type Line, preload, specOf, start } from './started.ts';

const NAMES = ['a', 'b', 'c', 'd'];
const filesOf = (names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [`${name}.yaml`, specOf(name)]));

const countsOf = ({ api }: VirtualCluster, name: string): readonly (number | undefined)[] =>
  [`${name}-v1`, `${name}-v2`].map(
    (each) => api.get('deployments', { namespace: NAMESPACE, name: each })?.spec.replicas,
  );

/** Everything that dupgrade has made in a cluster. */
const madeIn = ({ api }: VirtualCluster): readonly string[] =>
  (['configmaps', 'leases', 'events'] as const).flatMap((kind) =>
    api
      .list(kind, { namespace: NAMESPACE })
      .items.map(({ metadata }) => metadata.name)
      .filter((name) => name.startsWith('dupgrade')),
  );

const holdersIn = ({ api }: VirtualCluster): readonly string[] =>
  api.list('leases', { namespace: NAMESPACE }).items.flatMap(({ spec }) => spec?.holderIdentity ?? []);

/** How many upgrades were under way at most, by what was told. */
const mostAtOnce = (lines: readonly Line[]): number => {
  let [now, most] = [0, 0];
  for (const { type } of lines) {
    if (type === 'started') now += 1;
    if (type === 'ended') now -= 1;
    most = Math.max(most, now);
  }
  return most;
};

const BROKEN = { b: { kind: 'image-pull', pods: [1] } } as const;

beforeAll(preload);

describe('several upgrades in one process', () => {
  it('are each driven to their end, and told apart', async () => {
    const cluster = clusterOf(NAMES);
    const { code, lines, told, results, err } = await start(cluster, filesOf(NAMES), ['.']);
    expect(code, err).toBe(0);
    expect(new Set(told('started'))).toEqual(new Set(NAMES));
    expect(told('ended')).toHaveLength(4);
    for (const { type, upgrade, namespace } of lines.slice(0, -1)) {
      expect(NAMES, type).toContain(upgrade);
      expect(namespace).toBe(NAMESPACE);
    }
    for (const name of NAMES) {
      expect(countsOf(cluster, name)).toEqual([0, 2]);
      expect(results.get(name)).toMatchObject({ result: 'ran', outcome: 'reached', exitCode: 0, file: `${name}.yaml` });
    }
    expect(holdersIn(cluster)).toEqual([]);
  });

  it.each([1, 2, 4])('are under way %i at a time where --parallel says so', async (parallel) => {
    const cluster = clusterOf(NAMES);
    const { code, lines } = await start(cluster, filesOf(NAMES), ['.', '--parallel', String(parallel)]);
    expect(code).toBe(0);
    expect(mostAtOnce(lines)).toBe(parallel);
  });

  it('are not begun any more after one that ended badly; what is under way goes on to its end', async () => {
    const cluster = clusterOf(NAMES, BROKEN);
    const { code, results, told } = await start(cluster, filesOf(NAMES), ['.', '--parallel', '2', '--fail-fast']);
    expect(code).toBe(5);
    expect(results.get('b')).toMatchObject({ outcome: 'stuck', reason: 'image', exitCode: 5 });
    // It ends after b.
    expect(told('ended')).toEqual(['b', 'a']);
    expect(results.get('a')).toMatchObject({ outcome: 'reached' });
    expect(results.get('c')).toMatchObject({ result: 'not-begun' });
    expect(results.get('d')).toEqual({
      upgrade: 'd',
      namespace: NAMESPACE,
      file: 'd.yaml',
      result: 'not-begun',
      next: `dupgrade start d.yaml -n ${NAMESPACE}`,
    });
    expect(countsOf(cluster, 'd')).toEqual([2, 0]);
  });

  it('are all begun with --keep-going', async () => {
    const cluster = clusterOf(NAMES, BROKEN);
    const { code, results } = await start(cluster, filesOf(NAMES), [
      '.',
      '--parallel',
      '1',
      '--fail-fast',
      '--keep-going',
    ]);
    expect(code).toBe(5);
    expect([...results.values()].map(({ exitCode }) => exitCode)).toEqual([0, 5, 0, 0]);
  });

  it('go on when one of them is refused, and the error says which', async () => {
    const cluster = clusterOf(['a', 'c']);
    const { code, results, err } = await start(cluster, filesOf(['a', 'b', 'c']), ['.', '--keep-going']);
    expect(code).toBe(3);
    expect(results.get('b')).toMatchObject({ result: 'failed', exitCode: 3 });
    expect(results.get('c')).toMatchObject({ outcome: 'reached' });
    expect(JSON.parse(err)).toMatchObject({ type: 'error', upgrade: 'b', namespace: NAMESPACE, exitCode: 3 });
  });

  it('go on when one of them meets a fault of ours', async () => {
    const cluster = clusterOf(['a', 'b']);
    const port = (own: Cluster): Cluster => ({
      ...own,
      scale: (ref, ...rest) => {
        if (ref.name === 'b-v2') throw new TypeError('a fault');
        return own.scale(ref, ...rest);
      },
    });
    const { code, results, err } = await start(cluster, filesOf(['a', 'b']), ['.'], { port });
    expect(code).toBe(1);
    expect(results.get('a')).toMatchObject({ outcome: 'reached' });
    expect(results.get('b')).toMatchObject({ result: 'failed', exitCode: 1, message: 'a fault' });
    expect(err).toContain('a fault');
    expect(holdersIn(cluster)).toEqual([]);
  });

  it('are refused together where two are the same or move one Deployment, and nothing is touched', async () => {
    const cluster = clusterOf(NAMES);
    const files = { ...filesOf(['a', 'b']), 'c.yaml': specOf('c', (text) => text.replace('c-v1', 'a-v2')) };
    const { code, err, lines } = await start(cluster, { ...files, 'd.yaml': specOf('b') }, ['.']);
    expect(code).toBe(2);
    expect((JSON.parse(err) as Line)['message']).toMatch(
      /^c\.yaml:5:.* is moved by a\.yaml:6:.*\nd\.yaml:3:.*b\.yaml:3:/,
    );
    expect(lines).toEqual([]);
    expect(madeIn(cluster)).toEqual([]);
  });

  it('are refused where so few requests may be sent that their locks would be lost', async () => {
    const cluster = clusterOf(NAMES);
    const { code, err } = await start(cluster, filesOf(NAMES), ['.', '--qps', '3']);
    expect(code).toBe(2);
    expect(err).toContain('their locks alone take 3 requests a second; give at least 4');
    expect((await start(cluster, filesOf(NAMES), ['.', '--qps', '3', '--parallel', '3'])).code).toBe(0);
  });

  it('are refused together where any file is wrong, and nothing is touched', async () => {
    const cluster = clusterOf(NAMES);
    const { code, err } = await start(cluster, { ...filesOf(['a', 'b']), 'c.yaml': 'kind: Pod' }, ['.']);
    expect(code).toBe(2);
    expect(err).toContain('c.yaml:1:7: kind');
    expect(madeIn(cluster)).toEqual([]);
  });

  it('end when they are interrupted: locks given back, records kept, and none begun', async () => {
    const cluster = clusterOf(NAMES);
    const { code, results } = await start(cluster, filesOf(NAMES), ['.', '--parallel', '2'], {
      heard: ({ type, upgrade }, interrupt) => {
        if (type === 'scaled' && upgrade === 'b') interrupt();
      },
    });
    expect(code).toBe(130);
    expect([...results.values()].map(({ result, outcome }) => outcome ?? result)).toEqual([
      'interrupted',
      'interrupted',
      'not-begun',
      'not-begun',
    ]);
    expect(holdersIn(cluster)).toEqual([]);
    expect(madeIn(cluster).filter((name) => name === 'dupgrade-a' || name === 'dupgrade-b')).toHaveLength(2);
    const again = await start(cluster, filesOf(NAMES), ['.']);
    expect(again.code).toBe(0);
  });

  it('ask for the nodes and the pods of all namespaces once, those that begin together', async () => {
    const cluster = clusterOf(NAMES);
    const asked: string[] = [];
    const port = (own: Cluster): Cluster => ({
      ...own,
      list: (kind, selection) => {
        if (selection.namespace === undefined) asked.push(kind);
        return own.list(kind, selection);
      },
    });
    expect((await start(cluster, filesOf(NAMES), ['.'], { port })).code).toBe(0);
    expect(asked).toEqual(['nodes', 'pods']);
    // One after the other each looks for itself: what was free before is not any more.
    const other = clusterOf(NAMES);
    expect((await start(other, filesOf(NAMES), ['.', '--parallel', '1'], { port })).code).toBe(0);
    expect(asked).toHaveLength(2 + 2 * NAMES.length);
  });

  it('that have ended at their targets are left alone when they are started again', async () => {
    const cluster = clusterOf(['a', 'b']);
    await start(cluster, filesOf(['a']), ['a.yaml']);
    const { code, told, results } = await start(cluster, filesOf(['a', 'b']), ['a.yaml', 'b.yaml']);
    expect(code).toBe(0);
    expect(told('started')).toEqual(['b']);
    expect(results.get('a')).toMatchObject({ outcome: 'reached' });
  });

  it('leave one that another driver holds to it', async () => {
    const cluster = clusterOf(['a', 'b']);
    const { clock, api } = cluster;
    const lease = (renewTime: string) => ({
      metadata: leaseRef({ namespace: NAMESPACE, name: 'a-v1' }),
      spec: { holderIdentity: 'else@where', leaseDurationSeconds: LEASE_MS / 1000, acquireTime: renewTime, renewTime },
    });
    const time = (): string => new Date(clock.now()).toISOString().replace('Z', '000Z');
    api.create('leases', lease(time()));
    const renew = (): void => {
      const found = api.get('leases', leaseRef({ namespace: NAMESPACE, name: 'a-v1' }));
      if (found !== undefined) api.replace('leases', { ...found, spec: lease(time()).spec });
      clock.after(3000, renew);
    };
    clock.after(3000, renew);
    const { code, results } = await start(cluster, filesOf(['a', 'b']), ['.']);
    expect(code).toBe(8);
    expect(results.get('a')).toMatchObject({ result: 'failed', exitCode: 8, reason: 'locked' });
    expect(results.get('b')).toMatchObject({ outcome: 'reached' });
  });
});
