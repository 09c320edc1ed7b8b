// npm run cluster:up: a cluster that stays, for a person. Prints one line for a shell's eval; all else goes to stderr.
import { endAt, keptPlane, remember, type KeptPlane } from './kept-plane.ts';
import { gpuNodes, makeNodes } from './nodes.ts';
import { startPlane, type OwnPlane } from './plane.ts';

const up = async (): Promise<KeptPlane> => (await keptPlane()) ?? (await keep(await startPlane()));

const keep = async (plane: OwnPlane): Promise<KeptPlane> => {
  const client = plane.client();
  await makeNodes(client, gpuNodes);
  client.close();
  const kept = { description: plane.description, socket: await plane.keep() };
  if (remember(kept)) return kept;
  // Another `up` at the same time was quicker; its plane is the one.
  await endAt(kept.socket);
  return await up();
};

const shellQuoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const { description } = await up();
process.stderr.write(
  `A cluster of ${gpuNodes.count} simulated nodes with ${gpuNodes.gpus} GPUs each runs at ${description.server}, ` +
    `its files are in ${description.dir}.\n` +
    'Annotations on pod templates make pods slow, broken or slow to end: see test/cluster/kwok.yaml.\n' +
    'npm run cluster:down ends it.\n',
);
process.stdout.write(`export KUBECONFIG=${shellQuoted(description.kubeconfigs.admin)}\n`);
