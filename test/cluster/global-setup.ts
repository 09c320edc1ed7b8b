import type { TestProject } from 'vitest/node';
import { GivenPlane } from './given-plane.ts';
import { gpuNodes, makeNodes } from './nodes.ts';
import { startPlane, type OwnPlane, type PlaneDescription } from './plane.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The one plane of the run; `new Plane(inject('plane'))` makes use of it. */
    plane: PlaneDescription;
  }
}

let plane: GivenPlane | OwnPlane | undefined;

/** One plane for the whole run, with nodes, unless a cluster was given. */
export const setup = async (project: TestProject): Promise<void> => {
  plane = (await GivenPlane.of(process.env)) ?? (await planeWithNodes());
  project.provide('plane', plane.description);
};

export const teardown = async (): Promise<void> => {
  await plane?.stop();
};

const planeWithNodes = async (): Promise<OwnPlane> => {
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
