import { Pods } from '../../src/drive/pods.ts';
import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/cluster/port.ts';
import { foreignWrite, isOurWrite, scaledSince } from '../../src/drive/intrusion.ts';
import type { SideObjects } from '../../src/drive/observe.ts';

const deployment = (replicas: number, manager?: string): Deployment => ({
  metadata: {
    namespace: 'serving',
    name: 'llama',
    managedFields: [
      { manager: 'kubectl', fieldsV1: { 'f:spec': { 'f:template': {} } } },
      ...(manager === undefined
        ? []
        : [{ manager, subresource: 'scale', fieldsV1: { 'f:spec': { 'f:replicas': {} } } }]),
    ],
  },
  spec: { replicas, selector: {}, template: {} },
});

const side = (replicas: number, manager?: string): SideObjects => ({
  deployment: deployment(replicas, manager),
  replicaSets: [],
  pods: Pods.of([]),
});

describe('a count that the driver did not leave', () => {
  it('is nothing where both sides are as it left them', () => {
    expect(foreignWrite({ main: 3, grey: 2 }, { main: side(3, 'hpa'), grey: side(2) })).toBeUndefined();
  });

  it('is somebody’s, by name; or nobody’s where Kubernetes kept none', () => {
    expect(foreignWrite({ main: 3, grey: 2 }, { main: side(3), grey: side(5, 'kubectl') })).toEqual({
      kind: 'foreign-write',
      side: 'grey',
      expected: 2,
      found: 5,
      manager: 'kubectl',
    });
    expect(foreignWrite({ main: 3, grey: 2 }, { main: side(0), grey: side(2) })).toMatchObject({
      side: 'main',
      manager: 'unknown',
    });
  });

  it('is another driver’s where dupgrade wrote it', () => {
    expect(foreignWrite({ main: 3, grey: 2 }, { main: side(3), grey: side(3, 'dupgrade') })).toEqual({
      kind: 'other-driver',
      side: 'grey',
    });
  });
});

describe('a count that changed while no driver ran', () => {
  it.each([
    ['dupgrade', 2, []],
    [undefined, 0, []],
    ['kubectl', 2, [{ side: 'main', from: 3, to: 2, manager: 'kubectl' }]],
    [undefined, 2, [{ side: 'main', from: 3, to: 2, manager: 'somebody' }]],
  ] as const)('by %s, to %i', (manager, to, expected) => {
    expect(scaledSince({ main: 3, grey: 0 }, { main: side(to, manager), grey: side(0) })).toEqual(expected);
  });
});

describe('a write whose answer was lost', () => {
  it.each([
    ['dupgrade', 3, true],
    [undefined, 3, true],
    [undefined, 0, true],
    ['kubectl', 3, false],
  ] as const)('is ours where the count of %s is the one that was tried, %i', (manager, replicas, ours) => {
    expect(isOurWrite(deployment(replicas, manager), replicas)).toBe(ours);
    expect(isOurWrite(deployment(replicas + 1, manager), replicas)).toBe(false);
  });
});
