import type { DeploymentSetup, Room, Scenario } from '../cluster/virtual/scenario.ts';

const NAMESPACE = 'serving';
const MINUTE_MS = 60_000;
const GIB = 1024 ** 3;

const room = (cores: number, gib: number, gpus: number): Room => ({
  cpuMilli: cores * 1000,
  memoryBytes: gib * GIB,
  gpus,
});

const server = (name: string, replicas: number, requests: Room): DeploymentSetup => ({
  namespace: NAMESPACE,
  name,
  replicas,
  image: `registry.example/${name}:1`,
  requests,
  readyAfter: { kind: 'range', fromMs: 2 * MINUTE_MS, toMs: 3 * MINUTE_MS },
  termination: { kind: 'range', fromMs: 20_000, toMs: 40_000 },
  gracePeriodSeconds: 60,
  failures: [],
});

/**
 * A model server with twelve GPUs, which fill the three nodes of pool `gpu-a`, and its next version with nothing yet. There
 * are GPUs for some pods more on the two nodes of `gpu-b`. One of them is broken: it says that it is well, but no pod on
 * it becomes ready. Pods go there only after the other one has little room left, since `embeddings` runs there.
 */
export const BUILT_IN: Scenario = {
  name: 'twelve GPUs, one broken node',
  seed: 1,
  nodes: [
    { name: 'gpu-a', count: 3, pods: 110, ...room(128, 1024, 4) },
    { name: 'gpu-b', count: 2, pods: 110, ...room(32, 192, 4) },
  ],
  deployments: [
    server('llama-v1', 12, room(28, 240, 1)),
    server('llama-v2', 0, room(4, 40, 1)),
    server('embeddings', 1, room(20, 60, 0)),
  ],
  quotas: [],
  happenings: [{ atMs: 0, action: { kind: 'break-node', node: 'gpu-b-0' } }],
};
