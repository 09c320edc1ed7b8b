import { describe, expect, it } from 'vitest';
import { shortageOf } from '../../src/drive/shortage.ts';

const TEMPLATE = {
  containers: [
    {
      name: 'server',
      image: 'server:1',
      resources: { requests: { cpu: '500m', memory: '2Gi' }, limits: { 'nvidia.com/gpu': '8' } },
    },
  ],
};

const PREEMPTION = 'preemption: 0/8 nodes are available: 8 Preemption is not helpful for scheduling.';

describe('what nodes lack, by the scheduler', () => {
  it.each<[string, object | undefined]>([
    [
      `0/8 nodes are available: 8 Insufficient nvidia.com/gpu. ${PREEMPTION}`,
      { resource: 'nvidia.com/gpu', needed: 8, nodes: 8, short: 8 },
    ],
    // kube-scheduler 1.36.
    [
      `0/8 nodes are available: 8 Insufficient nvidia.com/gpu. no new claims to deallocate, ${PREEMPTION}`,
      { resource: 'nvidia.com/gpu', needed: 8, nodes: 8, short: 8 },
    ],
    [
      '0/8 nodes are available: 3 Insufficient nvidia.com/gpu, 5 node(s) had untolerated taint {spot: }.',
      { resource: 'nvidia.com/gpu', needed: 8, nodes: 8, short: 3 },
    ],
    // GPUs are what is scarce, also where fewer nodes are short of them.
    [
      '0/8 nodes are available: 2 Insufficient nvidia.com/gpu, 8 Insufficient cpu, 8 Insufficient memory.',
      { resource: 'nvidia.com/gpu', needed: 8, nodes: 8, short: 2 },
    ],
    ['0/3 nodes are available: 3 Insufficient cpu.', { resource: 'cpu', needed: 0.5, nodes: 3, short: 3 }],
    ['0/3 nodes are available: 3 Insufficient memory.', { resource: 'memory', needed: 2 ** 31, nodes: 3, short: 3 }],
    ['0/3 nodes are available: 3 Insufficient example.com/fpga.', { resource: 'example.com/fpga', nodes: 3, short: 3 }],
    ["0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.", undefined],
    ['no nodes available to schedule pods', undefined],
  ])('%s', (message, shortage) => {
    expect(shortageOf(message, TEMPLATE)).toEqual(shortage && { kind: 'shortage', ...shortage });
  });
});
