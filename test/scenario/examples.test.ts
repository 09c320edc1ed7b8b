import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { VirtualCluster } from '../../src/cluster/virtual/virtual-cluster.ts';
import { parseScenario } from '../../src/scenario/parse.ts';
import { driveTo, upgrade } from '../cluster-virtual/given.ts';

const folder = new URL('../../examples/scenarios/', import.meta.url);
const files = readdirSync(folder);
const parse = (file: string) => parseScenario({ file, text: readFileSync(new URL(file, folder), 'utf8') });

/** What an upgrade of the two Deployments of an example comes to. */
const outcomeOf = async (file: string) => {
  const scenario = parse(file);
  const [main, grey] = scenario.deployments;
  if (main === undefined || grey === undefined) throw new Error(`${file} has no two Deployments`);
  const spec = upgrade({
    deployments: { main, grey },
    targets: { main: 0, grey: main.replicas },
    way: { mode: 'scaleInPriority', step: { main: 4, grey: 4 }, pacing: 'batch' },
  });
  return (await driveTo(new VirtualCluster(scenario), spec)).outcome;
};

describe('the examples', () => {
  it.each(files)('hold a scenario that runs in %s', async (file) => {
    const { clock } = new VirtualCluster(parse(file));
    await clock.advance(3_600_000);
    expect(clock.monotonic()).toBe(3_600_000);
  });

  it('show what they say', async () => {
    expect(await outcomeOf('gpu-model-server.yaml')).toMatchObject({ kind: 'stuck', reason: 'not-ready' });
    expect(await outcomeOf('scarce-gpus.yaml')).toEqual({ kind: 'reached' });
    expect(await outcomeOf('everything-goes-wrong.yaml')).toMatchObject({ kind: 'stuck' });
  });
});
