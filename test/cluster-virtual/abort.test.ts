import { expect, it } from 'vitest';
import { virtualClusterPort } from '../../src/cluster/virtual/adapter.ts';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import type { Cluster } from '../../src/cluster/port.ts';
import { drive } from '../../src/drive/drive.ts';
import { decodeRecord } from '../../src/drive/record-codec.ts';
import { readRecord } from '../../src/drive/records.ts';
import { prepareStart } from '../../src/drive/start.ts';
import { steer } from '../../src/drive/steer.ts';
import { deployment, GREY, NAMESPACE, scenario, upgrade } from './given.ts';

it('an abort stays one, also where the driver arrives at the same moment', async () => {
  const cluster = new VirtualCluster(scenario({ deployments: [deployment(), deployment({ ...GREY, replicas: 0 })] }));
  const port = virtualClusterPort(cluster);
  const spec = upgrade();
  const abort = async (): Promise<void> => {
    const stored = await readRecord(port, NAMESPACE, spec.name);
    if (stored === undefined) throw new Error('there is no record');
    await steer(port, stored, { verb: 'abort' }, { by: 'bob@desk', at: '2026-01-01T00:00:00.000Z' });
  };
  const overtaken: Cluster = {
    ...port,
    replace: async (kind, object) => {
      const isEnd = kind === 'configmaps' && decodeRecord(object).phase === 'completed';
      if (isEnd) await abort();
      return port.replace(kind, object);
    },
  };
  const { signal } = new AbortController();
  const deps = {
    cluster: overtaken,
    clock: cluster.clock,
    holder: 'alice@desk pid 1',
    signal,
    interruption: () => signal,
    emit: () => undefined,
    waiting: () => undefined,
  };
  const run = async () => {
    const start = await prepareStart(deps, spec, '', {});
    if (start.kind !== 'ready') throw new Error(`not begun: ${start.kind}`);
    return drive(deps, start, {
      onHold: 'exit',
      pollIntervalMs: 15_000,
      failFast: false,
    });
  };
  expect(await cluster.clock.runUntil(run())).toEqual({ kind: 'aborted', by: 'bob@desk' });
  const stored = await cluster.clock.runUntil(readRecord(port, NAMESPACE, spec.name));
  expect(stored?.record.phase).toBe('aborted');
});
