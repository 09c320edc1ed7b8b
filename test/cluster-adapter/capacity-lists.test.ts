import { expect, it } from 'vitest';
import { connectTo, list, object } from './fixtures.ts';
import { startServer } from './server.ts';

const spec = {
  nodeName: 'gpu-0',
  serviceAccountName: 'default',
  containers: [
    {
      name: 'server',
      image: 'server:1',
      env: [{ name: 'TOKEN', value: 'secret' }],
      resources: { limits: { 'nvidia.com/gpu': '8' }, requests: { cpu: '2' } },
    },
  ],
  initContainers: [{ name: 'proxy', image: 'proxy:1', restartPolicy: 'Always', volumeMounts: [] }],
};

it('a list of pods has the node of each, and its requests where it is asked for them, and nothing else of what they are made of', async () => {
  const server = await startServer(() => ({ json: list(9, [object('p', 1, { spec })]) }));
  const { cluster } = connectTo(server);
  expect(await cluster.list('pods', { requests: true })).toEqual([
    object('p', 1, {
      spec: {
        nodeName: 'gpu-0',
        containers: [
          {
            name: 'server',
            image: 'server:1',
            resources: { limits: { 'nvidia.com/gpu': '8' }, requests: { cpu: '2' } },
          },
        ],
        initContainers: [{ name: 'proxy', image: 'proxy:1', restartPolicy: 'Always' }],
      },
    }),
  ]);
  expect(await cluster.list('pods', {})).toEqual([object('p', 1, { spec: { nodeName: 'gpu-0' } })]);
});

it('nodes are of no namespace, and listed with what they offer', async () => {
  const node = {
    spec: { unschedulable: true, taints: [{ key: 'spot', effect: 'NoSchedule' }], podCIDR: '10.0.0.0/24' },
    status: { allocatable: { cpu: '96' }, conditions: [{ type: 'Ready', status: 'True' }], images: [{ names: ['a'] }] },
  };
  const server = await startServer(() => ({ json: list(9, [object('gpu-0', 1, node)]) }));
  const { cluster } = connectTo(server);
  const [found] = await cluster.list('nodes', { namespace: 'serving' });
  expect(found).toMatchObject({ spec: { unschedulable: true }, status: { allocatable: { cpu: '96' } } });
  expect(JSON.stringify(found)).not.toMatch(/images|podCIDR/);
  expect(server.seen.entries.map(({ path }) => path)).toEqual(['/api/v1/nodes']);
});
