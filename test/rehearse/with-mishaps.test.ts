import { describe, expect, it } from 'vitest';
import { withMishaps } from '../../src/rehearse/with-mishaps.ts';
import { parseMishap } from '../../src/spec/mishap.ts';
import { deployment, GREY, MAIN, pool, scenario, upgrade } from '../cluster-virtual/given.ts';
import { MINUTE_MS } from './given.ts';

const SPEC = upgrade({ targets: { main: 0, grey: 40 } });
const SCENARIO = scenario({
  nodes: [pool({ name: 'gpu', count: 3 }), pool({ name: 'cpu', count: 2 })],
  deployments: [deployment({ replicas: 40 }), deployment({ ...GREY, replicas: 10 })],
});

const failing = (seed: number, ...what: readonly string[]) =>
  withMishaps({ ...SCENARIO, seed }, what.map(parseMishap), SPEC);

describe('mishaps', () => {
  it('break nodes of any pool by lot, another lot for every seed, the same lot for the same seed', () => {
    const nodesOf = (seed: number): readonly string[] =>
      failing(seed, 'node:2@10m').happenings.map(({ action }) => ('node' in action ? action.node : ''));
    const lots = Array.from({ length: 100 }, (_, seed) => nodesOf(seed));
    for (const lot of lots) expect(new Set(lot).size).toBe(2);
    expect([...new Set(lots.flat())].toSorted()).toEqual(['cpu-0', 'cpu-1', 'gpu-0', 'gpu-1', 'gpu-2']);
    expect(nodesOf(7)).toEqual(nodesOf(7));
  });

  it('break the node that is named, and mend it after its time', () => {
    expect(failing(1, 'lost-node:gpu-1@10m+5m').happenings).toEqual([
      { atMs: 10 * MINUTE_MS, action: { kind: 'lose-node', node: 'gpu-1' } },
      { atMs: 15 * MINUTE_MS, action: { kind: 'mend-node', node: 'gpu-1' } },
    ]);
  });

  it('are of the pods that the upgrade makes, and leave those that run', () => {
    const [main, grey] = failing(3, 'crash:2').deployments;
    expect(main?.failures).toEqual([]);
    const [failure] = grey?.failures ?? [];
    expect(failure?.kind).toBe('crash-loop');
    expect(failure?.pods).toHaveLength(2);
    // Ten pods are there at the beginning, thirty are made.
    for (const pod of failure?.pods ?? []) expect(pod > 10 && pod <= 40).toBe(true);
    expect(failing(3, 'unready:10%@5m').deployments[1]?.failures).toEqual([
      { kind: 'turn-unready', share: 0.1, afterMs: 5 * MINUTE_MS },
    ]);
  });

  it('delete pods of the side that is added to, and set quotas', () => {
    expect(failing(1, 'delete:3@1m', 'quota:45@2m').happenings).toEqual([
      { atMs: MINUTE_MS, action: { kind: 'delete-pods', deployment: GREY, pods: 3 } },
      { atMs: 2 * MINUTE_MS, action: { kind: 'set-quota', quota: { namespace: MAIN.namespace, pods: 45 } } },
    ]);
  });

  it('go before those of the scenario', () => {
    const own = { kind: 'never-ready' } as const;
    const troubled = { ...SCENARIO, deployments: SCENARIO.deployments.map((each) => ({ ...each, failures: [own] })) };
    const [, grey] = withMishaps(troubled, [parseMishap('image:5%')], SPEC).deployments;
    expect(grey?.failures).toEqual([{ kind: 'image-pull', share: 0.05 }, own]);
  });

  it.each([
    ['node:6@1m', 'node:6@1m: there are only 5 nodes'],
    ['node:gpu-3@1m', 'node:gpu-3@1m: there is no node gpu-3; there are gpu-0, gpu-1, gpu-2, cpu-0, cpu-1'],
  ])('%s cannot be', (what, message) => {
    expect(() => failing(1, what)).toThrow(message);
  });
});
