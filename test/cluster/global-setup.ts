import type { TestProject } from 'vitest/node';
import { GivenPlane } from './given-plane.ts';
import { planeWithNodes } from './nodes.ts';
import type { OwnPlane, PlaneDescription } from './plane.ts';

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
