import type { NodeShare } from '../../src/drive/capacity.ts';
import type { CopyFacts } from '../../src/rehearse/copy.ts';
import { perSide } from '../../src/upgrade/side.ts';
import { deployment, GREY, pool, scenario, upgrade } from '../cluster-virtual/given.ts';

export const MINUTE_MS = 60_000;
const GIB = 2 ** 30;

/** Twelve pods of main, with room for grey beside them, whose pods take as long as they like. */
export const SCENARIO = scenario({
  nodes: [pool({ count: 4 })],
  deployments: [
    deployment({ replicas: 12 }),
    deployment({ ...GREY, replicas: 0, readyAfter: { kind: 'log-normal', medianMs: 3 * MINUTE_MS, sigma: 0.4 } }),
  ],
});

/** Moves them to grey, three at a time. */
export const SPEC = upgrade({
  targets: { main: 0, grey: 12 },
  way: { mode: 'scaleOutPriority', step: { main: 3, grey: 3 }, pacing: 'window' },
});

export const share = (given: Partial<NodeShare> = {}): NodeShare => ({
  gpus: 8,
  cpuMilli: 96_000,
  memoryBytes: 1024 * GIB,
  pods: 100,
  takes: { main: true, grey: true },
  ...given,
});

const readyTimes = (...samplesMs: readonly number[]) => ({
  medianMs: samplesMs[0] ?? 0,
  longestMs: samplesMs.at(-1) ?? 0,
  pods: samplesMs.length,
  samplesMs,
});

/** What a cluster shows on which 12 pods of main run, each on 1 GPU, on 3 nodes of 8. */
export const factsOf = (given: Partial<CopyFacts> = {}, capacity: Partial<CopyFacts['capacity']> = {}): CopyFacts => ({
  counts: { main: 12, grey: 0 },
  capacity: {
    requests: perSide(() => ({ gpus: 1, cpuMilli: 1000, memoryBytes: GIB })),
    readyTimes: { main: readyTimes(2 * MINUTE_MS, 3 * MINUTE_MS), grey: undefined },
    graceMs: { main: 30_000, grey: 60_000 },
    free: perSide(() => ({ gpus: 12, cpuMilli: 276_000, memoryBytes: 3060 * GIB, pods: 12 })),
    nodes: [share(), share(), share()],
    ...capacity,
  },
  ...given,
});
