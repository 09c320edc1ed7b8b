import { describe, expect, it } from 'vitest';
import type { ClusterNode, Pod, PodSpec } from '../../src/cluster/port.ts';
import { freeOn } from '../../src/drive/capacity.ts';
import { Pods } from '../../src/drive/pods.ts';
import { readyTimesAmong } from '../../src/drive/ready-times.ts';
import { amountOf } from '../../src/cluster/quantity.ts';
import { requestsOf } from '../../src/drive/requests.ts';
import { perSide } from '../../src/upgrade/side.ts';

const meta = (name: string) => ({ namespace: 'serving', name });

const container = (requests: Record<string, string>, rest: object = {}) => ({
  name: 'server',
  image: 'server:1',
  resources: { requests },
  ...rest,
});

const GPU = 'nvidia.com/gpu';

describe('a quantity', () => {
  it.each([
    ['8', 8],
    ['500m', 0.5],
    ['1.5', 1.5],
    ['2Ki', 2048],
    ['1Ti', 2 ** 40],
    ['1e3', 1000],
    ['2E', 2e18],
    ['2E2', 200],
    ['.5G', 5e8],
    ['100u', 1e-4],
    ['0', 0],
  ])('%s is %d', (text, amount) => {
    expect(amountOf(text)).toBeCloseTo(amount, 9);
  });

  it('is none where it is not written as one', () => {
    expect(['many', '', '1x', '1 Gi'].map(amountOf)).toEqual([undefined, undefined, undefined, undefined]);
  });
});

describe('what a pod asks for', () => {
  it('is the sum of its containers and its overhead, a limit alone being a request', () => {
    const requests = requestsOf({
      containers: [
        container({ cpu: '500m', memory: '1Gi' }),
        { name: 'model', image: 'm', resources: { limits: { [GPU]: '8', cpu: '2' }, requests: { cpu: '1' } } },
      ],
      overhead: { memory: '1Gi' },
    });
    expect(Object.fromEntries(requests)).toEqual({ cpu: 1500, memory: 2 * 2 ** 30, [GPU]: 8 });
  });

  it('is what it starts with, where that is more', () => {
    const requests = requestsOf({
      initContainers: [container({ cpu: '1' }, { restartPolicy: 'Always' }), container({ cpu: '4', memory: '1Gi' })],
      containers: [container({ cpu: '2', memory: '2Gi' })],
    });
    // The first goes on beside the others: 1 + 4 while it starts, 1 + 2 then.
    expect(Object.fromEntries(requests)).toEqual({ cpu: 5000, memory: 2 * 2 ** 30 });
  });
});

describe('what is free', () => {
  const node = (name: string, change: Partial<ClusterNode['spec'] & { ready: boolean; gpus: string }> = {}) => {
    const { ready = true, gpus = '8', ...spec } = change;
    const conditions = [{ type: 'Ready', status: ready ? 'True' : 'False' }];
    const allocatable = { cpu: '16', memory: '64Gi', pods: '10', [GPU]: gpus };
    return { metadata: { ...meta(name), labels: { name } }, spec, status: { allocatable, conditions } };
  };
  const pod = (nodeName: string, gpus: string, phase = 'Running'): Pod => ({
    metadata: meta('p'),
    spec: { nodeName, containers: [container({ [GPU]: gpus })] },
    status: { phase },
  });
  const template: PodSpec = { containers: [container({ [GPU]: '4', cpu: '1' })] };
  const freeFor = (nodes: readonly ClusterNode[], pods: readonly Pod[], spec = template) =>
    freeOn(
      nodes,
      pods,
      perSide(() => spec),
    ).grey;

  it('is what the pods of a node leave, and the whole pods that go into that', () => {
    const pods = [pod('a', '2'), pod('b', '5'), pod('c', '8', 'Succeeded'), pod('', '8')];
    expect(freeFor([node('a'), node('b'), node('c')], pods)).toEqual({
      gpus: 17,
      cpuMilli: 48_000,
      memoryBytes: 3 * 64 * 2 ** 30,
      pods: 1 + 0 + 2,
    });
  });

  it('is bounded by the number of pods that a node takes', () => {
    expect(
      freeFor(
        [node('a')],
        Array.from({ length: 9 }, () => pod('a', '0')),
      ).pods,
    ).toBe(1);
  });

  it.each([
    ['is not ready', node('a', { ready: false })],
    ['is cordoned', node('a', { unschedulable: true })],
    ['has a taint', node('a', { taints: [{ key: GPU, effect: 'NoSchedule' }] })],
  ])('leaves out a node that %s', (_, each) => {
    expect(freeFor([each], [])).toEqual({ gpus: 0, cpuMilli: 0, memoryBytes: 0, pods: 0 });
  });

  it('is in pieces that are of no use where no node is large enough for a pod', () => {
    expect(freeFor([node('a', { gpus: '2' }), node('b', { gpus: '3' })], [])).toMatchObject({ gpus: 5, pods: 0 });
  });

  it('takes in a node whose taints the pods tolerate, and only the nodes they select', () => {
    const tainted = [
      node('a', {
        taints: [
          { key: GPU, value: 'present', effect: 'NoSchedule' },
          { key: 'spot', effect: 'PreferNoSchedule' },
        ],
      }),
      node('b'),
    ];
    const tolerant = { ...template, tolerations: [{ key: GPU, operator: 'Exists' }] };
    expect(freeFor(tainted, [], tolerant).gpus).toBe(16);
    expect(freeFor(tainted, [], { ...tolerant, nodeSelector: { name: 'a' } }).gpus).toBe(8);
    const other = { ...template, tolerations: [{ key: GPU, value: 'absent' }] };
    expect(freeFor(tainted, [], other).gpus).toBe(8);
  });
});

const at = (seconds: number): string => new Date(Date.parse('2026-11-23T10:00:00Z') + seconds * 1000).toISOString();

const ready = (seconds: number, restartCount = 0, status = 'True'): Pod => ({
  metadata: { ...meta('p'), creationTimestamp: at(0) },
  status: {
    conditions: [{ type: 'Ready', status, lastTransitionTime: at(seconds) }],
    containerStatuses: [{ name: 'server', restartCount }],
  },
});

const readyTimes = (pods: readonly Pod[]) => {
  const named = pods.map((pod, i) => ({ ...pod, metadata: { ...pod.metadata, name: `p-${i}` } }));
  return readyTimesAmong([Pods.of(named).timesTakenBy(undefined)]);
};

describe('how long pods took to become ready', () => {
  it('is their median and the longest', () => {
    expect(readyTimes([ready(60), ready(120), ready(40)])).toEqual({
      medianMs: 60_000,
      longestMs: 120_000,
      pods: 3,
      samplesMs: [40_000, 60_000, 120_000],
    });
  });

  it('leaves out those that are not ready, have restarted, or took so long that they were unready in between', () => {
    expect(readyTimes([ready(1, 0, 'False'), ready(1, 1)])).toBeUndefined();
    const pods = [ready(60), ready(70), ready(5000)];
    expect(readyTimes(pods)).toMatchObject({ medianMs: 70_000, longestMs: 70_000, pods: 2 });
  });
});
