import { until } from './follow.ts';
import { isReady, type Node } from './objects.ts';
import { type OwnPlane, startPlane } from './plane.ts';
import type { RestClient } from './rest.ts';

export interface NodePool {
  readonly count: number;
  readonly gpus: number;
  readonly prefix: string;
}

/** Eighty GPUs: as many as a test needs and few enough to run out of. */
export const gpuNodes: NodePool = { count: 10, gpus: 8, prefix: 'gpu' };

/** Makes the nodes `<prefix>-0`, `<prefix>-1`, ...; resolves when the fake kubelet has made them ready. */
export const makeNodes = async (client: RestClient, { count, gpus, prefix }: NodePool): Promise<void> => {
  const names = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  const capacity = { cpu: '96', memory: '1Ti', pods: '250', 'nvidia.com/gpu': String(gpus) };
  for (const [index, name] of names.entries()) {
    // Only when a Node is made is the status in the body taken.
    await client.create('/api/v1/nodes', {
      metadata: {
        name,
        labels: {
          'kubernetes.io/hostname': name,
          'kubernetes.io/os': 'linux',
          'kubernetes.io/arch': 'amd64',
          'topology.kubernetes.io/zone': `zone-${index % 3}`,
        },
      },
      status: { capacity, allocatable: capacity },
    });
  }
  const areReady = (nodes: readonly Node[]): boolean =>
    names.every((name) => nodes.some((node) => node.metadata.name === name && isReady(node)));
  await until<Node>(client, '/api/v1/nodes', {}, areReady, { what: `${count} ready nodes` });
};

/** A plane with the nodes that tests count on. */
export const planeWithNodes = async (): Promise<OwnPlane> => {
  const own = await startPlane();
  const client = own.client();
  try {
    await makeNodes(client, gpuNodes);
    return own;
  } catch (error) {
    await own.stop();
    throw error;
  } finally {
    client.close();
  }
};
